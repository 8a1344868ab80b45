import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { ModelMonitoring } from "../../../components";
import { modelScaledObject, SCALING_BEHAVIOR } from "../../../components/llm/model-autoscaling";
import { modelVerticalPodAutoscaler } from "../../../components/llm/model-autoscaling-advice";
import type { ModelAutoscalingArgs } from "../../../components/llm/model-server-args";
import { ModelWakeUp, ModelWorkloadKind } from "../../../components/llm/model-server-kinds";
import { autoscalerOf } from "../../../rehearsal/actors/keda";
import type { KubernetesApi } from "../../../rehearsal/api/api";
import type { KubernetesObject } from "../../../rehearsal/api/objects";
import { definitionsOf } from "../../../rehearsal/charts/chart-crds";
import { applyCrds, readCrds } from "../../../rehearsal/cluster/crds";
import { CUSTOM_KINDS } from "../../../rehearsal/cluster/custom-kinds";
import { startControlPlane } from "../../../rehearsal/cluster/start-control-plane";
import { installTools } from "../../../rehearsal/install/install-tools";
import type { Properties } from "../../../rehearsal/providers/provider";
import { graphOf, revealed } from "../../support/graph";
import { explicitProviders } from "../../support/providers";

const NAMESPACE = "models";
const PROD: ModelAutoscalingArgs = {
  minReplicas: 3,
  maxReplicas: 12,
  cpuPercent: 70,
  memoryPercent: 80,
  requestsPerSecond: 50,
  prometheusUrl: "http://prometheus:9090",
};
const ASLEEP: ModelAutoscalingArgs = { ...PROD, minReplicas: 0, wakeUp: ModelWakeUp.Router };

/** Runs kubectl in the namespace of models. */
type Kubectl = (...command: string[]) => Promise<unknown>;

const run = promisify(execFile);

/** A control plane with the kinds of REHEARSAL_CRDS, if that is set; without, every kind takes everything. */
async function onPlane(action: (api: KubernetesApi, kubectl: Kubectl) => Promise<void>): Promise<void> {
  const tools = await installTools({ which: ["cluster"], progress: (line) => process.stderr.write(`${line}\n`) });
  const folder = mkdtempSync(join(tmpdir(), "plane-"));
  const plane = await startControlPlane({ tools, folder });
  try {
    const { REHEARSAL_CRDS } = process.env;
    const { crds } = definitionsOf(CUSTOM_KINDS, REHEARSAL_CRDS === undefined ? [] : await readCrds(REHEARSAL_CRDS));
    const needed = /^(keda\.sh|monitoring\.coreos\.com|autoscaling\.k8s\.io)$/;
    await applyCrds(
      plane.api,
      crds.filter(({ spec }) => needed.test(spec.group)),
    );
    await plane.api.create({ apiVersion: "v1", kind: "Namespace", metadata: { name: NAMESPACE } });
    const { api, kubeconfig } = plane;
    await action(api, (...command) => run(tools.kubectl, ["--kubeconfig", kubeconfig, "-n", NAMESPACE, ...command]));
  } finally {
    await plane.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

function scaledObjects(): KubernetesObject[] {
  return [PROD, ASLEEP].flatMap((args, index) =>
    Object.values(ModelWorkloadKind).map(
      (workloadKind) =>
        modelScaledObject(`llama-${workloadKind.toLowerCase()}-${index}`, args, {
          namespace: NAMESPACE,
          concurrency: 36,
          workloadKind,
        }) as unknown as KubernetesObject,
    ),
  );
}

async function monitoringObjects(): Promise<KubernetesObject[]> {
  const args = { namespace: NAMESPACE, monitorsReady: "ready", router: true, wokenByGateway: true };
  const graph = await graphOf(() => new ModelMonitoring("model-monitoring", args, explicitProviders()));
  return graph.resources
    .filter(({ type }) => /^kubernetes:(?!providers)/.test(type))
    .map(({ inputs }) => revealed(inputs) as KubernetesObject);
}

describe("objects that scale and watch models", () => {
  it("are accepted by the API server, and by KEDA's, the operator's and the VPA's own definitions, field by field", () =>
    onPlane(async (api) => {
      const advice = modelVerticalPodAutoscaler(
        "llama",
        { minAllowed: { cpu: "4", memory: "16Gi" }, maxAllowed: { cpu: "32", memory: "128Gi" } },
        { namespace: NAMESPACE, workloadKind: ModelWorkloadKind.Deployment },
      ) as unknown as KubernetesObject;
      const scaled = scaledObjects();
      for (const object of [...scaled, advice, ...(await monitoringObjects())]) await api.create(object);
      for (const object of scaled) {
        const { metadata, ...autoscaler } = autoscalerOf(object);
        const { name, namespace, labels } = metadata;
        const { spec } = await api.create({ ...autoscaler, metadata: { name, namespace, labels } });
        assert.equal(spec.maxReplicas, 12);
        assert.deepEqual(spec.behavior.scaleUp.policies, SCALING_BEHAVIOR.scaleUp.policies);
        const targets = (spec.metrics as Properties[]).map(({ external }) => external?.target.value);
        assert.ok(targets.includes("850m"));
      }
    }));

  it("take over from a fixed number without a dip, once that was changed by hand (docs/models-scaling.md)", () =>
    onPlane(async (api, kubectl) => {
      const replicasLeft = async (name: string, byHand: boolean) => {
        await api.apply(deployment(name, 3), "pulumi");
        if (byHand) await kubectl("scale", "deployment", name, "--replicas=4");
        await api.apply(deployment(name, undefined), "pulumi");
        const left = await api.read({ apiVersion: "apps/v1", kind: "Deployment", namespace: NAMESPACE, name });
        return left?.spec.replicas;
      };
      assert.equal(await replicasLeft("by-pulumi-alone", false), 1);
      assert.equal(await replicasLeft("by-hand-before", true), 4);
    }));
});

/** A Deployment as Pulumi applies it, with a number of replicas or without. */
function deployment(name: string, replicas: number | undefined): KubernetesObject {
  const labels = { app: name };
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name, namespace: NAMESPACE },
    spec: {
      ...(replicas === undefined ? {} : { replicas }),
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec: { containers: [{ name: "vllm", image: "example.com/vllm:1" }] } },
    },
  };
}
