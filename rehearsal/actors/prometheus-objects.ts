import type { KubernetesObject } from "../api/objects";
import type { Properties } from "../providers/provider";
import { ownedBy } from "./operator";

/** What differs between the two servers that the operator runs. */
interface Server {
  /** Prefix of names, name of the container and of its label. */
  readonly word: "prometheus" | "alertmanager";
  readonly port: number;
  readonly further: Readonly<Record<string, number>>;
  readonly dataFolder: string;
  /** Suffixes of the Secrets that the operator writes for it; the first is its configuration. */
  readonly secrets: readonly string[];
}

const SERVERS: Readonly<Record<string, Server>> = {
  Prometheus: {
    word: "prometheus",
    port: 9090,
    further: {},
    dataFolder: "/prometheus",
    secrets: ["", "-tls-assets-0", "-web-config"],
  },
  Alertmanager: {
    word: "alertmanager",
    port: 9093,
    further: { "mesh-tcp": 9094 },
    dataFolder: "/alertmanager",
    secrets: ["-generated", "-tls-assets-0", "-web-config"],
  },
};

/** What the operator lets the containers do. */
const SECURITY = { allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: { drop: ["ALL"] } };
/** Fields of the custom resource that go into the pods as they are. */
const POD_FIELDS = [
  "affinity",
  "hostNetwork",
  "imagePullSecrets",
  "nodeSelector",
  "priorityClassName",
  "securityContext",
  "serviceAccountName",
  "terminationGracePeriodSeconds",
  "tolerations",
  "topologySpreadConstraints",
  "automountServiceAccountToken",
];

/** What the operator makes of a Prometheus or an Alertmanager; `flags` are the operator's own. */
export function serverObjects(owner: KubernetesObject, flags: Readonly<Record<string, string>>): KubernetesObject[] {
  const server = serverOf(owner);
  const { word } = server;
  const { name } = owner.metadata;
  const secrets = server.secrets.map((suffix) =>
    made(owner, "v1", "Secret", `${word}-${name}${suffix}`, { data: { [`${word}.yaml.gz`]: "" } }),
  );
  const rules =
    word === "prometheus" ? [made(owner, "v1", "ConfigMap", `prometheus-${name}-rulefiles-0`, { data: {} })] : [];
  const ports = { [portName(owner)]: server.port, ...server.further };
  const spec = {
    clusterIP: "None",
    selector: { "app.kubernetes.io/name": word },
    ports: Object.entries(ports).map(([port, number]) => ({ name: port, port: number, targetPort: port })),
  };
  const operated = made(owner, "v1", "Service", `${word}-operated`, { spec }, { "operated-prometheus": "true" });
  return [...secrets, ...rules, operated, statefulSet(owner, server, flags)];
}

/** Flags of a command line by name: `--name=value`. */
export function flagsIn(args: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    args.map((argument) => {
      const [, name = "", value = ""] = /^--?([^=]+)(?:=(.*))?$/.exec(argument) ?? [];
      return [name, value];
    }),
  );
}

/** Name of the StatefulSet. */
export function serverName(owner: KubernetesObject): string {
  return `${serverOf(owner).word}-${owner.metadata.name}`;
}

function serverOf({ kind }: KubernetesObject): Server {
  const server = SERVERS[kind];
  if (server === undefined) throw new Error(`The rehearsal's Prometheus operator does not know the kind ${kind}.`);
  return server;
}

function portName({ spec }: KubernetesObject): string {
  return spec?.portName ?? "web";
}

