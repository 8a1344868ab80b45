import assert from "node:assert/strict";
import { allocatable, GPU_TAINT, INSTANCE_TYPES, instanceShape } from "../../../components/internal/instance-types";
import { mebibytes } from "../../../components/internal/quantities";
import { parallelismOf } from "../../../components/llm/engine-defaults";
import { MODEL_CATALOGUE } from "../../../components/llm/model-catalogue";
import { hostMemory } from "../../../components/llm/model-memory";
import { MODEL_PORT } from "../../../components/llm/model-names";
import type { ModelServerArgs, ModelWeightsArgs } from "../../../components/llm/model-server-args";
import { modelServerProblems } from "../../../components/llm/model-server-checks";
import { ModelSpread, ModelWeightsKind, ModelWorkloadKind } from "../../../components/llm/model-server-kinds";
import { modelServerManifests } from "../../../components/llm/model-server-manifests";
import { ENGINE_CONTAINER, GPU_RESOURCE } from "../../../components/llm/model-server-pod";
import { rolloutTimeout } from "../../../components/llm/model-server-workload";
import { restrictedViolations } from "../../../rehearsal/checks/pod-security";
import { placementOfPool } from "../../../stacks/placement";
import { AUTOSCALING, SEED_RESOURCES } from "./model-server-fixtures";

// biome-ignore lint/suspicious/noExplicitAny: tests read manifests as the API server does.
type Loose = any;
const CASES = 400;

/** A generator of numbers that is the same on every run (mulberry32). */
function dice(seed: number) {
  let state = seed;
  const next = () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const between = (least: number, most: number) => least + Math.floor(next() * (most - least + 1));
  const one = <T>(values: readonly T[]): T => values[between(0, values.length - 1)] as T;
  return { between, one, maybe: <T>(value: T): T | undefined => (next() < 0.5 ? value : undefined) };
}

const GPU_TYPES = INSTANCE_TYPES.filter((type) => instanceShape(type)?.gpu !== undefined);
const WEIGHTS: readonly ModelWeightsArgs[] = [
  { kind: ModelWeightsKind.S3Streamer },
  { kind: ModelWeightsKind.S3Mount, s3Mount: { claimName: "weights" } },
  { kind: ModelWeightsKind.Efs, efs: { claimName: "weights" } },
  { kind: ModelWeightsKind.FsxLustre, fsxLustre: { claimName: "weights" } },
  { kind: ModelWeightsKind.Image, image: { path: "/weights" } },
];
const POOL_TAINT = { key: "team", value: "search", effect: "NoSchedule" };

/** Arguments at random, many of which a server refuses, and the pool that it runs on. */
function randomServer(seed: number) {
  const { between, one, maybe } = dice(seed);
  const instanceType = one(GPU_TYPES);
  const workload = one(Object.values(ModelWorkloadKind));
  const nodes = workload === ModelWorkloadKind.MultiNode ? between(2, 4) : undefined;
  const pools = {
    models: { capacityType: "onDemand", instanceTypes: [instanceType], taints: maybe(true) ? [POOL_TAINT] : [] },
  };
  const scaled = maybe(true);
  const args = {
    namespace: "models",
    server: "server",
    model: { name: "model", version: "1", facts: one(Object.values(MODEL_CATALOGUE)).facts },
    engine: {
      tensorParallelSize: one([1, 2, 3, 4, 8]),
      pipelineParallelSize: nodes ?? one([1, 1, 2]),
      maxModelLength: one([1024, 4096, 16384]),
      gpuMemoryUtilization: one([0.7, 0.9, 0.95]),
    },
    image: "registry.example.com/vllm:v0.32.0",
    weights: one(WEIGHTS),
    workload,
    ...(nodes === undefined ? {} : { nodesPerReplica: nodes }),
    ...(scaled ? { autoscaling: AUTOSCALING } : { replicas: between(0, 4) }),
    resources: one([SEED_RESOURCES, { requests: { cpu: "3", memory: "10Gi" }, limits: { cpu: "4", memory: "12Gi" } }]),
    instanceTypes: [instanceType],
    placement: placementOfPool("models", pools),
    schedulerName: one(["gpu-scheduler", "default-scheduler"]),
    spread: one(Object.values(ModelSpread)),
    timing: { startupBudget: between(60, 7200), preStop: between(1, 300), shutdown: between(1, 3600) },
    loraAdapters: maybe(true) ? [{ name: "adapter", model: "adapter", version: "1" }] : [],
    tracing: maybe(true) ? { endpoint: "http://collector:4317" } : undefined,
  };
  const { tracing, ...rest } = args;
  const server: ModelServerArgs = { ...rest, ...(tracing === undefined ? {} : { tracing }) };
  return { server, taints: [GPU_TAINT, ...pools.models.taints], instanceType };
}

