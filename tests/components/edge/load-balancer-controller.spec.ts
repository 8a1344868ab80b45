import assert from "node:assert/strict";
import * as aws from "@pulumi/aws";
import {
  LoadBalancerController,
  type LoadBalancerControllerArgs,
} from "../../../components/edge/load-balancer-controller";
import { loadBalancerControllerStatements } from "../../../components/edge/load-balancer-controller-policy";
import { after as behind, ready } from "../../../components/internal/gates";
import { shortHash } from "../../../components/internal/stable-json";
import { failureOf, type Graph, graphOf, unknownPaths } from "../../support/graph";
import { explicitProviders } from "../../support/providers";

const MINIMAL: LoadBalancerControllerArgs = { clusterName: "main-1", region: "us-east-1", vpcId: "vpc-1" };
const RELEASE = "kubernetes:helm.sh/v3:Release";
const QUEUE = "aws:sqs/queue:Queue";
const controller = (args: Partial<LoadBalancerControllerArgs> = {}) =>
  graphOf(() => new LoadBalancerController("lbc", { ...MINIMAL, ...args }, explicitProviders()));
const valuesOf = (graph: Graph) => graph.one(RELEASE).inputs.values as Record<string, Record<string, unknown>>;

describe("LoadBalancerController", () => {
  it("installs one release at an exact version under its fixed name", async () => {
    const { inputs } = (await controller()).one(RELEASE, "lbc-release");
    assert.equal(inputs.chart, "aws-load-balancer-controller");
    assert.equal(inputs.version, "3.5.0");
    assert.deepEqual(inputs.repositoryOpts, { repo: "https://aws.github.io/eks-charts" });
    assert.equal(inputs.name, "aws-load-balancer-controller");
    assert.equal(inputs.namespace, "kube-system");
    assert.deepEqual([inputs.waitForJobs, inputs.cleanupOnFail, inputs.timeout], [true, true, 600]);
  });

  it("stands in nobody's way: no webhook for Services, none for Ingresses, no class, one authority for good", async () => {
    const values = valuesOf(await controller());
    assert.equal(values.enableServiceMutatorWebhook, false);
    assert.deepEqual(values.webhookConfig, { disableIngressValidation: true });
    assert.equal(values.keepTLSSecret, true);
    assert.equal(values.createIngressClassResource, false);
    assert.deepEqual(values.ingressClassParams, { create: false });
    assert.equal(values.replicaCount, 2);
    assert.deepEqual(values.podDisruptionBudget, { maxUnavailable: 1 });
    assert.equal(values.securityContext?.readOnlyRootFilesystem, true);
    assert.equal(values.podSecurityContext?.runAsNonRoot, true);
    assert.deepEqual(values.serviceMonitor, { enabled: false });
  });

  it("takes everything that the caller states", async () => {
    const graph = await controller({
      albIngressClass: true,
      replicas: 1,
      resources: { requests: { cpu: "1" }, limits: { cpu: "2" } },
      placement: { nodeSelector: { pool: "system" }, tolerations: [{ key: "a", operator: "Exists" }] },
      serviceAccountAnnotations: { "eks.amazonaws.com/role-arn": "arn" },
      serviceMonitors: true,
      mirrors: { charts: "./charts", images: "mirror.example.internal/hub" },
    });
    const values = valuesOf(graph);
    assert.equal(graph.one(RELEASE).inputs.chart, "./charts/aws-load-balancer-controller-3.5.0.tgz");
    assert.deepEqual(values.image, {
      repository: "mirror.example.internal/hub/public.ecr.aws/eks/aws-load-balancer-controller",
      tag: "v3.5.0",
    });
    assert.equal(values.createIngressClassResource, true);
    assert.deepEqual(values.ingressClassParams, { create: true });
    assert.deepEqual(values.webhookConfig, { disableIngressValidation: false });
    assert.deepEqual([values.replicaCount, values.podDisruptionBudget], [1, {}]);
    assert.deepEqual(values.resources, { requests: { cpu: "1" }, limits: { cpu: "2" } });
    assert.deepEqual(values.nodeSelector, { pool: "system" });
    assert.deepEqual(values.tolerations, [{ key: "a", operator: "Exists" }]);
    assert.deepEqual(values.serviceAccount?.annotations, { "eks.amazonaws.com/role-arn": "arn" });
    assert.deepEqual(values.serviceMonitor, { enabled: true });
    assert.deepEqual([values.clusterName, values.region, values.vpcId], ["main-1", "us-east-1", "vpc-1"]);
  });

  it("refuses a number of pods that cannot be", async () => {
    assert.equal(
      await failureOf(() => new LoadBalancerController("lbc", { ...MINIMAL, replicas: 0 }, explicitProviders())),
      'LoadBalancerController "lbc" cannot be built from these arguments:\n' +
        "  replicas: must be a whole number of at least 1 (got 0). Set 2 so that one pod can be replaced while the other works.",
    );
  });

  it("waits for its identity and for monitors, and offers its own gate", async () => {
    const graph = await graphOf(() => {
      const opts = explicitProviders();
      const identity = new aws.sqs.Queue("identity");
      const monitors = new aws.sqs.Queue("monitors");
      const made = new LoadBalancerController(
        "lbc",
        { ...MINIMAL, identityReady: ready([identity]), monitorCrdsReady: ready([monitors]) },
        opts,
      );
      new aws.sqs.Queue("consumer", {}, { dependsOn: behind(made.ready) });
    });
    const release = graph.one(RELEASE);
    assert.ok(graph.waitsFor(release, graph.one(QUEUE, "identity")));
    assert.ok(graph.waitsFor(release, graph.one(QUEUE, "monitors")));
    assert.ok(graph.waitsFor(graph.one(QUEUE, "consumer"), release));
    assert.match(release.provider, /::kubernetes::/);
  });

  it("plans with everything unknown, twice in one stack, and without secrets", async () => {
    const graph = await graphOf(
      () => {
        const opts = explicitProviders();
        const vpc = new aws.ec2.Vpc("vpc", { cidrBlock: "10.0.0.0/16" });
        new LoadBalancerController("one", { ...MINIMAL, vpcId: vpc.id }, opts);
        new LoadBalancerController("two", { ...MINIMAL, vpcId: vpc.id }, opts);
      },
      { outputs: "unknown" },
    );
    assert.deepEqual(unknownPaths(graph.one(RELEASE, "one-release")), ["values.vpcId"]);
    assert.equal(graph.ofType(RELEASE).length, 2);
  });
});

describe("loadBalancerControllerStatements", () => {
  it("is the policy that the project publishes for v3.5.0", () => {
    const published = "7dc165cf8144524454b5dc100ea4bdc1ca854be566887b3962f205f96ed5b751";
    assert.equal(shortHash(loadBalancerControllerStatements(), 64), published);
    assert.equal(loadBalancerControllerStatements().length, 16);
  });

  it("speaks of the partition it is given", () => {
    const text = JSON.stringify(loadBalancerControllerStatements("aws-us-gov"));
    assert.equal(text.includes("arn:aws:"), false);
    assert.equal(text.split("arn:aws-us-gov:").length - 1, 13);
  });

  it("fits into one managed policy of 6144 characters", () => {
    assert.ok(JSON.stringify(loadBalancerControllerStatements("aws-us-gov")).length < 6144);
  });
});
