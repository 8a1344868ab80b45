import type * as pulumi from "@pulumi/pulumi";
import { imageRepository } from "../internal/images";
import { restrictedContainer, restrictedPod } from "../internal/pods";
import type { LangfuseSsoArgs } from "./langfuse-access-args";
import type { LangfuseArgs, LangfuseAutoscalingArgs, LangfuseWebArgs, LangfuseWorkerArgs } from "./langfuse-args";
import { commonEnvironment, heapEnvironment, initializationEnvironment } from "./langfuse-env";
import { ANNOTATION_PREFIX, chartPodLabels, WEB_PORT } from "./langfuse-names";
import { authorityValues, reference, storeValues } from "./langfuse-store-values";
import { langfusePins } from "./langfuse-versions";
import { POST_RENDERER_SHA256 } from "./post-renderer-digest";
import { text } from "./text";

/** Numeric user of both images. */
export const LANGFUSE_USER = 1001;

/**
 * Values of the Langfuse chart: every store external, every secret by reference, no migration in the pods. Neither chart has a
 * schema and both ignore what they do not know, so a key belongs here only after it was seen to change the rendered objects.
 */
export function langfuseValues(args: LangfuseArgs) {
  const release = args.releaseName ?? "langfuse";
  return {
    fullnameOverride: release,
    langfuse: {
      ...application(args),
      serviceAccount: {
        create: false,
        name: args.serviceAccountName ?? release,
        automountServiceAccountToken: false,
      },
      ingress: { enabled: false },
      pod: {
        annotations: { [`${ANNOTATION_PREFIX}secrets-revision`]: args.secrets.revision ?? "0" },
      },
      podSecurityContext: restrictedPod(LANGFUSE_USER),
      // The web application writes its cache below its own folder, and the chart knows one security context for both.
      securityContext: restrictedContainer(false),
      image: { pullPolicy: "IfNotPresent" },
      additionalEnv: commonEnvironment(args),
      ...authorityValues(args.clickhouse),
      web: web(args, release),
      worker: worker(args, release),
    },
    ...storeValues(args),
  };
}

function application(args: LangfuseArgs) {
  const { salt, encryptionKey, nextAuthSecret } = args.secrets;
  return {
    logging: { level: "info", format: "json" },
    salt: reference(salt),
    encryptionKey: reference(encryptionKey),
    nextauth: { url: text`${args.tls === false ? "http" : "https"}://${args.host}`, secret: reference(nextAuthSecret) },
    ...(args.licenseKey === undefined ? {} : { licenseKey: reference(args.licenseKey) }),
    features: {
      telemetryEnabled: args.telemetry ?? false,
      signUpDisabled: !(args.signUp ?? false),
      experimentalFeaturesEnabled: false,
    },
    ...(args.sso === undefined ? {} : { auth: singleSignOn(args.sso) }),
  };
}

function singleSignOn(sso: LangfuseSsoArgs) {
  const providers = Object.entries(sso.providers).map(([provider, { options, secretOptions }]) => [
    provider,
    {
      ...options,
      ...Object.fromEntries(Object.entries(secretOptions ?? {}).map(([key, secret]) => [key, reference(secret)])),
    },
  ]);
  return { disableUsernamePassword: sso.disablePasswords ?? false, providers: Object.fromEntries(providers) };
}

function web(args: LangfuseArgs, release: string) {
  const { web, mirrors } = args;
  const image = langfusePins(args.version, args.webVersion).web;
  return {
    image: { repository: imageRepository(image, mirrors), tag: image.tag },
    service: { type: "ClusterIP", port: WEB_PORT },
    ...replicas(web),
    ...(web.rollout ? {} : horizontal(web.autoscaling)),
    ...workload(web),
    deployment: {
      strategy: ROLLING,
      // With its own autoscaler the chart renders no number, so there is nothing to drop.
      annotations: {
        ...parameters(args, web, 140, "/api/public/health"),
        ...number(web.rollout ? "drop" : web.autoscaling?.adoptReplicas),
      },
    },
    ...WEB_PROBES,
    pod: {
      ...placement(args.web),
      topologySpreadConstraints: spread(release, "web", web.rollout ? [ROLLOUT_HASH] : []),
      additionalEnv: [heapEnvironment(web.resources.limits.memory ?? ""), ...initializationEnvironment(args)],
    },
  };
}

