import assert from "node:assert/strict";
import * as random from "@pulumi/random";
import { parse } from "yaml";
import { KUBERNETES_MINORS } from "../../../components/internal/kubernetes-versions";
import { GpuScheduler, type GpuSchedulerArgs } from "../../../components/llm/gpu-scheduler";
import { GPU_SCHEDULER_NAME, gpuSchedulerConfiguration } from "../../../components/llm/gpu-scheduler-configuration";
import { GPU_SCHEDULER_IMAGES } from "../../../components/llm/gpu-scheduler-objects";
import { restrictedViolations } from "../../../rehearsal/checks/pod-security";
import { failureOf, type Graph, graphOf, unknownPaths } from "../../support/graph";
import { explicitProviders } from "../../support/providers";

const DEPLOYMENT = "kubernetes:apps/v1:Deployment";
const BUDGET = "kubernetes:policy/v1:PodDisruptionBudget";
const CONFIG_MAP = "kubernetes:core/v1:ConfigMap";
const RBAC = "kubernetes:rbac.authorization.k8s.io/v1";
const scheduler = (args: Partial<GpuSchedulerArgs> = {}) =>
  graphOf(() => new GpuScheduler("gpu", { kubernetesVersion: "1.35", ...args }, explicitProviders()));

interface Bound {
  readonly metadata: { readonly name: string; readonly namespace?: string };
  readonly roleRef: { readonly kind: string; readonly name: string };
  readonly subjects: readonly object[];
}

function podOf(graph: Graph) {
  const { spec } = graph.one(DEPLOYMENT).inputs as { spec: { replicas: number; template: { spec: PodSpec } } };
  return { replicas: spec.replicas, pod: spec.template.spec };
}

type PodSpec = Record<string, unknown> & { readonly containers: readonly Record<string, unknown>[] };