function statefulSet(
  owner: KubernetesObject,
  server: Server,
  flags: Readonly<Record<string, string>>,
): KubernetesObject {
  const { metadata, spec = {} } = owner;
  const name = serverName(owner);
  const labels = podLabels(owner, server);
  const claim = spec.storage?.volumeClaimTemplate;
  const data = claim?.metadata?.name ?? `${name}-db`;
  const volumes = [
    ...server.secrets.map((suffix) => ({
      name: suffix === server.secrets[0] ? "config" : suffix.slice(1),
      secret: { secretName: `${server.word}-${metadata.name}${suffix}` },
    })),
    { name: "config-out", emptyDir: {} },
    ...(claim === undefined ? [{ name: data, emptyDir: {} }] : []),
  ];
  const own = Object.fromEntries(
    POD_FIELDS.filter((field) => spec[field] !== undefined).map((field) => [field, spec[field]]),
  );
  const pod = {
    ...own,
    initContainers: [reloader("init-config-reloader", flags)],
    containers: patched(
      [mainContainer(owner, server, data), reloader("config-reloader", flags, 8080)],
      spec.containers ?? [],
    ),
    volumes: [...volumes, ...(spec.volumes ?? [])],
  };
  return made(owner, "apps/v1", "StatefulSet", name, {
    spec: {
      replicas: spec.replicas ?? 1,
      podManagementPolicy: "Parallel",
      serviceName: `${server.word}-operated`,
      selector: { matchLabels: labels },
      template: {
        metadata: {
          labels: { ...spec.podMetadata?.labels, ...labels, "app.kubernetes.io/version": String(spec.version ?? "0") },
          annotations: { ...spec.podMetadata?.annotations, "kubectl.kubernetes.io/default-container": server.word },
        },
        spec: pod,
      },
      ...(claim === undefined ? {} : { volumeClaimTemplates: [{ metadata: { name: data }, spec: claim.spec }] }),
    },
  });
}

function podLabels({ metadata, kind }: KubernetesObject, { word }: Server): Record<string, string> {
  const { name } = metadata;
  return {
    "app.kubernetes.io/instance": name,
    "app.kubernetes.io/managed-by": "prometheus-operator",
    "app.kubernetes.io/name": word,
    [word]: name,
    ...(kind === "Prometheus" ? { "operator.prometheus.io/name": name, "operator.prometheus.io/shard": "0" } : {}),
  };
}

function mainContainer(owner: KubernetesObject, { word, port, further, dataFolder }: Server, data: string): Properties {
  const { image, resources } = owner.spec ?? {};
  const ports = { [portName(owner)]: port, ...further };
  return {
    name: word,
    image,
    ...(resources === undefined ? {} : { resources }),
    ports: Object.entries(ports).map(([name, containerPort]) => ({ name, containerPort })),
    securityContext: SECURITY,
    volumeMounts: [
      { name: "config-out", mountPath: `/etc/${word}/config_out`, readOnly: true },
      { name: data, mountPath: dataFolder },
    ],
  };
}

/** The side container that follows the configuration; the operator's flags say what it asks for. */
function reloader(name: string, flags: Readonly<Record<string, string>>, port?: number): Properties {
  const amounts = (which: "request" | "limit") =>
    Object.fromEntries(
      ["cpu", "memory"]
        .map((resource) => [resource, flags[`config-reloader-${resource}-${which}`] ?? ""])
        .filter(([, amount]) => amount !== "" && amount !== "0"),
    );
  return {
    name,
    image: flags["prometheus-config-reloader"] ?? "",
    resources: { requests: amounts("request"), limits: amounts("limit") },
    ...(port === undefined ? {} : { ports: [{ name: "reloader-web", containerPort: port }] }),
    securityContext: SECURITY,
    volumeMounts: [
      { name: "config", mountPath: "/etc/config" },
      { name: "config-out", mountPath: "/etc/config_out" },
    ],
  };
}

/** Containers of the custom resource are laid over those of the operator, by name. */
function patched(containers: readonly Properties[], patches: readonly Properties[]): Properties[] {
  const known = containers.map((container) => ({
    ...container,
    ...patches.find(({ name }) => name === container.name),
  }));
  return [...known, ...patches.filter(({ name }) => !containers.some((container) => container.name === name))];
}

function made(
  owner: KubernetesObject,
  apiVersion: string,
  kind: string,
  name: string,
  body: Properties,
  further: Readonly<Record<string, string>> = {},
): KubernetesObject {
  const { namespace = "" } = owner.metadata;
  const labels = { "app.kubernetes.io/managed-by": "prometheus-operator", ...further };
  return { apiVersion, kind, metadata: { name, namespace, labels, ...ownedBy(owner) }, ...body };
}
