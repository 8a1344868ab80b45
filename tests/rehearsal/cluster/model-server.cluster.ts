import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { MODEL_SERVICE_ACCOUNTS } from "../../../components/llm/model-names";
import type { ModelServerArgs } from "../../../components/llm/model-server-args";
import { ModelSpread, ModelWeightsKind, ModelWorkloadKind } from "../../../components/llm/model-server-kinds";
import { modelServerManifests } from "../../../components/llm/model-server-manifests";
import type { KubernetesApi } from "../../../rehearsal/api/api";
import { definitionsOf } from "../../../rehearsal/charts/chart-crds";
import { applyCrds, readCrds } from "../../../rehearsal/cluster/crds";
import { CUSTOM_KINDS } from "../../../rehearsal/cluster/custom-kinds";
import { startControlPlane } from "../../../rehearsal/cluster/start-control-plane";
import { installTools } from "../../../rehearsal/install/install-tools";
import { AUTOSCALING, multiNodeArgs, serverArgs } from "../../components/llm/model-server-fixtures";

// biome-ignore lint/suspicious/noExplicitAny: tests read manifests as the API server does.
type Loose = any;
/** Runs kubectl in the namespace of models on a list of objects. */
type Apply = (objects: readonly unknown[], ...options: string[]) => Promise<string>;

const NAMESPACE = "models";
const ADVICE = { minAllowed: { cpu: "4", memory: "16Gi" }, maxAllowed: { cpu: "32", memory: "128Gi" } };
const ADAPTERS = [{ name: "support", model: "support", version: "2" }];
const run = promisify(execFile);

const SERVERS: readonly ModelServerArgs[] = [
  serverArgs({ server: "streamed", autoscaling: AUTOSCALING, advice: ADVICE, loraAdapters: ADAPTERS }),
  serverArgs({
    server: "stateful",
    workload: ModelWorkloadKind.StatefulSet,
    weights: { kind: ModelWeightsKind.Efs, efs: { claimName: "weights" } },
    spread: ModelSpread.Required,
  }),
  serverArgs({
    server: "baked",
    weights: { kind: ModelWeightsKind.Image, image: { path: "/weights" } },
    image: "registry.example.com/vllm:v0.32.0",
    tracing: { endpoint: "http://collector:4317" },
    engine: { tensorParallelSize: 2, maxModelLength: 4096, keyValueOffloadingGiB: 8, prefixCaching: false },
  }),
  multiNodeArgs({ server: "groups", autoscaling: AUTOSCALING }),
];

/** A control plane with the kinds of REHEARSAL_CRDS, if that is set; without, every kind takes everything. */
async function onPlane(action: (api: KubernetesApi, apply: Apply) => Promise<void>): Promise<void> {
  const tools = await installTools({ which: ["cluster"], progress: (line) => process.stderr.write(`${line}\n`) });
  const folder = mkdtempSync(join(tmpdir(), "plane-"));
  const plane = await startControlPlane({ tools, folder });
  try {
    const { REHEARSAL_CRDS } = process.env;
    const { crds } = definitionsOf(CUSTOM_KINDS, REHEARSAL_CRDS === undefined ? [] : await readCrds(REHEARSAL_CRDS));
    const needed = /^(keda\.sh|leaderworkerset\.x-k8s\.io|autoscaling\.k8s\.io)$/;
    await applyCrds(
      plane.api,
      crds.filter(({ spec }) => needed.test(spec.group)),
    );
    const labels = { "pod-security.kubernetes.io/enforce": "restricted" };
    await plane.api.create({ apiVersion: "v1", kind: "Namespace", metadata: { name: NAMESPACE, labels } });
    const apply: Apply = async (items, ...options) => {
      const file = join(folder, "objects.json");
      writeFileSync(file, JSON.stringify({ apiVersion: "v1", kind: "List", items }));
      const command = ["create", "--validate=strict", "-o", "name", "-f", file, ...options];
      const { stdout } = await run(tools.kubectl, ["--kubeconfig", plane.kubeconfig, "-n", NAMESPACE, ...command]);
      return stdout;
    };
    await action(plane.api, apply);
  } finally {
    await plane.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

function podsOf(server: ModelServerArgs): Loose[] {
  const { deployment, statefulSet, leaderWorkerSet }: Loose = modelServerManifests(server);
  const group = leaderWorkerSet?.spec.leaderWorkerTemplate;
  const templates = group ? [group.leaderTemplate, group.workerTemplate] : [(deployment ?? statefulSet).spec.template];
  return templates.map(({ metadata, spec }, index) => ({
    apiVersion: "v1",
    kind: "Pod",
    // Not the name that the workload's own controller gives: it may have been faster.
    metadata: { ...metadata, namespace: NAMESPACE, name: `probe-${server.server}-${index}` },
    spec,
  }));
}

describe("model servers on a real API server", () => {
  it("are accepted to the last field, whatever they run on, and so are their pods under Pod Security restricted", async () => {
    await onPlane(async (_, apply) => {
      for (const server of SERVERS) {
        const objects = Object.values(modelServerManifests(server)).filter((each) => each !== undefined);
        const made = (await apply(objects)).trim().split("\n");
        assert.equal(made.length, objects.length, made.join());
      }
      const name = MODEL_SERVICE_ACCOUNTS.server;
      await apply([{ apiVersion: "v1", kind: "ServiceAccount", metadata: { name } }]);
      await apply(SERVERS.flatMap(podsOf), "--dry-run=server");
    });
  });

  it("keep their files as they are", async () => {
    await onPlane(async (api, apply) => {
      const [server] = SERVERS;
      if (server === undefined) throw new Error("no server");
      const { config } = modelServerManifests(server);
      await apply([config]);
      const other = { ...config, data: { ...config.data, "engine.yaml": "port: 1" } };
      await assert.rejects(api.apply(other as Loose, "test"), /immutable/);
    });
  });
});
