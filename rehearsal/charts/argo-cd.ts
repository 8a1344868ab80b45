import type { KubernetesObject } from "../api/objects";
import type { Properties } from "../providers/provider";
import {
  configMap,
  generatedSecret,
  releaseObject,
  type ServicePort,
  service,
  serviceAccount,
  serviceMonitor,
} from "./objects";
import { type Labels, type StandIn, type StandInRelease, selectorLabels } from "./release";
import { container, deployment, placementOf } from "./workloads";

/** One of the chart's workloads that runs Argo CD's own image. */
interface Part {
  /** Its block in the values. */
  readonly block: "controller" | "server" | "repoServer" | "applicationSet";
  readonly name: string;
  readonly ports: Readonly<Record<string, number>>;
  readonly services: readonly ServicePort[];
  readonly metricsPort: number;
  /** The controller is a StatefulSet: each of its pods would take a share of the clusters. */
  readonly stateful?: boolean;
}

const PARTS: readonly Part[] = [
  {
    block: "controller",
    name: "application-controller",
    ports: { metrics: 8082 },
    services: [],
    metricsPort: 8082,
    stateful: true,
  },
  {
    block: "server",
    name: "server",
    ports: { server: 8080, metrics: 8083 },
    services: [
      { name: "http", port: 80, targetPort: 8080 },
      { name: "https", port: 443, targetPort: 8080 },
    ],
    metricsPort: 8083,
  },
  {
    block: "repoServer",
    name: "repo-server",
    ports: { "repo-server": 8081, metrics: 8084 },
    services: [{ name: "tcp-repo-server", port: 8081, targetPort: "repo-server" }],
    metricsPort: 8084,
  },
  {
    block: "applicationSet",
    name: "applicationset-controller",
    ports: { metrics: 8080, probe: 8081, webhook: 7000 },
    services: [{ name: "http-webhook", port: 7000, targetPort: "webhook" }],
    metricsPort: 8080,
  },
];

/** What the chart lets every container do. */
const SECURITY = {
  allowPrivilegeEscalation: false,
  capabilities: { drop: ["ALL"] },
  readOnlyRootFilesystem: true,
  runAsNonRoot: true,
  seccompProfile: { type: "RuntimeDefault" },
};

/** Argo CD: application controller, server, repository server, ApplicationSet controller and their cache; Dex where wanted. */
export const argoCd: StandIn = (release) => ({
  objects: [
    ...PARTS.flatMap((part) => partObjects(release, part)),
    ...redisObjects(release),
    ...(release.values.dex?.enabled === false ? [] : dexObjects(release)),
    ...Object.entries({
      "argocd-cm": release.values.configs?.cm,
      "argocd-cmd-params-cm": release.values.configs?.params,
    }).map(([name, data]) => configMap(release, name, { "app.kubernetes.io/part-of": "argocd" }, texts(data))),
    // What the hook before the installation, and the server at its start, make up.
    generatedSecret(release, "argocd-redis", {}, ["auth"]),
    generatedSecret(release, "argocd-secret", {}, ["server.secretkey"]),
  ],
});

function partObjects(release: StandInRelease, part: Part): KubernetesObject[] {
  const values = release.values[part.block] ?? {};
  const name = `argocd-${part.name}`;
  const selector = selectorLabels(release, name);
  const labels = selectorLabels(release, name, part.name);
  const pod = podOf(release, name, part, values);
  const workload = { labels, selector, podLabels: labels, replicas: values.replicas ?? 1, pod };
  const monitored = values.metrics?.enabled;
  return [
    serviceAccount(release, name, labels),
    ...(part.stateful ? [statefulSet(release, name, workload)] : [deployment(release, name, workload)]),
    ...(part.services.length === 0 ? [] : [service(release, name, { labels, selector, ports: part.services })]),
    ...(values.pdb?.enabled
      ? [
          releaseObject(release, ["policy/v1", "PodDisruptionBudget"], name, labels, {
            spec: { minAvailable: values.pdb.minAvailable, selector: { matchLabels: selector } },
          }),
        ]
      : []),
    ...(monitored ? metricsObjects(release, name, { labels, selector, port: part.metricsPort }) : []),
  ];
}

