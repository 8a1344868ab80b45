import assert from "node:assert/strict";
import { createClusterFoundation } from "../../../stacks/cluster-foundation";
import { contextOf, providersOf } from "../../../stacks/context";
import { createGpus } from "../../../stacks/llm/gpu";
import type { LlmParts } from "../../../stacks/llm/parts";
import { createNamespaces } from "../../../stacks/namespaces";
import { placementOf, placementOfPool, poolOf } from "../../../stacks/placement";
import { createAwsProvider } from "../../../stacks/providers";
import type { Settings } from "../../../stacks/settings";
import { type Graph, graphOf } from "../../support/graph";
import { type Changes, parsed } from "../../support/settings";

const GROUP = "aws:eks/nodeGroup:NodeGroup";
const RELEASE = "kubernetes:helm.sh/v3:Release";

/** Instead of a pool: no model server. */
const NONE = "";

/** The production stack with changes and one model server, of which no more is told than is read here. */
function settingsWith(changes: Changes, nodePool = "gpu"): Settings {
  const { settings } = parsed({ llm: undefined, "nodePools.gpu.minSize": 3, ...changes });
  assert.ok(settings, "the settings are sound");
  const models = nodePool === NONE ? {} : { llama: { nodePool, weights: { kind: "s3Streamer" } } };
  return { ...settings, llm: { ...settings.llm, enabled: nodePool !== NONE, models } } as Settings;
}

/** Cluster, pools and what offers their GPUs. */
function gpus(settings: Settings): Promise<Graph> {
  return graphOf(
    () => {
      const context = contextOf(settings);
      const aws = createAwsProvider(settings);
      const foundation = createClusterFoundation(context, { providers: [aws] }, aws);
      const providers = providersOf(aws, foundation.kubernetesProvider);
      const namespaces = createNamespaces(["gpuRuntime"], [], providers.kubernetes);
      const operations = { serviceMonitors: true };
      const parts = { context, llm: settings.llm, foundation, namespaces, operations, providers };
      return settings.llm.enabled ? createGpus(parts as unknown as LlmParts) : undefined;
    },
    { project: "llm-platform", stack: "prod" },
  );
}

const pool = (graph: Graph, name: string) => graph.one(GROUP, `pool-${name}-nodes`).inputs;

describe("GPU pools of a stack", () => {
  it("have their machines from the moment that a model server is placed there (L03)", async () => {
    const used = pool(await gpus(settingsWith({})), "gpu");
    assert.deepEqual(used.scalingConfig, { minSize: 3, maxSize: 12, desiredSize: 3 });
    const idle = pool(await gpus(settingsWith({}, NONE)), "gpu");
    assert.deepEqual(idle.scalingConfig, { minSize: 0, maxSize: 12, desiredSize: 0 });
  });

  it("stay empty beside the pool that is used, but for a size that is asked for by resize", async () => {
    const other = { instanceType: "p5.48xlarge", minSize: 1, maxSize: 2, desiredSize: 2 };
    const changes = { "nodePools.large": other, "nodePools.now": { ...other, resize: true } };
    const graph = await gpus(settingsWith(changes));
    assert.deepEqual(pool(graph, "large").scalingConfig, { minSize: 0, maxSize: 2, desiredSize: 0 });
    assert.deepEqual(pool(graph, "now").scalingConfig, { minSize: 0, maxSize: 2, desiredSize: 2 });
  });

  it("lie in the zones that have the type (L02)", async () => {
    const graph = await gpus(settingsWith({ "nodePools.gpu.zones": ["us-east-1c", "us-east-1a"] }));
    const subnets = graph.one("llm-platform:index:Network").outputs?.privateSubnetIds as string[];
    assert.deepEqual(pool(graph, "gpu").subnetIds, [subnets[2], subnets[0]]);
    assert.equal((pool(graph, "system").subnetIds as string[]).length, 3);
  });

  it("carry the labels of the seed (L04)", async () => {
    const labels = pool(await gpus(settingsWith({})), "gpu").labels as Record<string, string>;
    assert.equal(labels["node-type"], "gpu");
    assert.equal(labels["workload-type"], "llm-inference");
    assert.equal(labels["nvidia.com/gpu.present"], "true");
  });

  it("come out of a capacity block, with EFA, in one zone", async () => {
    const changes = {
      "nodePools.block": {
        instanceType: "p5.48xlarge",
        capacityType: "capacityBlock",
        capacityBlock: { reservationId: "cr-0123456789abcdef0" },
        zones: ["us-east-1b"],
        efa: true,
        minSize: 0,
        maxSize: 4,
      },
    };
    const graph = await gpus(settingsWith(changes, "block"));
    assert.equal(pool(graph, "block").capacityType, "CAPACITY_BLOCK");
    const template = graph.one("aws:ec2/launchTemplate:LaunchTemplate", "pool-block-template").inputs;
    const [first] = template.networkInterfaces as { securityGroups: string[] }[];
    assert.equal((template.networkInterfaces as object[]).length, 32);
    assert.equal(first?.securityGroups[0], graph.component("Cluster").outputs?.clusterSecurityGroupId);
    assert.ok(graph.one(RELEASE, "gpu-runtime-efa"));
  });
});

