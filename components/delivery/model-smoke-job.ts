import * as kubernetes from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { IMAGES, imageReference } from "../internal/images";
import type { Mirrors } from "../internal/mirrors";
import { restrictedContainer, restrictedPod } from "../internal/pods";
import { shortHash } from "../internal/stable-json";
import { API_KEY_ENTRY, MODEL_PORT } from "../llm/model-names";
import { LOAD_TESTER_LABELS, LOAD_TESTER_USER } from "./flagger-values";
import type { ModelSmokeArgs } from "./model-blue-green-args";
import { MODEL_SMOKE_SCRIPT } from "./model-smoke-script";

const DEFAULT_TIMEOUT_SECONDS = 300;

/** A version that is asked for an answer. */
export interface SmokeTarget {
  readonly namespace: pulumi.Input<string>;
  /** Name of the server and of its Service. */
  readonly server: string;
  /** Name that the request asks for. */
  readonly servedName: string;
  readonly apiKeySecret: string;
  /** Everything that makes another version of it; another value is another Job. Never a secret. */
  readonly version: unknown;
  readonly mirrors?: Mirrors;
}

/**
 * A Job that must get an answer from a model server, once for each version of it: no time to live, since a Job that deletes itself
 * would be made again by the next `up`. A failed one is replaced by the next `up` instead of failing it for ever.
 */
export function modelSmokeJob(
  name: string,
  target: SmokeTarget,
  smoke: ModelSmokeArgs,
  opts: pulumi.CustomResourceOptions,
): kubernetes.batch.v1.Job {
  const { namespace, server, version } = target;
  const seconds = smoke.timeoutSeconds ?? DEFAULT_TIMEOUT_SECONDS;
  // It takes what is left of an attempt that began in time, and the pull of the image.
  const deadline = seconds + 300;
  const timeout = `${Math.ceil(deadline / 60) + 5}m`;
  const labels = {
    ...LOAD_TESTER_LABELS,
    "app.kubernetes.io/name": "model-smoke",
    "app.kubernetes.io/instance": server,
  };
  return new kubernetes.batch.v1.Job(
    name,
    {
      metadata: {
        namespace,
        name: `${server}-smoke-${shortHash({ version, MODEL_SMOKE_SCRIPT })}`,
        labels,
        annotations: { "pulumi.com/replaceUnready": "true" },
      },
      spec: {
        backoffLimit: 0,
        activeDeadlineSeconds: deadline,
        template: { metadata: { labels }, spec: podSpec(target, smoke, seconds) },
      },
    },
    { ...opts, customTimeouts: { create: timeout, update: timeout } },
  );
}

function podSpec(target: SmokeTarget, smoke: ModelSmokeArgs, seconds: number): kubernetes.types.input.core.v1.PodSpec {
  const request = {
    model: target.servedName,
    messages: [{ role: "user", content: "Answer with one word." }],
    max_tokens: 16,
  };
  return {
    restartPolicy: "Never",
    automountServiceAccountToken: false,
    enableServiceLinks: false,
    securityContext: restrictedPod(LOAD_TESTER_USER),
    ...(smoke.priorityClassName === undefined ? {} : { priorityClassName: smoke.priorityClassName }),
    ...smoke.placement,
    containers: [
      {
        name: "smoke",
        image: imageReference(IMAGES.flaggerLoadTester, target.mirrors),
        imagePullPolicy: "IfNotPresent",
        command: ["bash", "-c", MODEL_SMOKE_SCRIPT],
        env: [
          { name: "MODEL_URL", value: `http://${target.server}:${MODEL_PORT}` },
          { name: "MODEL_REQUEST", value: JSON.stringify(request) },
          {
            name: "MODEL_API_KEY",
            valueFrom: { secretKeyRef: { name: target.apiKeySecret, key: API_KEY_ENTRY } },
          },
          { name: "SMOKE_TIMEOUT_SECONDS", value: String(seconds) },
          { name: "SMOKE_PAUSE_SECONDS", value: "5" },
        ],
        resources: { requests: { cpu: "50m", memory: "64Mi" }, limits: { cpu: "500m", memory: "128Mi" } },
        securityContext: restrictedContainer(),
        // The last lines of the log become the message that `pulumi up` shows.
        terminationMessagePolicy: "FallbackToLogsOnError",
      },
    ],
  };
}
