import type * as pulumi from "@pulumi/pulumi";
import { stringify } from "yaml";
import { IMAGES, type Image, imageRepository } from "../internal/images";
import type { Mirrors } from "../internal/mirrors";
import type { ContainerResources, Placement } from "../internal/pods";
import { DELIVERED_GROUPS, OBSERVED_GROUPS, rulesOn } from "./argo-cd-kinds";

/** Names that the chart gives in a release called `argocd`. */
export const ARGO_CD = {
  release: "argocd",
  controllerServiceAccount: "argocd-application-controller",
  serverService: "argocd-server",
  /** What the chart calls its parts in the label `app.kubernetes.io/name`, and the port that each is asked on. */
  ports: { repoServer: 8081, redis: 6379, server: 8080, dexHttp: 5556, dexGrpc: 5557 },
  /** Where each part shows its metrics. */
  metricsPorts: { controller: 8082, server: 8083, repoServer: 8084, applicationSet: 8080 },
} as const;

/** What the values depend on; `ArgoCdArgs` carries all of it. */
export interface ArgoCdSettings {
  readonly replicas?: number;
  readonly controllerResources?: ContainerResources;
  readonly ingress?: ArgoCdIngressArgs;
  readonly dex?: boolean;
  readonly serviceMonitors?: boolean;
  readonly placement?: Placement;
  readonly priorityClassName?: pulumi.Input<string>;
  readonly mirrors?: Mirrors;
}

/** A way into Argo CD from outside; TLS ends at the ingress controller. */
export interface ArgoCdIngressArgs {
  /** Name of the IngressClass. */
  readonly className: pulumi.Input<string>;
  /** Host name, e.g. `argocd.example.com`. */
  readonly host: pulumi.Input<string>;
  /** Secret with the certificate, in Argo CD's namespace. */
  readonly tlsSecretName: pulumi.Input<string>;
  /** Annotations for the controller. Default none. */
  readonly annotations?: pulumi.Input<Record<string, pulumi.Input<string>>>;
}

const SMALL: ContainerResources = {
  requests: { cpu: "50m", memory: "128Mi" },
  limits: { cpu: "500m", memory: "512Mi" },
};
const LARGE: ContainerResources = {
  requests: { cpu: "250m", memory: "512Mi" },
  limits: { cpu: "2", memory: "2Gi" },
};

/**
 * Values of the chart `argo-cd`. Security contexts are the chart's: they pass Pod Security `restricted`. The chart's own
 * policies are off, since the platform's flows are the one table of who talks to whom.
 */
export function argoCdValues(settings: ArgoCdSettings) {
  const { mirrors, ingress } = settings;
  const replicas = settings.replicas ?? 2;
  return {
    // Removing the release must not remove every Application with its kind.
    crds: { install: true, keep: true },
    global: {
      domain: ingress?.host ?? "argocd.invalid",
      image: { ...image(IMAGES.argoCd, mirrors), imagePullPolicy: "IfNotPresent" },
      logging: { format: "json", level: "info" },
      networkPolicy: { create: false },
      nodeSelector: { "kubernetes.io/os": "linux", ...settings.placement?.nodeSelector },
      tolerations: settings.placement?.tolerations ?? [],
      ...(settings.priorityClassName === undefined ? {} : { priorityClassName: settings.priorityClassName }),
    },
    configs: {
      cm: configuration(),
      // Without an Ingress the server speaks TLS itself, also through a port forward.
      params: { "server.insecure": ingress !== undefined },
      // Whoever signs in may do nothing that nobody granted.
      rbac: { "policy.default": "" },
    },
    controller: {
      ...metrics(settings),
      resources: settings.controllerResources ?? LARGE,
      // Reading is for the whole cluster, which the cache needs; writing is granted namespace by namespace.
      clusterRoleRules: {
        enabled: true,
        rules: rulesOn([...DELIVERED_GROUPS, ...OBSERVED_GROUPS], ["get", "list", "watch"]),
      },
    },
    server: {
      ...several(settings, replicas),
      resources: SMALL,
      ingress: ingress === undefined ? { enabled: false } : publicIngress(ingress),
      clusterRoleRules: { enabled: true, rules: serverRules() },
    },
    repoServer: { ...several(settings, replicas), resources: LARGE },
    applicationSet: { ...several(settings, replicas), resources: SMALL },
    // Nobody is told of anything by it: alerts come from Prometheus.
    notifications: { enabled: false },
    commitServer: { enabled: false },
    dex: { enabled: settings.dex ?? false, image: image(IMAGES.argoCdDex, mirrors), resources: SMALL },
    // A cache that is filled again after a restart; nothing is lost with its pod.
    redis: {
      image: image(IMAGES.argoCdRedis, mirrors),
      exporter: { enabled: false },
      resources: SMALL,
      automountServiceAccountToken: false,
    },
    "redis-ha": { enabled: false },
    redisSecretInit: { image: image(IMAGES.argoCd, mirrors), resources: SMALL },
  };
}

/** Argo CD looks at nothing that it does not deliver: so it never holds a Secret of the cluster in its cache. */
function configuration() {
  const inclusions = [...DELIVERED_GROUPS, ...OBSERVED_GROUPS].map(({ group, kinds }) => ({
    apiGroups: [group],
    kinds: Object.keys(kinds),
    clusters: ["*"],
  }));
  return {
    "exec.enabled": false,
    "admin.enabled": true,
    "application.resourceTrackingMethod": "annotation",
    "resource.respectRBAC": "strict",
    "resource.inclusions": stringify(inclusions, { lineWidth: 0 }),
  };
}

/** What the interface shows; it changes nothing, since git does. */
function serverRules() {
  return [
    ...rulesOn([...DELIVERED_GROUPS, ...OBSERVED_GROUPS], ["get"]),
    { apiGroups: [""], resources: ["pods/log"], verbs: ["get"] },
    { apiGroups: [""], resources: ["events"], verbs: ["list"] },
  ];
}

function publicIngress({ className, host, tlsSecretName, annotations }: ArgoCdIngressArgs) {
  return {
    enabled: true,
    ingressClassName: className,
    hostname: host,
    annotations: annotations ?? {},
    extraTls: [{ hosts: [host], secretName: tlsSecretName }],
  };
}

/** A part that may run several times; a budget over a single pod would block every node drain. */
function several(settings: ArgoCdSettings, replicas: number) {
  return {
    replicas,
    ...metrics(settings),
    pdb: replicas > 1 ? { enabled: true, minAvailable: 1 } : { enabled: false },
    topologySpreadConstraints:
      replicas > 1
        ? [{ maxSkew: 1, topologyKey: "topology.kubernetes.io/zone", whenUnsatisfiable: "ScheduleAnyway" }]
        : [],
  };
}

function metrics({ serviceMonitors = false }: ArgoCdSettings) {
  return { metrics: { enabled: serviceMonitors, serviceMonitor: { enabled: serviceMonitors } } };
}

function image(pin: Image, mirrors: Mirrors | undefined) {
  return { repository: imageRepository(pin, mirrors), tag: pin.tag };
}
