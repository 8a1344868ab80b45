import assert from "node:assert/strict";
import * as aws from "@pulumi/aws";
import { CLUSTER_AUTOSCALER_IDENTITY, clusterAutoscalerPolicy } from "../../../components/foundation/addon-identities";
import { ClusterAutoscaler, type ClusterAutoscalerArgs } from "../../../components/foundation/cluster-autoscaler";
import { CLUSTER_AUTOSCALER_IMAGES } from "../../../components/foundation/cluster-autoscaler-values";
import { after as behind, ready } from "../../../components/internal/gates";
import { KUBERNETES_MINORS } from "../../../components/internal/kubernetes-versions";
import { failureOf, graphOf, secretPaths } from "../../support/graph";
import { explicitProviders } from "../../support/providers";

const MINIMAL: ClusterAutoscalerArgs = { clusterName: "main-1", region: "us-east-1", kubernetesVersion: "1.35" };
const RELEASE = "kubernetes:helm.sh/v3:Release";
const autoscaler = (args: Partial<ClusterAutoscalerArgs> = {}) =>
  graphOf(() => new ClusterAutoscaler("autoscaler", { ...MINIMAL, ...args }, explicitProviders()));

/** The parts of the values that the tests look at. */
interface Values {
  autoDiscovery: { clusterName: string };
  image: { repository: string; tag: string };
  rbac: { serviceAccount: { name: string; annotations: Record<string, string> } };
  extraArgs: Record<string, unknown>;
  [key: string]: unknown;
}
const values = async (args: Partial<ClusterAutoscalerArgs> = {}) =>
  (await autoscaler(args)).one(RELEASE).inputs.values as unknown as Values;

