import * as pulumi from "@pulumi/pulumi";
import { IMAGES, imageReference } from "../internal/images";
import { restrictedContainer, SECRETS_REVISION } from "../internal/pods";
import { shortHash } from "../internal/stable-json";
import type { ClickHouseArgs } from "./clickhouse";
import { CLICKHOUSE_PORTS, KEEPER_PORTS } from "./clickhouse-names";
import { clickHousePod, scratchSpace, volumeClaim } from "./clickhouse-pods";
import { serverFiles, serverProfiles, serverSettings, serverUsers } from "./clickhouse-server-config";
import { tlsMount } from "./clickhouse-tls";

/** What the installation depends on: the component's Args less its gates and namespace. */
export type ClickHouseSettings = Omit<ClickHouseArgs, "namespace" | "operatorReady" | "policiesReady">;

/** Name of the task that brings the cluster to `spec`: equal for equal specifications. Takes the specification without a task. */
export function taskOf(spec: unknown): string {
  return `spec-${shortHash(spec, 16)}`;
}

/** `spec` of a ClickHouseInstallation, without the task id. */
export function clickHouseSpec(settings: ClickHouseSettings) {
  return {
    reconcile: reconcile(settings.durable),
    defaults: {
      distributedDDL: { profile: "default" },
      // The operator, not the StatefulSet, owns the claims: they can grow without the pods being made anew.
      storageManagement: { provisioner: "Operator", reclaimPolicy: settings.durable ? "Retain" : "Delete" },
      templates: {
        podTemplate: "server",
        dataVolumeClaimTemplate: "data",
        serviceTemplate: "entry",
        shardServiceTemplate: "shard",
      },
    },
    configuration: configuration(settings),
    templates: {
      serviceTemplates: [
        service("entry", "clickhouse-{chi}", settings.tls !== undefined),
        service("shard", "shard-{chi}-{cluster}-{shard}", settings.tls !== undefined),
      ],
      volumeClaimTemplates: [volumeClaim("data", settings.storage, settings.durable)],
      podTemplates: [podTemplate(settings)],
    },
  };
}

function configuration(settings: ClickHouseSettings) {
  return {
    zookeeper: { session_timeout_ms: 30000, operation_timeout_ms: 10000, nodes: keeperNodes(settings.keeperNodes) },
    users: serverUsers(settings),
    profiles: serverProfiles(settings.resources),
    settings: serverSettings(settings.tls !== undefined),
    files: serverFiles(),
    clusters: [
      {
        name: settings.clusterName ?? "default",
        secret: { valueFrom: { secretKeyRef: secretKeyRef(settings.interserverSecret) } },
        // A second disruption budget over the same pods would make every eviction fail: this one is the operator's.
        pdbManaged: "yes",
        pdbMaxUnavailable: 1,
        layout: { shardsCount: settings.shards, replicasCount: settings.replicas },
      },
    ],
  };
}

/** Switches are words, not booleans: the resource definition accepts nothing else. */
function reconcile(durable: boolean) {
  return {
    // The kubelet needs a minute or more until a running pod sees a changed ConfigMap.
    configMapPropagationTimeout: 90,
    cleanup: { unknownObjects: { pvc: durable ? "Retain" : "Delete" } },
    runtime: { reconcileShardsThreadsNumber: 1, reconcileShardsMaxConcurrencyPercent: 50 },
    host: {
      wait: {
        exclude: "yes",
        queries: "yes",
        include: "yes",
        replicas: { all: "yes", new: "yes", delay: 10 },
        probes: { readiness: "yes" },
      },
      drop: { replicas: { onDelete: "yes", onLostVolume: "yes", active: "no" } },
    },
  };
}

function keeperNodes(hosts: ClickHouseSettings["keeperNodes"]): pulumi.Output<{ host: string; port: number }[]> {
  return pulumi.output(hosts).apply((names) => names.map((host) => ({ host, port: KEEPER_PORTS.client })));
}

function secretKeyRef(secret: ClickHouseSettings["interserverSecret"]) {
  return { name: secret.secretName, key: secret.secretKey };
}