describe("what offers GPUs in a stack", () => {
  it("is a runtime and a second scheduler, on nodes of controllers", async () => {
    const graph = await gpus(settingsWith({}));
    assert.deepEqual(
      graph
        .ofType(RELEASE)
        .map(({ name }) => name)
        .sort(),
      ["gpu-runtime-device-plugin", "gpu-runtime-exporter"],
    );
    const { spec } = graph.one("kubernetes:apps/v1:Deployment", "gpu-scheduler-deployment").inputs as {
      spec: { template: { spec: { nodeSelector: object } } };
    };
    assert.deepEqual(spec.template.spec.nodeSelector, { "workload-type": "system" });
    assert.deepEqual((graph.result as { schedulerName?: string }).schedulerName, "gpu-scheduler");
    assert.ok(!("kubeSchedulerConfig" in graph.one("aws:eks/cluster:Cluster").inputs));
  });

  it("leaves filling machines to EKS on request (first-up 45)", async () => {
    const graph = await gpus(settingsWith({ "llm.gpu.scheduler": "managed" }));
    assert.equal(graph.ofType("kubernetes:apps/v1:Deployment").length, 0);
    assert.equal((graph.result as { schedulerName?: string }).schedulerName, undefined);
    assert.deepEqual(graph.one("aws:eks/cluster:Cluster").inputs.kubeSchedulerConfig, {
      nodeResourcesFit: {
        scoringStrategy: {
          type: "MostAllocated",
          resources: [
            { name: "nvidia.com/gpu", weight: 100 },
            { name: "cpu", weight: 10 },
            { name: "memory", weight: 10 },
          ],
        },
      },
    });
  });

  it("knows how pools share, as their nodes are labelled", async () => {
    const graph = await gpus(settingsWith({ "llm.gpu.sharing": { gpu: { timeSlicing: { replicas: 4 } } } }));
    const labels = pool(graph, "gpu").labels as Record<string, string>;
    const { config } = graph.one(RELEASE, "gpu-runtime-device-plugin").inputs.values as {
      config: { map: Record<string, string> };
    };
    assert.ok(config.map[labels["nvidia.com/device-plugin.config"] ?? ""]);
  });

  it("is nothing at all while models are switched off", async () => {
    const settings = settingsWith(
      { "llm.gpu.scheduler": "managed", "llm.gpu.sharing": { gpu: { mps: { replicas: 2 } } } },
      NONE,
    );
    const graph = await gpus(settings);
    assert.equal(graph.ofType(RELEASE).length, 0);
    assert.ok(!("kubeSchedulerConfig" in graph.one("aws:eks/cluster:Cluster").inputs));
    assert.ok(!("nvidia.com/device-plugin.config" in (pool(graph, "gpu").labels as object)));
  });
});

describe("placement of model servers", () => {
  const pools = settingsWith({
    "nodePools.large": {
      instanceType: "p5.48xlarge",
      minSize: 0,
      maxSize: 1,
      taints: [{ key: "team", value: "research", effect: "NoSchedule" }],
    },
    "nodePools.cpu.capacityType": "spot",
  }).nodePools;
  const gpu = { key: "nvidia.com/gpu", operator: "Equal", value: "present", effect: "NoSchedule" };

  it("is by both labels of a pool, and tolerates every taint of its nodes (L07, L11)", () => {
    assert.deepEqual(placementOfPool("gpu", pools), {
      nodeSelector: { "node-type": "gpu", "workload-type": "llm-inference" },
      tolerations: [gpu],
    });
    assert.deepEqual(placementOfPool("large", pools), {
      nodeSelector: { "node-type": "gpu", "workload-type": "large" },
      tolerations: [gpu, { key: "team", operator: "Equal", value: "research", effect: "NoSchedule" }],
    });
  });

  it("is anywhere where there are no pools of ours", () => {
    assert.deepEqual(placementOfPool("gpu", undefined), {});
    assert.deepEqual(placementOfPool("gone", pools), {});
  });

  it("keeps Jobs that fetch weights off machines that may go", () => {
    assert.equal(poolOf("modelImport", pools), "system");
    assert.equal(poolOf("modelRouter", pools), "cpu");
    assert.deepEqual(placementOf("gpuScheduler", pools).nodeSelector, { "workload-type": "system" });
  });
});
