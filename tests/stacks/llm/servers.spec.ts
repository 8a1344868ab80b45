import assert from "node:assert/strict";
import { revealed } from "../../support/graph";
import type { Changes } from "../../support/settings";
import { type RecordedStack, stackOf, variantOf } from "../../support/stacks";

// biome-ignore lint/suspicious/noExplicitAny: tests read manifests as the API server does.
type Loose = any;
const DEPLOYMENT = "kubernetes:apps/v1:Deployment";
const GROUPS = "kubernetes:leaderworkerset.x-k8s.io/v1:LeaderWorkerSet";
const RELEASE = "kubernetes:helm.sh/v3:Release";
const SERVER = "model-chat-workload";

const inputsOf = ({ graph }: RecordedStack, type: string, name = SERVER): Loose =>
  revealed(graph.one(type, name).inputs);

describe("model servers of the stacks", () => {
  it("L10, L11, L15, L16: serve the default model on the pool's machines as in the seed, in production", async function () {
    this.timeout(60_000);
    const { spec } = inputsOf(await stackOf("prod"), DEPLOYMENT);
    const pod = spec.template.spec;
    const [container] = pod.containers;
    assert.equal(container.args[0], "s3://$(MODEL_BUCKET)/models/qwen2-5-72b-instruct-awq/v1");
    assert.deepEqual(container.resources.limits, {
      cpu: "16",
      memory: "48Gi",
      "ephemeral-storage": "40Gi",
      "nvidia.com/gpu": "2",
    });
    assert.deepEqual([pod.schedulerName, pod.priorityClassName], ["gpu-scheduler", "platform-serving"]);
    const nodes = inputsOf(await stackOf("prod"), "aws:eks/nodeGroup:NodeGroup", "pool-gpu-nodes");
    assert.equal(pod.nodeSelector["node-type"], "gpu");
    for (const [key, value] of Object.entries(pod.nodeSelector)) assert.equal(nodes.labels[key], value, key);
    const tolerated = pod.tolerations.map(({ key, value }: Loose) => `${key}=${value}`);
    assert.deepEqual(
      nodes.taints.map(({ key, value }: Loose) => `${key}=${value}`),
      tolerated,
    );
    assert.ok(!("replicas" in spec));
  });

  it("wait for weights, identity, policies, machines and keys, and are waited for by what scales them", async function () {
    this.timeout(60_000);
    const { graph } = await stackOf("prod");
    const server = graph.one(DEPLOYMENT, SERVER);
    const earlier = graph.dependenciesOf(server);
    for (const [type, name] of [
      ["kubernetes:batch/v1:Job", /^model-import-/],
      ["aws:eks/podIdentityAssociation:PodIdentityAssociation", /model-server/],
      ["aws:eks/nodeGroup:NodeGroup", /^pool-gpu/],
      ["kubernetes:core/v1:ServiceAccount", /^model-access/],
      ["kubernetes:networking.k8s.io/v1:NetworkPolicy", /models/],
      [RELEASE, /^gpu-runtime/],
    ] as const) {
      assert.ok(
        earlier.some((each) => each.type === type && name.test(each.name)),
        `${type} ${name}`,
      );
    }
    assert.ok(graph.waitsFor(graph.one("kubernetes:keda.sh/v1alpha1:ScaledObject", "model-chat-scaling"), server));
  });

  it("run as groups with a controller of their own where a model spans machines", async function () {
    this.timeout(60_000);
    const stack = await variantOf("prod", {
      "llm.models.chat.workload": "multiNode",
      "llm.models.chat.nodesPerReplica": 2,
      "llm.models.chat.engine": { tensorParallelSize: 2, pipelineParallelSize: 2, maxModelLength: 4096 },
    });
    const { spec } = inputsOf(stack, GROUPS);
    assert.equal(spec.leaderWorkerTemplate.size, 2);
    const { graph } = stack;
    assert.ok(graph.waitsFor(graph.one(GROUPS), graph.one(RELEASE, "leader-worker-sets-release")));
    assert.deepEqual((await stackOf("prod")).graph.ofType(GROUPS), []);
  });

  it("L42: are measured by a Prometheus of the seed's size, in place of its usual one", async function () {
    this.timeout(60_000);
    const resourcesOf = async (changes: Changes) => {
      const { graph } = await variantOf("prod", changes);
      const { values } = graph.one("kubernetes:helm.sh/v3:Release", "monitoring-release").inputs;
      return (values as { prometheus: { prometheusSpec: { resources: unknown } } }).prometheus.prometheusSpec.resources;
    };
    assert.deepEqual(await resourcesOf({}), {
      requests: { cpu: "500m", memory: "1Gi" },
      limits: { cpu: "2", memory: "4Gi" },
    });
    assert.notDeepEqual(await resourcesOf({ llm: undefined }), await resourcesOf({}));
  });

  it("are not there while models are off", async function () {
    this.timeout(60_000);
    const { graph } = await variantOf("prod", { "llm.enabled": false, "nodePools.gpu.minSize": 0 });
    assert.deepEqual(
      graph.resources.filter(({ type, name }) => /ModelServer$/.test(type) || name.startsWith("model-")),
      [],
    );
  });
});