function podOf({ values }: StandInRelease, name: string, part: Part, own: Properties): Properties {
  return {
    serviceAccountName: name,
    ...placementOf(values.global),
    topologySpreadConstraints: spreadOf(own, name),
    containers: [
      container(part.name, values.global?.image ?? {}, {
        ports: part.ports,
        resources: own.resources,
        securityContext: own.containerSecurityContext ?? SECURITY,
      }),
    ],
  };
}

/** The chart fills in the selector. */
function spreadOf({ topologySpreadConstraints = [] }: Properties, name: string): Properties[] {
  return (topologySpreadConstraints as Properties[]).map((constraint) => ({
    labelSelector: { matchLabels: { "app.kubernetes.io/name": name } },
    ...constraint,
  }));
}

function statefulSet(
  release: StandInRelease,
  name: string,
  workload: { labels: Labels; selector: Labels; replicas: number; pod: Properties },
): KubernetesObject {
  const { spec, ...object } = deployment(release, name, workload);
  return { ...object, kind: "StatefulSet", spec: { ...spec, serviceName: name } };
}

function metricsObjects(
  release: StandInRelease,
  name: string,
  { labels, selector, port }: { labels: Labels; selector: Labels; port: number },
): KubernetesObject[] {
  const metrics = `${name}-metrics`;
  const own = { ...labels, "app.kubernetes.io/name": metrics };
  return [
    service(release, metrics, {
      labels: own,
      selector,
      ports: [{ name: "http-metrics", port, targetPort: "metrics" }],
    }),
    serviceMonitor(release, name, { labels, selector: { matchLabels: own }, endpoints: [{ port: "http-metrics" }] }),
  ];
}

function redisObjects(release: StandInRelease): KubernetesObject[] {
  const { redis = {}, global = {} } = release.values;
  const name = "argocd-redis";
  const selector = selectorLabels(release, name);
  const labels = selectorLabels(release, name, "redis");
  const { runAsNonRoot: _, seccompProfile: __, ...containerSecurity } = SECURITY;
  return [
    service(release, name, { labels, selector, ports: [{ name: "redis", port: 6379, targetPort: "redis" }] }),
    deployment(release, name, {
      labels,
      selector,
      replicas: 1,
      pod: {
        automountServiceAccountToken: redis.automountServiceAccountToken,
        securityContext: redis.securityContext ?? {
          runAsNonRoot: true,
          runAsUser: 999,
          seccompProfile: { type: "RuntimeDefault" },
        },
        ...placementOf(global),
        containers: [
          container("redis", redis.image ?? {}, {
            ports: { redis: 6379 },
            resources: redis.resources,
            env: [{ name: "REDIS_PASSWORD", valueFrom: { secretKeyRef: { name: "argocd-redis", key: "auth" } } }],
            securityContext: redis.containerSecurityContext ?? containerSecurity,
          }),
        ],
      },
    }),
  ];
}

function dexObjects(release: StandInRelease): KubernetesObject[] {
  const { dex = {}, global = {} } = release.values;
  const name = "argocd-dex-server";
  const selector = selectorLabels(release, name);
  const labels = selectorLabels(release, name, "dex-server");
  const ports = { http: 5556, grpc: 5557, metrics: 5558 };
  return [
    serviceAccount(release, name, labels),
    service(release, name, {
      labels,
      selector,
      ports: [
        { name: "http", port: 5556, targetPort: "http" },
        { name: "grpc", port: 5557, targetPort: "grpc" },
      ],
    }),
    deployment(release, name, {
      labels,
      selector,
      replicas: 1,
      pod: {
        serviceAccountName: name,
        ...placementOf(global),
        containers: [
          container("dex-server", dex.image ?? {}, {
            ports,
            resources: dex.resources,
            securityContext: { ...SECURITY, runAsUser: 1001 },
          }),
        ],
      },
    }),
  ];
}

function texts(data: Properties = {}): Labels {
  return Object.fromEntries(Object.entries(data).map(([key, value]) => [key, String(value)]));
}