describe("ClusterAutoscaler", () => {
  it("is one release with fixed name, namespace and version", async () => {
    const { inputs } = (await autoscaler()).one(RELEASE);
    assert.equal(inputs.name, "cluster-autoscaler");
    assert.equal(inputs.namespace, "kube-system");
    assert.equal(inputs.chart, "cluster-autoscaler");
    assert.equal(inputs.version, "9.59.0");
    assert.equal(inputs.timeout, 600);
    assert.equal(inputs.waitForJobs, true);
    assert.equal(inputs.cleanupOnFail, true);
  });

  it("is restricted, critical, doubled and independent of cluster DNS by default", async () => {
    const found = await values();
    assert.equal(found.replicaCount, 2);
    assert.equal(found.priorityClassName, "system-cluster-critical");
    assert.equal(found.dnsPolicy, "Default");
    assert.deepEqual(found.podDisruptionBudget, { maxUnavailable: 1 });
    assert.deepEqual(found.resources, {
      requests: { cpu: "100m", memory: "512Mi" },
      limits: { cpu: "1", memory: "1Gi" },
    });
    assert.equal((found.securityContext as { runAsNonRoot: boolean }).runAsNonRoot, true);
    assert.equal((found.containerSecurityContext as { readOnlyRootFilesystem: boolean }).readOnlyRootFilesystem, true);
    assert.equal(found.extraArgs["balance-similar-node-groups"], true);
  });

  it("takes everything that the caller states", async () => {
    const placement = {
      nodeSelector: { "workload-type": "system" },
      tolerations: [{ key: "workload-type", operator: "Exists" }],
    };
    const resources = { requests: { cpu: "50m" }, limits: { cpu: "100m" } };
    const graph = await autoscaler({
      clusterName: "other-2",
      region: "eu-west-1",
      kubernetesVersion: "1.36",
      replicas: 1,
      resources,
      placement,
      serviceAccountAnnotations: { "eks.amazonaws.com/role-arn": "arn" },
      mirrors: { images: "mirror.example/x", charts: "./charts" },
    });
    const { inputs } = graph.one(RELEASE);
    assert.equal(inputs.chart, "./charts/cluster-autoscaler-9.59.0.tgz");
    const found = inputs.values as unknown as Values;
    assert.equal(found.autoDiscovery.clusterName, "other-2");
    assert.equal(found.awsRegion, "eu-west-1");
    assert.deepEqual(found.image, {
      repository: "mirror.example/x/registry.k8s.io/autoscaling/cluster-autoscaler",
      tag: "v1.36.1",
    });
    assert.equal(found.replicaCount, 1);
    assert.deepEqual(found.resources, resources);
    assert.deepEqual(found.nodeSelector, placement.nodeSelector);
    assert.deepEqual(found.tolerations, placement.tolerations);
    assert.deepEqual(found.rbac.serviceAccount.annotations, { "eks.amazonaws.com/role-arn": "arn" });
  });

  for (const minor of KUBERNETES_MINORS) {
    it(`runs an image of minor ${minor} on ${minor}`, () => {
      assert.ok(CLUSTER_AUTOSCALER_IMAGES[minor].tag.startsWith(`v${minor}.`));
    });
  }

  it("uses the ServiceAccount that its identity is made for", async () => {
    const found = await values();
    assert.equal(found.rbac.serviceAccount.name, CLUSTER_AUTOSCALER_IDENTITY.serviceAccount);
  });

  it("changes groups of its own cluster only", () => {
    const policy = JSON.parse(
      clusterAutoscalerPolicy("main-1", "arn:aws-cn:eks:cn-north-1:111111111111:cluster/main-1"),
    );
    for (const { Action, Condition, Resource } of policy.Statement) {
      const actions = [Action].flat() as string[];
      assert.ok(actions.every((action) => !action.includes("*")));
      if (actions.some((action) => /:(Set|Terminate)/.test(action))) {
        assert.deepEqual(Condition, {
          StringEquals: { "autoscaling:ResourceTag/kubernetes.io/cluster/main-1": "owned" },
        });
      }
      if (actions.includes("eks:DescribeNodegroup")) {
        assert.equal(Resource, "arn:aws-cn:eks:cn-north-1:111111111111:nodegroup/main-1/*");
      }
    }
  });

  it("waits for its identity, and others wait for it", async () => {
    const graph = await graphOf(() => {
      const options = explicitProviders();
      const identity = new aws.sqs.Queue("identity", {});
      const made = new ClusterAutoscaler("autoscaler", { ...MINIMAL, identityReady: ready([identity]) }, options);
      new aws.sqs.Queue("consumer", {}, { dependsOn: behind(made.ready) });
    });
    const release = graph.one(RELEASE);
    assert.ok(graph.waitsFor(release, graph.one("aws:sqs/queue:Queue", "identity")));
    assert.ok(graph.waitsFor(graph.one("aws:sqs/queue:Queue", "consumer"), release));
  });

  it("refuses bad arguments, all at once", async () => {
    const failure = await failureOf(
      () =>
        new ClusterAutoscaler(
          "autoscaler",
          { ...MINIMAL, kubernetesVersion: "1.33", replicas: 0 },
          explicitProviders(),
        ),
    );
    assert.equal(
      failure,
      [
        'ClusterAutoscaler "autoscaler" cannot be built from these arguments:',
        "  kubernetesVersion: must be one of 1.34, 1.35, 1.36 (got 1.33). Take a minor that add-ons, charts and images are pinned for.",
        "  replicas: must be a whole number, 1 or more (got 0). Correct it; 2 is the default.",
      ].join("\n"),
    );
  });

  it("registers twice in one stack, with an explicit provider, before anything is known, and without secrets", async () => {
    const graph = await graphOf(
      () => {
        const options = explicitProviders();
        new ClusterAutoscaler("one", MINIMAL, options);
        new ClusterAutoscaler("two", MINIMAL, options);
      },
      { outputs: "unknown" },
    );
    for (const name of ["one-release", "two-release"]) {
      const release = graph.one(RELEASE, name);
      assert.notEqual(release.provider, "");
      assert.deepEqual(secretPaths(release), []);
    }
  });
});
