import * as kubernetes from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { after } from "../internal/gates";
import { IMAGES, imageReference } from "../internal/images";
import { restrictedContainer, restrictedPod } from "../internal/pods";
import { shortHash } from "../internal/stable-json";
import type { ModelImportArgs } from "./model-import";
import { MODEL_IMPORT_LABEL, MODEL_SERVICE_ACCOUNTS } from "./model-names";
import { DEFAULT_FILE_PATTERNS } from "./model-source-checks";
import {
  STORE_SCRIPT_USER,
  storeScriptEnvironment,
  storeScriptMounts,
  storeScriptVolumes,
} from "./model-store-environment";
import { REFUSED_EXIT_CODE, STORE_SCRIPT, STORE_SCRIPTS_CONFIG } from "./model-store-scripts";
import { fetchContainer } from "./model-verification";

type Container = kubernetes.types.input.core.v1.Container;

/** Four files at a time, each with some parts of 64 MiB in memory. It finds room on the smallest machines of a pool. */
const RESOURCES = {
  requests: { cpu: "500m", memory: "2Gi", "ephemeral-storage": "1Gi" },
  limits: { cpu: "2", memory: "4Gi", "ephemeral-storage": "2Gi" },
};
/** Tries after the first. Each begins where the last ended, and waits longer than the one before. */
const RETRIES = 6;
const VOLUME = "weights";

/**
 * The Job of an import. It has no time to live, since a Job that deletes itself would be made again by the next `up`; a failed
 * one is replaced by the next `up` instead of failing it for ever.
 */
export function importJob(
  name: string,
  args: ModelImportArgs,
  opts: pulumi.CustomResourceOptions,
): kubernetes.batch.v1.Job {
  const minutes = args.deadlineMinutes ?? 180;
  const timeout = `${minutes + 10}m`;
  const labels = {
    [MODEL_IMPORT_LABEL]: args.model,
    "app.kubernetes.io/name": "model-import",
    "app.kubernetes.io/component": "model-import",
    "app.kubernetes.io/part-of": "llm-platform",
  };
  const { storeReady, identityReady, policiesReady, tokenReady, volumeReady } = args.gates ?? {};
  return new kubernetes.batch.v1.Job(
    `${name}-job`,
    {
      metadata: {
        namespace: args.namespace,
        name: importJobName(args),
        labels,
        annotations: { "pulumi.com/replaceUnready": "true" },
      },
      spec: {
        backoffLimit: RETRIES,
        activeDeadlineSeconds: minutes * 60,
        podFailurePolicy: FAILURES,
        template: {
          // A machine that is wanted elsewhere waits: what is half fetched would be fetched again.
          metadata: { labels, annotations: { "cluster-autoscaler.kubernetes.io/safe-to-evict": "false" } },
          spec: podSpec(args),
        },
      },
    },
    {
      ...opts,
      customTimeouts: { create: timeout, update: timeout },
      dependsOn: after(storeReady, identityReady, policiesReady, tokenReady, volumeReady),
    },
  );
}

/** A refusal is final, and a lost machine costs no try. */
const FAILURES: kubernetes.types.input.batch.v1.PodFailurePolicy = {
  rules: [
    { action: "Ignore", onPodConditions: [{ type: "DisruptionTarget", status: "True" }] },
    { action: "FailJob", onExitCodes: { operator: "In", values: [REFUSED_EXIT_CODE] } },
  ],
};

/** Another source, script or image is another Job; other resources are not. */
export function importJobName(args: ModelImportArgs): string {
  const fingerprint = {
    arguments: importArguments(args),
    volume: args.volumeClaimName !== undefined,
    image: imageReference(IMAGES.vllm, args.mirrors),
    script: STORE_SCRIPTS_CONFIG,
  };
  return `import-${args.model.slice(0, 40)}-${shortHash(fingerprint)}`;
}

function importArguments(args: ModelImportArgs): string[] {
  const { model, version, huggingFace, bucket, filePatterns = DEFAULT_FILE_PATTERNS, quantization } = args;
  const source = huggingFace
    ? { huggingFace: { repository: huggingFace.repository, revision: huggingFace.revision } }
    : { bucket: { name: bucket?.name, prefix: bucket?.prefix } };
  return [
    "import",
    `--model=${model}`,
    `--version=${version}`,
    `--source=${JSON.stringify(source)}`,
    `--patterns=${JSON.stringify(filePatterns)}`,
    ...(quantization === undefined ? [] : [`--quantization=${quantization}`]),
  ];
}

function podSpec(args: ModelImportArgs): kubernetes.types.input.core.v1.PodSpec {
  const importing = importContainer(args);
  const { volumeClaimName: claimName, model, version } = args;
  const image = imageReference(IMAGES.vllm, args.mirrors);
  const volumes = claimName === undefined ? [] : [{ name: VOLUME, persistentVolumeClaim: { claimName } }];
  return {
    restartPolicy: "Never",
    serviceAccountName: MODEL_SERVICE_ACCOUNTS.import,
    automountServiceAccountToken: false,
    enableServiceLinks: false,
    securityContext: restrictedPod(STORE_SCRIPT_USER),
    ...(args.priorityClassName === undefined ? {} : { priorityClassName: args.priorityClassName }),
    ...args.placement,
    ...(claimName === undefined
      ? { containers: [importing] }
      : {
          initContainers: [importing],
          containers: [
            fetchContainer({ name: "fill", image, model, version, volumeName: VOLUME, mountPath: "/mnt/weights" }),
          ],
        }),
    volumes: [...storeScriptVolumes(), ...volumes],
  };
}

function importContainer(args: ModelImportArgs): Container {
  const token = args.huggingFace?.token;
  return {
    name: "import",
    image: imageReference(IMAGES.vllm, args.mirrors),
    imagePullPolicy: "IfNotPresent",
    command: ["python3", STORE_SCRIPT],
    args: importArguments(args),
    env: [
      ...storeScriptEnvironment(),
      ...(token === undefined
        ? []
        : [
            {
              name: "HF_TOKEN",
              valueFrom: { secretKeyRef: { name: token.secretName, key: token.secretKey } },
            },
          ]),
    ],
    resources: args.resources ?? RESOURCES,
    securityContext: restrictedContainer(),
    // The last line of the log says why an import failed; `pulumi up` shows it.
    terminationMessagePolicy: "FallbackToLogsOnError",
    volumeMounts: storeScriptMounts(),
  };
}