describe("GpuScheduler", () => {
  it("has the weights of the seed under the API of today, and outweighs what speaks for spreading (L09, 3.10)", () => {
    assert.deepEqual(parse(gpuSchedulerConfiguration()), {
      apiVersion: "kubescheduler.config.k8s.io/v1",
      kind: "KubeSchedulerConfiguration",
      leaderElection: {
        leaderElect: true,
        resourceLock: "leases",
        resourceNamespace: "kube-system",
        resourceName: "gpu-scheduler",
      },
      profiles: [
        {
          schedulerName: "gpu-scheduler",
          plugins: {
            score: {
              enabled: [
                { name: "NodeResourcesFit", weight: 10 },
                { name: "PodTopologySpread", weight: 2 },
              ],
              disabled: [{ name: "NodeResourcesBalancedAllocation" }],
            },
          },
          pluginConfig: [
            {
              name: "NodeResourcesFit",
              args: {
                scoringStrategy: {
                  type: "MostAllocated",
                  resources: [
                    { name: "nvidia.com/gpu", weight: 100 },
                    { name: "cpu", weight: 10 },
                    { name: "memory", weight: 10 },
                  ],
                },
              },
            },
          ],
        },
      ],
    });
  });

  it("is bound to the roles that the API server keeps for schedulers, and may use one lease", async () => {
    const graph = await scheduler();
    const bindings = [...graph.ofType(`${RBAC}:ClusterRoleBinding`), ...graph.ofType(`${RBAC}:RoleBinding`)].map(
      ({ inputs }) => inputs as unknown as Bound,
    );
    assert.deepEqual(
      bindings.map(({ metadata, roleRef }) => [metadata.namespace, roleRef.kind, roleRef.name]),
      [
        [undefined, "ClusterRole", "system:kube-scheduler"],
        [undefined, "ClusterRole", "system:volume-scheduler"],
        ["kube-system", "Role", "extension-apiserver-authentication-reader"],
        ["kube-system", "Role", "gpu-scheduler-lease"],
      ],
    );
    for (const { subjects } of bindings) {
      assert.deepEqual(subjects, [{ kind: "ServiceAccount", name: "gpu-scheduler", namespace: "kube-system" }]);
    }
    const leases = { apiGroups: ["coordination.k8s.io"], resources: ["leases"] };
    assert.deepEqual(graph.one(`${RBAC}:Role`).inputs.rules, [
      { ...leases, verbs: ["create"] },
      { ...leases, resourceNames: ["gpu-scheduler"], verbs: ["get", "update"] },
    ]);
  });

  it("runs twice, hardened, probed over HTTPS, with its configuration mounted by a name that follows the content", async () => {
    const graph = await scheduler();
    const { replicas, pod } = podOf(graph);
    assert.equal(replicas, 2);
    assert.deepEqual(restrictedViolations(pod), []);
    assert.equal(pod.priorityClassName, "system-cluster-critical");
    const [container = {}] = pod.containers;
    assert.deepEqual(container.command, [
      "kube-scheduler",
      "--config=/etc/kubernetes/gpu-scheduler/config.yaml",
      "--v=2",
    ]);
    assert.deepEqual((container.securityContext as Record<string, unknown>).readOnlyRootFilesystem, true);
    for (const [probe, path] of [
      ["startupProbe", "/readyz"],
      ["readinessProbe", "/readyz"],
      ["livenessProbe", "/livez"],
    ] as const) {
      assert.deepEqual((container[probe] as { httpGet: object }).httpGet, { path, port: 10259, scheme: "HTTPS" });
    }
    const { metadata, immutable } = graph.one(CONFIG_MAP).inputs as { metadata: { name: string }; immutable: boolean };
    assert.match(metadata.name, /^gpu-scheduler-[0-9a-f]{8}$/);
    assert.equal(immutable, true);
    assert.deepEqual(pod.volumes, [{ name: "configuration", configMap: { name: metadata.name } }]);
    assert.deepEqual(graph.one(BUDGET).inputs.spec, {
      maxUnavailable: 1,
      selector: {
        matchLabels: { "app.kubernetes.io/name": "gpu-scheduler", "app.kubernetes.io/component": "scheduler" },
      },
    });
  });

  it("has the minor of the cluster, never a newer one", async () => {
    for (const minor of KUBERNETES_MINORS) {
      const [container = {}] = podOf(await scheduler({ kubernetesVersion: minor })).pod.containers;
      assert.match(String(container.image), new RegExp(`^registry\\.k8s\\.io/kube-scheduler:v${minor}\\.\\d+$`));
    }
    assert.deepEqual(Object.keys(GPU_SCHEDULER_IMAGES), KUBERNETES_MINORS);
  });

  it("takes everything that can be set", async () => {
    const resources = { requests: { cpu: "1" }, limits: { memory: "1Gi" } };
    const tolerations = [{ key: "pool", operator: "Exists" }];
    const graph = await scheduler({
      replicas: 1,
      resources,
      placement: { nodeSelector: { pool: "system" }, tolerations },
      mirrors: { images: "mirror.example.com/pull" },
    });
    const { replicas, pod } = podOf(graph);
    assert.deepEqual([replicas, pod.nodeSelector, pod.tolerations], [1, { pool: "system" }, tolerations]);
    assert.deepEqual(pod.containers[0]?.resources, resources);
    assert.match(String(pod.containers[0]?.image), /^mirror\.example\.com\/pull\/registry\.k8s\.io\/kube-scheduler:v/);
    assert.equal(graph.ofType(BUDGET).length, 0, "a budget over one pod blocks every drain");
    const image = "public.ecr.aws/eks-distro/kubernetes/kube-scheduler:v1.34.8-eks-1-34-19";
    assert.equal(podOf(await scheduler({ image })).pod.containers[0]?.image, image);
  });

  const refused: [string, Partial<GpuSchedulerArgs>, string][] = [
    [
      "an unknown minor",
      { kubernetesVersion: "1.37" },
      "kubernetesVersion: must be one of 1.34, 1.35, 1.36 (got 1.37). Take a minor that add-ons, charts and images are pinned for.",
    ],
    ["no pods", { replicas: 0 }, "replicas: must be a whole number of at least 1 (got 0). Use 2."],
    [
      "an image that moves",
      { image: "registry.k8s.io/kube-scheduler:latest" },
      "image: must be an image with an exact tag or digest (got registry.k8s.io/kube-scheduler:latest). Name a release, such as registry.k8s.io/kube-scheduler:v1.35.4, or leave it out.",
    ],
  ];
  for (const [what, args, message] of refused) {
    it(`refuses ${what}`, async () => {
      assert.equal(
        await failureOf(() => new GpuScheduler("gpu", { kubernetesVersion: "1.35", ...args })),
        `GpuScheduler "gpu" cannot be built from these arguments:\n  ${message}`,
      );
    });
  }

  it("runs after its rights, and whoever names it after it", async () => {
    const graph = await graphOf(() => {
      const made = new GpuScheduler("gpu", { kubernetesVersion: "1.35" }, explicitProviders());
      new random.RandomId("server", { byteLength: 2, keepers: { scheduler: made.schedulerName } });
    });
    const deployment = graph.one(DEPLOYMENT);
    for (const type of ["ClusterRoleBinding", "RoleBinding", "Role"]) {
      for (const each of graph.ofType(`${RBAC}:${type}`)) assert.ok(graph.waitsFor(deployment, each), each.name);
    }
    assert.ok(graph.waitsFor(deployment, graph.one("kubernetes:core/v1:ServiceAccount")));
    assert.ok(graph.waitsFor(graph.one("random:index/randomId:RandomId", "server"), deployment));
    assert.deepEqual(graph.component("GpuScheduler").outputs, { schedulerName: GPU_SCHEDULER_NAME, ready: "ready" });
  });

  it("plans with nothing known, twice in one stack, each object in a namespace that is stated", async () => {
    const graph = await graphOf(
      () => {
        const options = explicitProviders();
        new GpuScheduler("one", { kubernetesVersion: "1.35" }, options);
        new GpuScheduler("two", { kubernetesVersion: "1.36" }, options);
      },
      { outputs: "unknown" },
    );
    const objects = graph.resources.filter(({ type }) => /^kubernetes:(?!providers)/.test(type));
    assert.equal(objects.length, 18);
    for (const object of objects) {
      const { namespace } = object.inputs.metadata as { namespace?: string };
      assert.equal(namespace, object.type.endsWith("ClusterRoleBinding") ? undefined : "kube-system", object.name);
      assert.deepEqual(
        unknownPaths(object).filter((path) => !path.includes("configMap.name")),
        [],
      );
    }
  });
});
