import type { KubernetesObject } from "../api/objects";
import type { Properties } from "../providers/provider";
import { clustersOf, type Family, type Host, type Scope, scopeLabels } from "./clickhouse-hosts";
import type { OperatorSettings } from "./clickhouse-settings";
import { ownedBy } from "./operator";

/** The claim template that holds the data. */
export interface DataTemplate {
  readonly name: string;
  readonly spec: Properties;
  /** Whether the claims go with the installation. */
  readonly deleted: boolean;
  /** Whether the operator makes the claims; else the StatefulSet does. */
  readonly byOperator: boolean;
}

/** The template of an installation's data; undefined when its pods keep none. */
export function dataTemplate({ spec }: KubernetesObject): DataTemplate | undefined {
  const { templates = {}, storageManagement = {} } = spec?.defaults ?? {};
  const found = ((spec?.templates?.volumeClaimTemplates ?? []) as Properties[]).find(
    ({ name }) => name === templates.dataVolumeClaimTemplate,
  );
  if (found === undefined) return undefined;
  const { name, spec: claim, reclaimPolicy, storageManagement: own = {} } = found;
  return {
    name,
    spec: claim,
    deleted: (reclaimPolicy ?? storageManagement.reclaimPolicy ?? "Delete") === "Delete",
    byOperator: (own.provisioner ?? storageManagement.provisioner ?? "StatefulSet") === "Operator",
  };
}

/** Name of the claim of a host. */
export function claimName({ name }: DataTemplate, host: Host): string {
  return `${name}-${host.name}-0`;
}

/** The StatefulSet of one host: one pod, as the templates of the installation say. */
export function statefulSetOf(
  family: Family,
  installation: KubernetesObject,
  host: Host,
  settings: OperatorSettings,
): KubernetesObject {
  const labels = scopeLabels(family, installation, "Host", host);
  const { metadata } = podTemplateOf(installation);
  const data = dataTemplate(installation);
  const own = copied(installation, settings);
  const template = {
    metadata: {
      labels: { ...own.labels, ...metadata?.labels, ...labels },
      annotations: { ...own.annotations, ...metadata?.annotations },
    },
    spec: podSpec(family, installation, host),
  };
  const claims =
    data === undefined || data.byOperator
      ? {}
      : { volumeClaimTemplates: [{ metadata: { name: data.name }, spec: data.spec }] };
  return {
    apiVersion: "apps/v1",
    kind: "StatefulSet",
    metadata: { name: host.name, namespace: installation.metadata.namespace ?? "", labels, ...ownedBy(installation) },
    spec: {
      replicas: ["yes", "true", "1", "enabled"].includes(String(installation.spec?.stop)) ? 0 : 1,
      serviceName: host.name,
      selector: { matchLabels: labels },
      template,
      ...claims,
    },
  };
}

/** Labels and annotations of an installation go onto its pods, except those that the operator was told to leave out. */
function copied({ metadata }: KubernetesObject, { excludedAnnotations, excludedLabels }: OperatorSettings) {
  const pick = (from: Readonly<Record<string, string>> = {}, excluded: readonly string[]) =>
    Object.fromEntries(
      Object.entries(from).filter(
        ([key]) => !excluded.includes(key) && key !== "kubectl.kubernetes.io/last-applied-configuration",
      ),
    );
  return {
    labels: pick(metadata.labels, excludedLabels),
    annotations: pick(metadata.annotations, excludedAnnotations),
  };
}

function podTemplateOf({ spec }: KubernetesObject): Properties {
  const wanted = spec?.defaults?.templates?.podTemplate;
  return ((spec?.templates?.podTemplates ?? []) as Properties[]).find(({ name }) => name === wanted) ?? {};
}

function podSpec(family: Family, installation: KubernetesObject, host: Host): Properties {
  const { spec = {}, podDistribution = [] } = podTemplateOf(installation);
  const volumes = volumesOf(family, installation, host);
  const containers = ((spec.containers ?? []) as Properties[]).map((container, index) =>
    filledContainer(family, installation, container, index, volumes),
  );
  const required = (podDistribution as Properties[]).map((rule) => antiAffinity(family, installation, host, rule));
  const { podAntiAffinity = {}, ...affinity } = spec.affinity ?? {};
  const { requiredDuringSchedulingIgnoredDuringExecution: own = [], ...preferred } = podAntiAffinity;
  const distribution = {
    podAntiAffinity: { ...preferred, requiredDuringSchedulingIgnoredDuringExecution: [...own, ...required] },
  };
  return {
    ...spec,
    affinity: required.length === 0 ? spec.affinity : { ...affinity, ...distribution },
    containers,
    volumes: [...(spec.volumes ?? []), ...volumes.map(({ volume }) => volume).filter((volume) => volume !== undefined)],
  };
}