function podsOf(manifests: Loose): Loose[] {
  const group = manifests.leaderWorkerSet?.spec.leaderWorkerTemplate;
  return group
    ? [group.leaderTemplate, group.workerTemplate]
    : [(manifests.deployment ?? manifests.statefulSet).spec.template];
}

describe("any model server that is accepted", () => {
  const accepted = Array.from({ length: CASES }, (_, seed) => randomServer(seed)).filter(
    ({ server }) => modelServerProblems(server).length === 0,
  );
  const each = (check: (manifests: Loose, made: (typeof accepted)[number]) => void) => {
    for (const made of accepted) check(modelServerManifests(made.server), made);
  };
  const engine = ({ spec }: Loose): Loose => spec.containers.find(({ name }: Loose) => name === ENGINE_CONTAINER);

  it("is one of many, and many are refused", () => {
    assert.ok(accepted.length > CASES / 20 && accepted.length < CASES / 2, `${accepted.length} of ${CASES}`);
    const kinds = new Set(accepted.map(({ server }) => server.workload));
    assert.equal(kinds.size, 3);
  });

  it("L07, L11: tolerates every taint of its pool, and is drawn to its labels", () => {
    each((manifests, { taints }) => {
      for (const { spec } of podsOf(manifests)) {
        for (const { key, value, effect } of taints) {
          const tolerated = spec.tolerations.some(
            (each: Loose) => each.key === key && each.value === value && each.effect === effect,
          );
          assert.ok(tolerated, key);
        }
        assert.equal(spec.tolerations.length, taints.length);
        assert.deepEqual(spec.nodeSelector, { "node-type": "gpu", "workload-type": "models" });
      }
    });
  });

  it("L16: asks for the GPUs that its processes take, which its node has", () => {
    each((manifests, { server, instanceType }) => {
      const { tensor, stages, nodes } = parallelismOf(server.engine, server.nodesPerReplica);
      for (const pod of podsOf(manifests)) {
        const { requests, limits } = engine(pod).resources;
        assert.equal(requests[GPU_RESOURCE], limits[GPU_RESOURCE]);
        assert.equal(Number(limits[GPU_RESOURCE]) * nodes, tensor * stages);
        assert.ok(Number(limits[GPU_RESOURCE]) <= (allocatable(instanceType)?.gpus ?? 0));
      }
    });
  });

  it("L14, L24: is probed, served and scraped on one port", () => {
    each((manifests) => {
      const [pod] = podsOf(manifests);
      const { ports, startupProbe, readinessProbe, livenessProbe } = engine(pod);
      const [{ name, containerPort }] = ports;
      assert.equal(containerPort, MODEL_PORT);
      for (const probe of [startupProbe, readinessProbe, livenessProbe]) assert.equal(probe.httpGet.port, name);
      const [port] = manifests.service.spec.ports;
      assert.deepEqual([port.port, port.targetPort], [containerPort, name]);
    });
  });

  it("is selected by its Service, its budget and its own workload", () => {
    each((manifests) => {
      const [{ metadata }] = podsOf(manifests);
      const selectors = [
        manifests.disruptionBudget.spec.selector.matchLabels,
        (manifests.deployment ?? manifests.statefulSet)?.spec.selector.matchLabels ?? {},
        manifests.service.spec.selector,
      ];
      for (const selector of selectors) {
        for (const [key, value] of Object.entries(selector)) {
          if (!key.startsWith("leaderworkerset.")) assert.equal(metadata.labels[key], value, key);
        }
      }
    });
  });

  it("is killed only after load balancers and requests had their time", () => {
    each((manifests, { server }) => {
      const { preStop = 0, shutdown = 0, startupBudget = 0 } = server.timing ?? {};
      for (const pod of podsOf(manifests)) {
        assert.ok(pod.spec.terminationGracePeriodSeconds >= preStop + shutdown + 30);
        assert.ok(pod.spec.terminationGracePeriodSeconds > engine(pod).lifecycle.preStop.sleep.seconds);
      }
      const flag = new RegExp(`^shutdown-timeout: ${shutdown}$`, "m");
      assert.match(manifests.config.data["engine.yaml"], flag);
      const [pod] = podsOf(manifests);
      assert.ok(engine(pod).startupProbe.failureThreshold * 10 >= startupBudget);
      const deadline = manifests.deployment?.spec.progressDeadlineSeconds ?? startupBudget;
      assert.ok(deadline >= startupBudget && rolloutTimeout(server) >= deadline);
    });
  });

  it("L15: stays within its memory limit with all that counts against it, as a restricted pod", () => {
    each((manifests, { server }) => {
      const { totalGiB } = hostMemory({ ...server, facts: server.model.facts });
      for (const pod of podsOf(manifests)) {
        assert.ok(mebibytes(engine(pod).resources.limits.memory) >= totalGiB * 1024);
        assert.deepEqual(restrictedViolations(pod.spec), []);
      }
    });
  });
});
