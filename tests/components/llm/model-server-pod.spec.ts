import assert from "node:assert/strict";
import { mebibytes } from "../../../components/internal/quantities";
import type { ModelServerArgs } from "../../../components/llm/model-server-args";
import { ModelSpread, ModelWeightsKind } from "../../../components/llm/model-server-kinds";
import { GPU_RESOURCE, modelPodTemplate } from "../../../components/llm/model-server-pod";
import { PodRole } from "../../../components/llm/model-server-probes";
import { modelStoreEnvironment } from "../../../components/llm/model-store-environment";
import { restrictedViolations } from "../../../rehearsal/checks/pod-security";
import { multiNodeArgs, serverArgs } from "./model-server-fixtures";

// biome-ignore lint/suspicious/noExplicitAny: tests read manifests as the API server does.
type Loose = any;

const podOf = (args: Partial<ModelServerArgs> = {}, role: PodRole = PodRole.Single): Loose =>
  (modelPodTemplate(serverArgs(args), role) as Loose).spec;
const engineOf = (args: Partial<ModelServerArgs> = {}, role: PodRole = PodRole.Single): Loose =>
  podOf(args, role).containers[0];
const variable = (container: Loose, name: string) => container.env.find((each: Loose) => each.name === name);

const VOLUMES: ModelServerArgs["weights"][] = [
  { kind: ModelWeightsKind.S3Mount, s3Mount: { claimName: "weights" } },
  { kind: ModelWeightsKind.Efs, efs: { claimName: "weights" } },
  { kind: ModelWeightsKind.FsxLustre, fsxLustre: { claimName: "weights" } },
];
const IMAGE = {
  weights: { kind: ModelWeightsKind.Image, image: { path: "/weights" } },
  image: "r.example.com/vllm:v1",
};
const ADAPTERS = [{ name: "support", model: "support", version: "2" }];
const TRACING = { endpoint: "http://collector.monitoring:4317" };

