import type { KubernetesObject } from "../api/objects";
import type { Properties } from "../providers/provider";
import { clustersOf, type Family, type Host, hostsOf, named, scopeLabels } from "./clickhouse-hosts";
import { claimName, dataTemplate } from "./clickhouse-pods";
import { ownedBy } from "./operator";

/** What is there before any host: configuration and disruption budgets. */
export function commonObjects(family: Family, installation: KubernetesObject): KubernetesObject[] {
  const { prefix } = family;
  const { settings = {}, profiles = {}, files = {}, users = {} } = installation.spec?.configuration ?? {};
  const owner = `${prefix}-${installation.metadata.name}`;
  // The operator writes XML of which nobody reads a word here; passwords are no part of it.
  const text = (content: object) => JSON.stringify(content, null, 1);
  const map = (name: string, data: Record<string, string>) =>
    made(family, installation, ["v1", "ConfigMap"], `${owner}-common-${name}`, { data });
  return [
    map("configd", { "chop-generated-settings.xml": text({ settings, files: Object.keys(files) }) }),
    ...(prefix === "chi"
      ? [map("usersd", { "chop-generated-users.xml": text({ users: Object.keys(users), profiles }) })]
      : []),
    ...clustersOf(installation)
      .filter(({ pdbManaged = "yes" }) => ["yes", "true", "1", "enabled"].includes(String(pdbManaged).toLowerCase()))
      .map((cluster) => disruptionBudget(family, installation, cluster)),
  ];
}

/** What belongs to one host beside its StatefulSet. */
export function hostObjects(family: Family, installation: KubernetesObject, host: Host): KubernetesObject[] {
  const labels = scopeLabels(family, installation, "Host", host);
  const data = dataTemplate(installation);
  const name = `${family.prefix}-${installation.metadata.name}-deploy-confd-${host.address}`;
  const service: Properties = {
    clusterIP: "None",
    publishNotReadyAddresses: true,
    ports: portsOf(family),
    selector: labels,
  };
  const { ownerReferences: _, ...free } = made(family, installation, ["v1", "ConfigMap"], name, {}, labels).metadata;
  return [
    made(family, installation, ["v1", "ConfigMap"], name, { data: { "chop-generated-macros.xml": host.name } }, labels),
    made(family, installation, ["v1", "Service"], host.name, { spec: service }, labels),
    ...(data?.byOperator
      ? [
          // Claims outlive their installation when the policy says so: nobody owns them.
          {
            apiVersion: "v1",
            kind: "PersistentVolumeClaim",
            metadata: { ...free, name: claimName(data, host) },
            spec: data.spec,
          },
        ]
      : []),
  ];
}

/** Services over several hosts; the operator makes them when the first host is there. */
export function sharedServices(family: Family, installation: KubernetesObject): KubernetesObject[] {
  const { prefix, domain } = family;
  const { templates = {} } = installation.spec?.defaults ?? {};
  const whole = service(
    family,
    installation,
    templates.serviceTemplate,
    family.service,
    scopeLabels(family, installation),
  );
  const hosts = hostsOf(family, installation);
  const shards = hosts.filter(({ replica }) => replica === 0);
  const clusters = shards.filter(({ shard }) => shard === 0);
  const part = (template: string | undefined, some: readonly Host[], scope: "Cluster" | "Shard", pattern: string) =>
    template === undefined
      ? []
      : some.map((host) =>
          service(family, installation, template, pattern, scopeLabels(family, installation, scope, host), host),
        );
  return [
    whole,
    ...part(templates.clusterServiceTemplate, clusters, "Cluster", `cluster-{${prefix}}-{cluster}`),
    ...part(templates.shardServiceTemplate, shards, "Shard", `shard-{${prefix}}-{cluster}-{shard}`),
  ].map((object) => ({
    ...object,
    spec: { ...object.spec, selector: { ...object.spec.selector, [`${domain}/ready`]: "yes" } },
  }));
}

function service(
  family: Family,
  installation: KubernetesObject,
  templateName: string | undefined,
  pattern: string,
  selector: Record<string, string>,
  host?: Host,
): KubernetesObject {
  const templates = (installation.spec?.templates?.serviceTemplates ?? []) as Properties[];
  const template = templates.find(({ name }) => name === templateName) ?? {};
  const { spec = { clusterIP: "None", ports: portsOf(family) }, generateName = pattern, metadata = {} } = template;
  const name = named(family, installation, generateName, host);
  const object = made(family, installation, ["v1", "Service"], name, { spec: { ...spec, selector } }, selector);
  return {
    ...object,
    metadata: {
      ...object.metadata,
      labels: { ...metadata.labels, ...object.metadata.labels },
      ...(metadata.annotations === undefined ? {} : { annotations: metadata.annotations }),
    },
  };
}

function disruptionBudget(family: Family, installation: KubernetesObject, cluster: Properties): KubernetesObject {
  const host: Host = { name: "", address: "", cluster: cluster.name, shard: 0, replica: 0 };
  const matchLabels = scopeLabels(family, installation, "Cluster", host);
  const name = `${family.prefix}-${installation.metadata.name}-${cluster.name}`;
  const spec = { maxUnavailable: cluster.pdbMaxUnavailable ?? 1, selector: { matchLabels } };
  return made(family, installation, ["policy/v1", "PodDisruptionBudget"], name, { spec });
}

function portsOf({ ports }: Family): Properties[] {
  return Object.entries(ports).map(([name, port]) => ({ name, port, targetPort: port, protocol: "TCP" }));
}

function made(
  family: Family,
  installation: KubernetesObject,
  [apiVersion, kind]: readonly [string, string],
  name: string,
  body: Properties,
  labels = scopeLabels(family, installation),
): KubernetesObject {
  const { namespace = "" } = installation.metadata;
  return { apiVersion, kind, metadata: { name, namespace, labels, ...ownedBy(installation) }, ...body };
}
