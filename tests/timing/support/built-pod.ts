import assert from "node:assert/strict";
import { parse } from "yaml";
import { ENGINE_FILE } from "../../../components/llm/engine-config";
import { ENGINE_FLAGS } from "../../../components/llm/engine-flags";
import { MODEL_CATALOGUE } from "../../../components/llm/model-catalogue";
import type { ModelTimingArgs } from "../../../components/llm/model-server-args";
import { ModelWeightsKind } from "../../../components/llm/model-server-kinds";
import { modelServerManifests } from "../../../components/llm/model-server-manifests";
import { revealed } from "../../support/graph";
import type { Leaving } from "./kubelet";

/** How a pod goes by the manifests that `ModelServer` builds: what the kubelet and vLLM will read, and nothing else. */
export function builtPod(timing?: ModelTimingArgs): Leaving {
  const { config, deployment } = modelServerManifests({
    namespace: "models",
    server: "llama",
    model: { name: "llama", version: "1", facts: MODEL_CATALOGUE["qwen2.5-7b-instruct"].facts },
    weights: { kind: ModelWeightsKind.S3Streamer },
    resources: { requests: { cpu: "3", memory: "20Gi" }, limits: { cpu: "3", memory: "20Gi" } },
    instanceTypes: ["g6e.xlarge"],
    timing,
  });
  const pod = plain(deployment?.spec);
  const { terminationGracePeriodSeconds: grace, containers } = pod.template.spec;
  const [container, ...others] = containers;
  assert.ok(container !== undefined && others.length === 0, "one container answers");
  const options = parse(config.data[ENGINE_FILE] ?? "");
  const leaving = {
    preStop: container.lifecycle.preStop.sleep.seconds,
    shutdown: options[ENGINE_FLAGS.shutdownTimeout],
    grace,
  };
  for (const [what, seconds] of Object.entries(leaving)) assert.equal(typeof seconds, "number", what);
  return leaving;
}

interface PodSpec {
  readonly terminationGracePeriodSeconds: number;
  readonly containers: { readonly lifecycle: { readonly preStop: { readonly sleep: { readonly seconds: number } } } }[];
}

/** A Deployment's spec as it is sent; everything read here is plain. */
function plain(spec: unknown): { readonly template: { readonly spec: PodSpec } } {
  return revealed(spec) as ReturnType<typeof plain>;
}