function worker(args: LangfuseArgs, release: string) {
  const { worker, mirrors } = args;
  const image = langfusePins(args.version, args.webVersion).worker;
  const annotations: Annotations = {
    ...parameters(args, worker, 300, "/api/health"),
    [`${ANNOTATION_PREFIX}readiness-path`]: "/api/ready",
    // Our own ScaledObject decides the number; the chart does not know of it and would write one at every upgrade.
    ...number(worker.autoscaling && (worker.autoscaling.adoptReplicas ?? "drop")),
  };
  return {
    image: { repository: imageRepository(image, mirrors), tag: image.tag },
    ...replicas(worker),
    ...workload(worker),
    deployment: {
      strategy: ROLLING,
      annotations,
    },
    // This probe asks Postgres and Redis. Three minutes outlive a failover of either, which a restart would only make worse.
    livenessProbe: { initialDelaySeconds: 1, periodSeconds: 10, timeoutSeconds: 10, failureThreshold: 18 },
    pod: {
      ...placement(args.worker),
      topologySpreadConstraints: spread(release, "worker"),
      additionalEnv: [heapEnvironment(worker.resources.limits.memory ?? "")],
    },
  };
}

/** What Argo Rollouts tells its ReplicaSets apart by. */
const ROLLOUT_HASH = "rollouts-pod-template-hash";

type Annotations = Record<string, pulumi.Input<string>>;

const ROLLING = { type: "RollingUpdate", rollingUpdate: { maxSurge: "25%", maxUnavailable: 0 } };

/** Plain liveness looks at no store; readiness fails from the request to stop on, which drains the pod. */
const WEB_PROBES = {
  livenessProbe: {
    path: "/api/public/health",
    initialDelaySeconds: 1,
    periodSeconds: 10,
    timeoutSeconds: 10,
    failureThreshold: 6,
  },
  readinessProbe: {
    path: "/api/public/ready",
    initialDelaySeconds: 1,
    periodSeconds: 5,
    timeoutSeconds: 5,
    failureThreshold: 3,
  },
};

function horizontal(autoscaling: LangfuseAutoscalingArgs | undefined) {
  if (autoscaling === undefined) return {};
  const { minReplicas, maxReplicas, cpuPercent } = autoscaling;
  return { hpa: { enabled: true, minReplicas, maxReplicas, targetCPUUtilizationPercentage: cpuPercent } };
}

/** What the post-renderer does with the number of pods: `drop`, or the number to keep. */
function number(replicas: number | string | undefined): Annotations {
  return replicas === undefined ? {} : { [`${ANNOTATION_PREFIX}replicas`]: String(replicas) };
}

function replicas(component: LangfuseWebArgs | LangfuseWorkerArgs) {
  return component.replicas === undefined ? {} : { replicas: component.replicas };
}

function workload({ resources, minAvailable }: LangfuseWebArgs | LangfuseWorkerArgs) {
  return {
    resources,
    pdb: { create: true, ...(minAvailable === undefined ? { maxUnavailable: 1 } : { minAvailable }) },
  };
}

/** Parameters of the post-renderer: annotations of the Deployment, so that a change of them alone rolls no pod. */
function parameters(
  args: LangfuseArgs,
  component: LangfuseWebArgs | LangfuseWorkerArgs,
  graceSeconds: number,
  startupPath: string,
): Annotations {
  return {
    [`${ANNOTATION_PREFIX}post-renderer-sha256`]: POST_RENDERER_SHA256,
    [`${ANNOTATION_PREFIX}termination-grace-period-seconds`]: String(component.terminationGraceSeconds ?? graceSeconds),
    [`${ANNOTATION_PREFIX}startup-path`]: startupPath,
    // Every five seconds: five minutes to start.
    [`${ANNOTATION_PREFIX}startup-failure-threshold`]: "60",
    ...(args.priorityClassName === undefined
      ? {}
      : { [`${ANNOTATION_PREFIX}priority-class-name`]: args.priorityClassName }),
  };
}

function placement({ placement }: LangfuseWebArgs | LangfuseWorkerArgs) {
  return {
    ...(placement?.nodeSelector === undefined ? {} : { nodeSelector: placement.nodeSelector }),
    ...(placement?.tolerations === undefined ? {} : { tolerations: placement.tolerations }),
  };
}

/**
 * One pod more in one zone than in another at most, counted within one ReplicaSet: counted over old and new pods together a
 * rollout can stall. Nodes that the pods do not tolerate count for no zone. Nodes are spread as far as they go.
 */
function spread(release: string, component: string, hashes: readonly string[] = []) {
  const common = {
    maxSkew: 1,
    labelSelector: { matchLabels: chartPodLabels(release, component) },
    // A pod counts by those of them that it has.
    matchLabelKeys: ["pod-template-hash", ...hashes],
    nodeTaintsPolicy: "Honor",
  };
  return [
    { ...common, topologyKey: "topology.kubernetes.io/zone", whenUnsatisfiable: "DoNotSchedule" },
    { ...common, topologyKey: "kubernetes.io/hostname", whenUnsatisfiable: "ScheduleAnyway" },
  ];
}