describe("a model server's pod", () => {
  it("L13: runs vLLM's own image at an exact tag, from a mirror when there is one", () => {
    assert.match(engineOf().image, /^docker\.io\/vllm\/vllm-openai:v\d+\.\d+\.\d+$/);
    assert.match(engineOf({ mirrors: { images: "m.example.com/pull" } }).image, /^m\.example\.com\/pull\/docker\.io\//);
    assert.equal(engineOf({ image: "r.example.com/vllm@sha256:ab" }).image, "r.example.com/vllm@sha256:ab");
  });

  it("L16, L22: begins with the model, whose bucket Kubernetes fills in, and the file of arguments", () => {
    assert.deepEqual(engineOf().args, ["s3://$(MODEL_BUCKET)/models/qwen/v1", "--config", "/config/engine.yaml"]);
    for (const each of modelStoreEnvironment()) assert.deepEqual(variable(engineOf(), String(each.name)), each);
    for (const weights of VOLUMES) assert.equal(engineOf({ weights }).args[0], "/models/qwen/v1");
    assert.equal(engineOf(IMAGE).args[0], "/weights");
    assert.equal(variable(engineOf(IMAGE), "MODEL_BUCKET"), undefined);
  });

  it("L14: offers one port, of the API, of health and of metrics alike", () => {
    assert.deepEqual(engineOf().ports, [{ name: "http", containerPort: 8000 }]);
  });

  it("L15: has the seed's requests and limits, and GPUs as many as parallelism says", () => {
    const { requests, limits } = engineOf().resources;
    assert.deepEqual(requests, { cpu: "8", memory: "32Gi", "ephemeral-storage": "10Gi", [GPU_RESOURCE]: "2" });
    assert.deepEqual(limits, { cpu: "16", memory: "48Gi", "ephemeral-storage": "40Gi", [GPU_RESOURCE]: "2" });
    const stages = { tensorParallelSize: 2, pipelineParallelSize: 2 };
    assert.equal(engineOf({ engine: stages }).resources.limits[GPU_RESOURCE], "4");
    const efa = { "vpc.amazonaws.com/efa": "1", "ephemeral-storage": "1Gi" };
    assert.equal(
      engineOf({ resources: { requests: efa, limits: efa } }).resources.limits["vpc.amazonaws.com/efa"],
      "1",
    );
  });

  it("L15, L22: has shared memory by its GPUs within the limit, and a disk for every cache", () => {
    const volume = (pod: Loose, name: string) => pod.volumes.find((each: Loose) => each.name === name);
    assert.deepEqual(volume(podOf(), "shared-memory").emptyDir, { medium: "Memory", sizeLimit: "4Gi" });
    const eight = podOf({ engine: { tensorParallelSize: 8 } });
    assert.equal(volume(eight, "shared-memory").emptyDir.sizeLimit, "16Gi");
    const mounts = engineOf().volumeMounts.map(({ mountPath }: Loose) => mountPath);
    assert.deepEqual(mounts, ["/config", "/cache", "/tmp", "/dev/shm"]);
    for (const name of ["HOME", "HF_HOME", "XDG_CACHE_HOME", "XDG_CONFIG_HOME", "TRITON_CACHE_DIR"]) {
      assert.match(variable(engineOf(), name).value, /^\/cache/, name);
    }
    const disks = podOf({ loraAdapters: ADAPTERS }).volumes.filter(
      (each: Loose) => each.emptyDir?.medium === undefined,
    );
    const sizes = disks.flatMap((each: Loose) => each.emptyDir?.sizeLimit ?? []).map(mebibytes);
    assert.ok(sizes.reduce((sum: number, size: number) => sum + size, 0) <= mebibytes("40Gi"));
  });

  it("L22, L25: mounts weights read-only from the one volume that is given", () => {
    for (const weights of VOLUMES) {
      const pod = podOf({ weights });
      const mount = pod.containers[0].volumeMounts.find((each: Loose) => each.mountPath === "/models");
      assert.deepEqual(mount, { name: "models", mountPath: "/models", readOnly: true });
      const claims = pod.volumes.filter((each: Loose) => each.persistentVolumeClaim);
      assert.deepEqual(claims, [{ name: "models", persistentVolumeClaim: { claimName: "weights", readOnly: true } }]);
    }
    assert.ok(!podOf().volumes.some((each: Loose) => each.persistentVolumeClaim));
  });

  it("L23, L24: asks /health, patiently until it has started and without a delay", () => {
    const { startupProbe, readinessProbe, livenessProbe } = engineOf();
    const httpGet = { path: "/health", port: "http" };
    assert.deepEqual(startupProbe, { httpGet, periodSeconds: 10, timeoutSeconds: 5, failureThreshold: 180 });
    assert.deepEqual(readinessProbe, { httpGet, periodSeconds: 5, timeoutSeconds: 5, failureThreshold: 3 });
    assert.deepEqual(livenessProbe, { httpGet, periodSeconds: 30, timeoutSeconds: 10, failureThreshold: 5 });
    const slow = engineOf({ timing: { startupBudget: 3605 } });
    assert.equal(slow.startupProbe.failureThreshold, 361);
    assert.equal(variable(slow, "VLLM_ENGINE_READY_TIMEOUT_S").value, "3605");
  });

  it("drains: waits for load balancers, then for requests, then for itself", () => {
    assert.deepEqual(engineOf().lifecycle, { preStop: { sleep: { seconds: 15 } } });
    assert.equal(podOf().terminationGracePeriodSeconds, 165);
    assert.equal(podOf({ timing: { preStop: 30, shutdown: 300 } }).terminationGracePeriodSeconds, 360);
  });

  it("L21, L40: reads its key from a Secret, and says little to the outside", () => {
    const key = variable(engineOf(), "VLLM_API_KEY");
    assert.deepEqual(key.valueFrom, { secretKeyRef: { name: "llama-70b-api-key", key: "api-key" } });
    const shared = engineOf({ apiKeySecretName: "shared" });
    assert.equal(variable(shared, "VLLM_API_KEY").valueFrom.secretKeyRef.name, "shared");
    for (const [name, value] of Object.entries({
      VLLM_LOGGING_LEVEL: "INFO",
      VLLM_LOGGING_CONFIG_PATH: "/config/logging.json",
      VLLM_MAX_N_SEQUENCES: "64",
      VLLM_NO_USAGE_STATS: "1",
      HF_HUB_OFFLINE: "1",
    })) {
      assert.equal(variable(engineOf(), name).value, value, name);
    }
    for (const args of [{}, { tracing: TRACING }, { loraAdapters: ADAPTERS }]) {
      assert.equal(variable(engineOf(args), "VLLM_SERVER_DEV_MODE"), undefined);
    }
  });

  it("L47, L48: traces only where there is somewhere to send traces", () => {
    const names = (container: Loose) => container.env.map((each: Loose) => each.name);
    assert.ok(!names(engineOf()).some((name: string) => name.startsWith("OTEL_")));
    assert.ok(!engineOf().args.includes("--otlp-traces-endpoint"));
    const traced = engineOf({ tracing: { ...TRACING, sampleRatio: 1 } });
    assert.deepEqual(traced.args.slice(-2), ["--otlp-traces-endpoint", TRACING.endpoint]);
    assert.equal(variable(traced, "OTEL_SERVICE_NAME").value, "llama-70b");
    assert.equal(variable(traced, "OTEL_TRACES_SAMPLER").value, "parentbased_traceidratio");
    assert.equal(variable(traced, "OTEL_TRACES_SAMPLER_ARG").value, "1");
  });

  it("passes Pod Security restricted with a read-only root, whatever it serves", () => {
    for (const args of [{}, IMAGE, ...VOLUMES.map((weights) => ({ weights })), { loraAdapters: ADAPTERS }]) {
      const pod = podOf(args);
      assert.deepEqual(restrictedViolations(pod), []);
      for (const container of [...pod.containers, ...pod.initContainers]) {
        assert.equal(container.securityContext.readOnlyRootFilesystem, true);
      }
      assert.notEqual(pod.securityContext.runAsUser, 0);
      assert.equal(pod.automountServiceAccountToken, false);
      assert.equal(pod.enableServiceLinks, false);
      assert.equal(pod.serviceAccountName, "model-server");
    }
  });

  it("L11, L12: goes where it is told, together on a machine unless told otherwise", () => {
    const toleration = { key: "nvidia.com/gpu", operator: "Equal", value: "present", effect: "NoSchedule" };
    const placement = { nodeSelector: { "node-type": "gpu", "workload-type": "gpu" }, tolerations: [toleration] };
    const pod = podOf({ placement, schedulerName: "gpu-scheduler", priorityClassName: "platform-serving" });
    assert.deepEqual([pod.nodeSelector, pod.tolerations], [placement.nodeSelector, [toleration]]);
    assert.deepEqual([pod.schedulerName, pod.priorityClassName], ["gpu-scheduler", "platform-serving"]);
    assert.deepEqual([podOf().schedulerName, podOf().affinity], [undefined, undefined]);
    const [zone] = podOf().topologySpreadConstraints;
    assert.deepEqual([zone.topologyKey, zone.whenUnsatisfiable], ["topology.kubernetes.io/zone", "ScheduleAnyway"]);
    const [apart] = podOf({ spread: ModelSpread.Required }).affinity.podAntiAffinity
      .requiredDuringSchedulingIgnoredDuringExecution;
    assert.equal(apart.topologyKey, "kubernetes.io/hostname");
    assert.deepEqual(apart.labelSelector, { matchLabels: { "llm-platform/model-server": "llama-70b" } });
  });

  it("verifies weights and fetches adapters before it starts, from what its volumes hold", () => {
    const names = (args: Partial<ModelServerArgs>) => podOf(args).initContainers.map((each: Loose) => each.name);
    assert.deepEqual(names({}), ["verify-weights"]);
    assert.deepEqual(names({ loraAdapters: ADAPTERS }), ["verify-weights", "fetch-adapter-0"]);
    assert.deepEqual(names(IMAGE), []);
    const [onVolume] = VOLUMES;
    assert.deepEqual(names({ loraAdapters: ADAPTERS, ...(onVolume && { weights: onVolume }) }), ["verify-weights"]);
    for (const args of [{}, IMAGE, { ...IMAGE, loraAdapters: ADAPTERS }, ...VOLUMES.map((weights) => ({ weights }))]) {
      const pod = podOf(args);
      const volumes = pod.volumes.map((each: Loose) => each.name);
      assert.equal(new Set(volumes).size, volumes.length);
      for (const container of [...pod.containers, ...pod.initContainers]) {
        for (const mount of container.volumeMounts) assert.ok(volumes.includes(mount.name), mount.name);
      }
    }
  });

  it("rolls with its files and with its key, of which it has no hash", () => {
    const annotations = (args: Partial<ModelServerArgs>): Loose =>
      modelPodTemplate(serverArgs(args), PodRole.Single).metadata;
    const plain = annotations({}).annotations;
    assert.notEqual(
      plain["checksum/config"],
      annotations({ engine: { tensorParallelSize: 4 } }).annotations["checksum/config"],
    );
    assert.equal(plain["llm-platform/secrets-revision"], undefined);
    assert.equal(annotations({ secretsRevision: "3" }).annotations["llm-platform/secrets-revision"], "3");
  });
});

describe("a pod of a group", () => {
  const pod = (role: PodRole): Loose => (modelPodTemplate(multiNodeArgs(), role) as Loose).spec;

  it("asks for EFA's cards and pages where the machines have them, and takes no slower way in silence", () => {
    const own = (args: ModelServerArgs) => (modelPodTemplate(args, PodRole.Worker) as Loose).spec.containers[0];
    const { resources, env } = own({ ...multiNodeArgs(), efaDevices: 4 });
    for (const side of [resources.requests, resources.limits]) {
      assert.deepEqual([side["vpc.amazonaws.com/efa"], side["hugepages-2Mi"]], ["4", "5120Mi"]);
    }
    assert.ok(env.some(({ name, value }: Loose) => name === "FI_PROVIDER" && value === "efa"));
    const plain = JSON.stringify(own(multiNodeArgs()));
    assert.doesNotMatch(plain, /\/efa|FI_PROVIDER|hugepages/);
  });
  const [leader, worker] = [pod(PodRole.Leader).containers[0], pod(PodRole.Worker).containers[0]];

  it("finds the others by what the controller tells it, without Ray", () => {
    const group = ["--nnodes", "$(LWS_GROUP_SIZE)", "--node-rank", "$(LWS_WORKER_INDEX)"];
    const address = ["--master-addr", "$(LWS_LEADER_ADDRESS)"];
    assert.deepEqual(leader.args.slice(3), [...group, ...address]);
    assert.deepEqual(worker.args.slice(3), [...group, ...address, "--headless"]);
    assert.equal(leader.resources.limits[GPU_RESOURCE], "4");
    assert.deepEqual(worker.resources, leader.resources);
  });

  it("answers as a leader alone; a worker has no port, no probe and no key", () => {
    assert.ok(leader.startupProbe && leader.ports.length === 1 && variable(leader, "VLLM_API_KEY"));
    assert.deepEqual([worker.startupProbe, worker.livenessProbe, worker.ports], [undefined, undefined, []]);
    assert.equal(variable(worker, "VLLM_API_KEY"), undefined);
    assert.deepEqual(restrictedViolations(pod(PodRole.Worker)), []);
  });

  it("outlives, as a worker, the answers that it computes for, within the same grace", () => {
    assert.equal(worker.lifecycle.preStop.sleep.seconds, 135);
    assert.ok(pod(PodRole.Worker).terminationGracePeriodSeconds > 135);
    assert.equal(pod(PodRole.Leader).topologySpreadConstraints, undefined);
  });
});