/** A volume, where it is mounted, and its source unless the StatefulSet makes it. */
interface Mounted {
  readonly mount: Properties;
  readonly volume?: Properties;
}

function volumesOf(family: Family, installation: KubernetesObject, host: Host): Mounted[] {
  const { prefix, dataFolder, configurationFolder } = family;
  const configuration = (name: string, folder: string): Mounted => ({
    mount: { name, mountPath: `${configurationFolder}/${folder}/` },
    volume: { name, configMap: { name } },
  });
  const owner = `${prefix}-${installation.metadata.name}`;
  const data = dataTemplate(installation);
  const claim = data?.byOperator
    ? { volume: { name: data.name, persistentVolumeClaim: { claimName: claimName(data, host) } } }
    : {};
  return [
    configuration(`${owner}-common-configd`, "config.d"),
    ...(prefix === "chi" ? [configuration(`${owner}-common-usersd`, "users.d")] : []),
    configuration(`${owner}-deploy-confd-${host.address}`, "conf.d"),
    ...(data === undefined ? [] : [{ mount: { name: data.name, mountPath: dataFolder }, ...claim }]),
  ];
}

/** Volumes go into every container; ports and passwords into the server's, which has the known name or is the first. */
function filledContainer(
  family: Family,
  installation: KubernetesObject,
  container: Properties,
  index: number,
  volumes: readonly Mounted[],
): Properties {
  const named = ((podTemplateOf(installation).spec?.containers ?? []) as Properties[]).some(
    ({ name }) => name === family.container,
  );
  const isServer = named ? container.name === family.container : index === 0;
  const mounts = { volumeMounts: [...(container.volumeMounts ?? []), ...volumes.map(({ mount }) => mount)] };
  if (!isServer) return { ...container, ...mounts };
  const ports = (container.ports ?? []) as Properties[];
  const missing = Object.entries(family.ports).filter(
    ([, number]) => !ports.some(({ containerPort }) => containerPort === number),
  );
  return {
    ...container,
    ...mounts,
    ports: [...ports, ...missing.map(([name, containerPort]) => ({ name, containerPort }))],
    env: [...(container.env ?? []), ...passwords(family, installation)],
  };
}

/** Secrets that the configuration names are read through the environment. */
function passwords({ prefix }: Family, installation: KubernetesObject): Properties[] {
  if (prefix === "chk") return [];
  const users = Object.entries(installation.spec?.configuration?.users ?? {}) as [string, Properties][];
  const named = users
    .filter(([, value]) => value?.valueFrom?.secretKeyRef !== undefined)
    .map(([path, { valueFrom }]) => ({
      name: `CONFIGURATION_USERS_${path.toUpperCase().replace(/[^A-Z0-9]/g, "_")}`,
      valueFrom,
    }));
  const between = clustersOf(installation)
    .filter(({ secret }) => secret?.valueFrom !== undefined)
    .map(({ secret }) => ({ name: "CLICKHOUSE_INTERNODE_CLUSTER_SECRET", valueFrom: secret.valueFrom }));
  return [{ name: "CLICKHOUSE_SKIP_USER_SETUP", value: "1" }, ...named, ...between];
}

/** What pods each type of distribution keeps apart, beside those of its scope. */
const DISTRIBUTIONS: Readonly<Record<string, Scope | undefined>> = {
  ClickHouseAntiAffinity: undefined,
  ShardAntiAffinity: "Shard",
  ReplicaAntiAffinity: "Replica",
};

function antiAffinity(family: Family, installation: KubernetesObject, host: Host, rule: Properties): Properties {
  const { type, scope = "Cluster", topologyKey = "kubernetes.io/hostname" } = rule;
  if (!(type in DISTRIBUTIONS)) {
    throw new Error(
      `podDistribution has the type ${type}, which the rehearsal does not model. Use one of ${Object.keys(DISTRIBUTIONS).join(", ")}.`,
    );
  }
  const part = DISTRIBUTIONS[type];
  const own = scopeLabels(family, installation, scope, host);
  // A shard is one of its cluster, so that its label alone says nothing.
  const narrow = part === undefined ? {} : scopeLabels(family, installation, part, host);
  const matchLabels =
    scope === "ClickHouseInstallation" ? { ...own, ...without(narrow, family, "cluster") } : { ...own, ...narrow };
  return { labelSelector: { matchLabels }, topologyKey };
}

function without(labels: Record<string, string>, { domain }: Family, name: string): Record<string, string> {
  const { [`${domain}/${name}`]: _, ...rest } = labels;
  return rest;
}
