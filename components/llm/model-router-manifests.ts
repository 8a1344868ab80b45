import type * as kubernetes from "@pulumi/kubernetes";
import type { Input } from "@pulumi/pulumi";
import { IMAGES, imageReference } from "../internal/images";
import { restrictedContainer, restrictedPod } from "../internal/pods";
import { MODEL_GATEWAY_DEFAULTS } from "./model-gateway-args";
import { MODEL_ROUTER } from "./model-gateway-names";
import { API_KEY_ENTRY, MODEL_PORT, MODEL_SERVER_LABEL } from "./model-names";
import { type ModelRouterArgs, ModelRouting } from "./model-router-args";

/** Labels by which the router's own objects select its pods. */
export const ROUTER_SELECTOR = { app: MODEL_ROUTER };

/** Labels of the router's pods. */
export const ROUTER_LABELS = {
  ...ROUTER_SELECTOR,
  "app.kubernetes.io/name": "vllm-router",
  "app.kubernetes.io/component": "model-router",
  "app.kubernetes.io/part-of": "llm-platform",
};

/** The image names no user. */
const USER = 1000;

/** Seconds that a leaving pod goes on taking requests, until everybody knows that it leaves. */
const PRE_STOP_SECONDS = 15;

const FLAGS: Record<ModelRouting, string> = {
  [ModelRouting.PrefixAware]: "prefixaware",
  [ModelRouting.Session]: "session",
  [ModelRouting.RoundRobin]: "roundrobin",
};

/** Arguments of the router's program. */
export function routerArguments({
  servers,
  routing,
  sessionHeader,
}: Pick<ModelRouterArgs, "servers" | "routing" | "sessionHeader">): string[] {
  const logic = routing ?? ModelRouting.PrefixAware;
  const options: Record<string, string> = {
    host: "0.0.0.0",
    port: `${MODEL_PORT}`,
    "service-discovery": "k8s",
    // Pods and not Services: the choice among a model's replicas is the router's whole purpose.
    "k8s-service-discovery-type": "pod-ip",
    // Kubernetes puts the variable's value in.
    "k8s-namespace": "$(POD_NAMESPACE)",
    "k8s-port": `${MODEL_PORT}`,
    "k8s-label-selector": `${MODEL_SERVER_LABEL} in (${[...servers].sort().join(",")})`,
    "routing-logic": FLAGS[logic],
    ...(logic === ModelRouting.Session ? { "session-key": sessionHeader ?? "x-session-id" } : {}),
    // A replica that has gone between its choice and the request costs no caller an answer.
    "max-instance-failover-reroute-attempts": "1",
    "log-format": "json",
  };
  return Object.entries(options).flatMap(([name, value]) => [`--${name}`, value]);
}

/** The `spec` of the router's Deployment. */
export function routerDeployment(args: ModelRouterArgs): kubernetes.types.input.apps.v1.DeploymentSpec {
  return {
    replicas: routerReplicas(args),
    selector: { matchLabels: ROUTER_SELECTOR },
    strategy: { type: "RollingUpdate", rollingUpdate: { maxUnavailable: 0, maxSurge: 1 } },
    revisionHistoryLimit: 3,
    template: { metadata: { labels: ROUTER_LABELS }, spec: pod(args) },
  };
}

/** Pods of the router. */
export function routerReplicas({ replicas }: ModelRouterArgs): number {
  return replicas ?? 2;
}

function pod(args: ModelRouterArgs): kubernetes.types.input.core.v1.PodSpec {
  const timeout = args.requestTimeoutSeconds ?? MODEL_GATEWAY_DEFAULTS.requestTimeoutSeconds;
  return {
    serviceAccountName: MODEL_ROUTER,
    // It watches the pods of its servers.
    automountServiceAccountToken: true,
    // Variables named after Services would be taken for settings.
    enableServiceLinks: false,
    securityContext: restrictedPod(USER),
    nodeSelector: args.placement?.nodeSelector ?? {},
    tolerations: args.placement?.tolerations ?? [],
    ...(args.priorityClassName === undefined ? {} : { priorityClassName: args.priorityClassName }),
    topologySpreadConstraints: ["topology.kubernetes.io/zone", "kubernetes.io/hostname"].map((topologyKey) => ({
      maxSkew: 1,
      topologyKey,
      whenUnsatisfiable: "ScheduleAnyway",
      labelSelector: { matchLabels: ROUTER_SELECTOR },
      matchLabelKeys: ["pod-template-hash"],
    })),
    terminationGracePeriodSeconds: PRE_STOP_SECONDS + timeout + 30,
    containers: [container(args)],
    volumes: [{ name: "tmp", emptyDir: { sizeLimit: "1Gi" } }],
  };
}

function container(args: ModelRouterArgs): kubernetes.types.input.core.v1.Container {
  const health = { httpGet: { path: "/health", port: "http" }, timeoutSeconds: 5 };
  return {
    name: "router",
    image: imageReference(IMAGES.modelRouter, args.mirrors),
    imagePullPolicy: "IfNotPresent",
    args: routerArguments(args),
    env: [
      { name: "VLLM_API_KEY", valueFrom: apiKey(args.apiKeySecretName) },
      { name: "POD_NAMESPACE", valueFrom: { fieldRef: { fieldPath: "metadata.namespace" } } },
      { name: "HOME", value: "/tmp" },
    ],
    ports: [{ name: "http", containerPort: MODEL_PORT }],
    resources: args.resources ?? {
      requests: { cpu: "500m", memory: "1Gi" },
      limits: { cpu: "2", memory: "2Gi" },
    },
    securityContext: restrictedContainer(),
    startupProbe: { ...health, periodSeconds: 5, failureThreshold: 36 },
    readinessProbe: { ...health, periodSeconds: 5, failureThreshold: 3 },
    livenessProbe: { ...health, periodSeconds: 30, failureThreshold: 5 },
    lifecycle: { preStop: { sleep: { seconds: PRE_STOP_SECONDS } } },
    volumeMounts: [{ name: "tmp", mountPath: "/tmp" }],
  };
}

function apiKey(name: Input<string>) {
  return { secretKeyRef: { name, key: API_KEY_ENTRY } };
}
