import type * as pulumi from "@pulumi/pulumi";
import { IMAGES, type Image, imageRepository } from "../internal/images";
import type { Mirrors } from "../internal/mirrors";
import { type ContainerResources, type Placement, restrictedContainer } from "../internal/pods";
import { API_KEY_ENTRY } from "../llm/model-names";
import type { RoleRule } from "./argo-cd-kinds";

/** Who shifts traffic between the old and the new version. */
export const FlaggerProvider = {
  /** By weights, in Traefik's own objects. */
  Traefik: "traefik",
  /** All at once, by the selector of a Service; for ingress controllers without weights, such as an ALB's. */
  Kubernetes: "kubernetes",
} as const;
export type FlaggerProvider = (typeof FlaggerProvider)[keyof typeof FlaggerProvider];

/** Names in both releases. */
export const FLAGGER = {
  release: "flagger",
  serviceAccount: "flagger",
  port: 8080,
  loadTester: "flagger-loadtester",
  /** Port of the load tester's Service, and of its container: behind the VPC CNI's policies they must be one. */
  loadTesterPort: 8080,
  /** Where the load tester finds the API keys of servers, one file each. */
  apiKeys: "/etc/model-api-keys",
} as const;

/** What the values depend on; `FlaggerArgs` carries all of it. */
export interface FlaggerSettings {
  readonly canaryNamespace: pulumi.Input<string>;
  readonly prometheusUrl: pulumi.Input<string>;
  readonly provider?: FlaggerProvider;
  readonly replicas?: number;
  readonly apiKeySecrets?: Record<string, pulumi.Input<string>>;
  readonly podMonitor?: boolean;
  readonly placement?: Placement;
  readonly priorityClassName?: pulumi.Input<string>;
  readonly mirrors?: Mirrors;
}

const CONTROLLER_RESOURCES: ContainerResources = {
  requests: { cpu: "20m", memory: "64Mi" },
  limits: { cpu: "1", memory: "512Mi" },
};
const LOAD_TESTER_RESOURCES: ContainerResources = {
  requests: { cpu: "50m", memory: "64Mi" },
  limits: { cpu: "500m", memory: "256Mi" },
};

/** Values of the chart `flagger`: one namespace, rights of our own there, nothing in the rest of the cluster. */
export function flaggerValues(settings: FlaggerSettings) {
  const replicas = settings.replicas ?? 2;
  return {
    ...image(IMAGES.flagger, settings.mirrors),
    logLevel: "info",
    metricsServer: settings.prometheusUrl,
    meshProvider: settings.provider ?? FlaggerProvider.Traefik,
    namespace: settings.canaryNamespace,
    selectorLabels: "app",
    noCrossNamespaceRefs: true,
    configTracking: { enabled: true },
    // The chart brings its kinds in `crds/` already.
    crd: { create: false },
    // The chart's role reaches every Secret of the cluster.
    rbac: { create: false, pspEnabled: false },
    serviceAccount: { create: true, name: FLAGGER.serviceAccount },
    leaderElection: { enabled: true, replicaCount: replicas },
    podDisruptionBudget: { enabled: replicas > 1, minAvailable: 1 },
    podMonitor: { enabled: settings.podMonitor ?? false, interval: "30s" },
    prometheus: { install: false },
    securityContext: { enabled: true, context: { ...restrictedContainer(), runAsUser: 10001 } },
    resources: CONTROLLER_RESOURCES,
    ...placed(settings),
  };
}

/** Values of the chart `loadtester`, which sends requests to new versions: API keys from Secrets, no token of the cluster. */
export function loadTesterValues(settings: FlaggerSettings) {
  const secrets = Object.entries(settings.apiKeySecrets ?? {});
  const volume = {
    name: "api-keys",
    projected: {
      // Read by the image's user alone, which is why it needs the group.
      defaultMode: 0o440,
      sources: secrets.map(([server, name]) => ({
        secret: { name, items: [{ key: API_KEY_ENTRY, path: server }] },
      })),
    },
  };
  return {
    ...image(IMAGES.flaggerLoadTester, settings.mirrors),
    fullnameOverride: FLAGGER.loadTester,
    nameOverride: FLAGGER.loadTester,
    replicaCount: 1,
    logLevel: "info",
    podLabels: LOAD_TESTER_LABELS,
    cmd: { timeout: "1h", namespaceRegexp: settings.canaryNamespace },
    service: { type: "ClusterIP", port: FLAGGER.loadTesterPort },
    rbac: { create: false },
    serviceAccountName: FLAGGER.loadTester,
    securityContext: {
      enabled: true,
      context: { ...restrictedContainer(), runAsUser: LOAD_TESTER_USER, runAsGroup: LOAD_TESTER_GROUP },
    },
    podSecurityContext: { enabled: true, context: { fsGroup: LOAD_TESTER_GROUP } },
    resources: LOAD_TESTER_RESOURCES,
    volumes: secrets.length === 0 ? [] : [volume],
    volumeMounts: secrets.length === 0 ? [] : [{ name: "api-keys", mountPath: FLAGGER.apiKeys, readOnly: true }],
    ...placed(settings),
  };
}

/** Labels by which policies find the load tester. */
export const LOAD_TESTER_LABELS = { "llm-platform/role": "load-tester" } as const;

/** Numeric user and group of the load tester's image. */
export const LOAD_TESTER_USER = 100;
const LOAD_TESTER_GROUP = 101;

/** What Flagger does in the namespace of its canaries. Secrets and ConfigMaps of a new version become those of the primary. */
export function flaggerRules(): RoleRule[] {
  const verbs = ["get", "list", "watch", "create", "update", "patch", "delete"];
  return [
    { apiGroups: [""], resources: ["events", "configmaps", "secrets", "services"], verbs },
    { apiGroups: ["coordination.k8s.io"], resources: ["leases"], verbs },
    { apiGroups: ["apps"], resources: ["deployments", "deployments/finalizers"], verbs },
    { apiGroups: ["autoscaling"], resources: ["horizontalpodautoscalers"], verbs },
    { apiGroups: ["keda.sh"], resources: ["scaledobjects", "scaledobjects/finalizers"], verbs },
    { apiGroups: ["traefik.io"], resources: ["traefikservices"], verbs },
    {
      apiGroups: ["flagger.app"],
      resources: [
        "canaries",
        "canaries/status",
        "canaries/finalizers",
        "metrictemplates",
        "metrictemplates/status",
        "alertproviders",
        "alertproviders/status",
      ],
      verbs,
    },
  ];
}

function image(pin: Image, mirrors: Mirrors | undefined) {
  return { image: { repository: imageRepository(pin, mirrors), tag: pin.tag, pullPolicy: "IfNotPresent" } };
}

function placed({ placement, priorityClassName }: FlaggerSettings) {
  return {
    nodeSelector: placement?.nodeSelector ?? {},
    tolerations: placement?.tolerations ?? [],
    ...(priorityClassName === undefined ? {} : { podPriorityClassName: priorityClassName }),
  };
}