/** A template replaces the operator's default Service as a whole, except for the selector, which it adds. */
function service(name: string, generateName: string, tls: boolean) {
  const port = (portName: string, number: number) => ({ name: portName, port: number, targetPort: number });
  return {
    name,
    generateName,
    spec: {
      type: "ClusterIP",
      ports: [
        port("http", CLICKHOUSE_PORTS.http),
        port("tcp", CLICKHOUSE_PORTS.native),
        ...(tls ? [port("https", CLICKHOUSE_PORTS.https), port("secureclient", CLICKHOUSE_PORTS.nativeTls)] : []),
      ],
    },
  };
}

function podTemplate(settings: ClickHouseSettings) {
  return {
    name: "server",
    ...spread(settings),
    metadata: {
      labels: { "app.kubernetes.io/name": "clickhouse" },
      // Passwords reach the server as environment variables, read once at start. A new revision is a new pod template, which
      // the operator rolls one replica at a time and which the task id covers. `restart: RollingUpdate` would instead restart
      // the pods at every later reconciliation until it is removed again.
      annotations: { [SECRETS_REVISION]: settings.secretsRevision ?? "1" },
    },
    spec: {
      ...clickHousePod(settings.placement, settings.priorityClassName),
      ...(settings.serviceAccountName === undefined ? {} : { serviceAccountName: settings.serviceAccountName }),
      terminationGracePeriodSeconds: 120,
      ...softSpread(settings),
      ...podVolumes(settings),
      containers: [serverContainer(settings)],
    },
  };
}

/** One pod a node always; each replica of a shard in its own zone where there are zones enough. Both are hard rules. */
function spread(settings: ClickHouseSettings) {
  const perNode = {
    type: "ClickHouseAntiAffinity",
    scope: "ClickHouseInstallation",
    topologyKey: "kubernetes.io/hostname",
  };
  const perZone = { type: "ShardAntiAffinity", scope: "Cluster", topologyKey: "topology.kubernetes.io/zone" };
  return { podDistribution: hardZones(settings) ? [perNode, perZone] : [perNode] };
}

/** With more replicas than zones a hard rule would leave pods pending: then they spread as evenly as they can. */
function softSpread(settings: ClickHouseSettings) {
  if (hardZones(settings)) return {};
  return {
    topologySpreadConstraints: [
      {
        maxSkew: 1,
        topologyKey: "topology.kubernetes.io/zone",
        whenUnsatisfiable: "ScheduleAnyway",
        labelSelector: { matchLabels: { "clickhouse.altinity.com/chi": settings.installation } },
      },
    ],
  };
}

function hardZones(settings: ClickHouseSettings): boolean {
  return settings.replicas <= settings.zones;
}

function podVolumes(settings: ClickHouseSettings) {
  const volumes = [...scratch(settings).volumes, ...tlsMount(settings).volumes];
  return volumes.length === 0 ? {} : { volumes };
}

function scratch(settings: ClickHouseSettings) {
  return scratchSpace(settings.readOnlyRootFilesystem ?? false, "/var/log/clickhouse-server");
}

function serverContainer(settings: ClickHouseSettings) {
  const image = { ...IMAGES.clickhouseServer, tag: settings.imageTag ?? IMAGES.clickhouseServer.tag };
  const volumeMounts = [...scratch(settings).volumeMounts, ...tlsMount(settings).volumeMounts];
  const port = (name: string, containerPort: number) => ({ name, containerPort });
  const ping = { httpGet: { path: "/ping", port: "http" }, timeoutSeconds: 5 };
  return {
    name: "clickhouse",
    image: imageReference(image, settings.mirrors),
    ports: [
      port("http", CLICKHOUSE_PORTS.http),
      port("tcp", CLICKHOUSE_PORTS.native),
      port("interserver", CLICKHOUSE_PORTS.interserver),
      port("metrics", CLICKHOUSE_PORTS.metrics),
      ...(settings.tls
        ? [port("https", CLICKHOUSE_PORTS.https), port("secureclient", CLICKHOUSE_PORTS.nativeTls)]
        : []),
    ],
    // A server with many parts loads for minutes; the operator's own liveness probe would kill it after 90 seconds.
    startupProbe: { ...ping, periodSeconds: 10, failureThreshold: 120 },
    livenessProbe: { ...ping, periodSeconds: 10, failureThreshold: 6 },
    readinessProbe: { ...ping, periodSeconds: 5, failureThreshold: 3 },
    resources: settings.resources,
    securityContext: restrictedContainer(settings.readOnlyRootFilesystem ?? false),
    ...(volumeMounts.length === 0 ? {} : { volumeMounts }),
  };
}
