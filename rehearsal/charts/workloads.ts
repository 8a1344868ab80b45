import type { KubernetesObject } from "../api/objects";
import type { Properties } from "../providers/provider";
import { releaseObject } from "./objects";
import type { Labels, StandInRelease } from "./release";

/** A workload of a chart. */
export interface Workload {
  readonly labels: Labels;
  /** Labels that its selector has. Default all. */
  readonly selector?: Labels;
  /** Labels of its pods. Default its own. */
  readonly podLabels?: Labels;
  readonly podAnnotations?: Labels;
  readonly annotations?: Labels;
  /** Undefined leaves the number to an autoscaler. */
  readonly replicas?: number;
  /** As the kind has it (`strategy`, `updateStrategy`); default that of Kubernetes. */
  readonly strategy?: Properties;
  /** Specification of its pods. */
  readonly pod: Properties;
}

/** A Deployment of the release. */
export function deployment(release: StandInRelease, name: string, workload: Workload): KubernetesObject {
  const { replicas, strategy } = workload;
  return withTemplate(release, "Deployment", name, workload, {
    ...(replicas === undefined ? {} : { replicas }),
    ...(strategy === undefined ? {} : { strategy }),
  });
}

/** A DaemonSet of the release. */
export function daemonSet(release: StandInRelease, name: string, workload: Workload): KubernetesObject {
  const { strategy } = workload;
  return withTemplate(release, "DaemonSet", name, workload, strategy === undefined ? {} : { updateStrategy: strategy });
}

function withTemplate(
  release: StandInRelease,
  kind: string,
  name: string,
  { labels, selector = labels, podLabels = labels, podAnnotations, annotations, pod }: Workload,
  spec: Properties,
): KubernetesObject {
  const metadata = { labels: podLabels, ...noted(podAnnotations) };
  const object = releaseObject(release, ["apps/v1", kind], name, labels, {
    spec: { ...spec, selector: { matchLabels: selector }, template: { metadata, spec: filled(pod) } },
  });
  return { ...object, metadata: { ...object.metadata, ...noted(annotations) } };
}

function noted(annotations: Labels | undefined): Properties {
  return annotations === undefined || Object.keys(annotations).length === 0 ? {} : { annotations };
}

/** Where pods run, as nearly every chart takes it from its values. */
export function placementOf(values: Properties = {}): Properties {
  const { nodeSelector, tolerations, affinity, topologySpreadConstraints, priorityClassName } = values;
  return { nodeSelector, tolerations, affinity, topologySpreadConstraints, priorityClassName };
}

/** A container's reference to its image, from values in parts. */
export function imageOf({ registry, repository, tag }: Properties): string {
  return `${registry === undefined || registry === "" ? "" : `${registry}/`}${repository}:${tag}`;
}

/** A container; `ports` by name. */
export function container(
  name: string,
  image: Properties,
  { ports = {}, ...rest }: Properties & { readonly ports?: Readonly<Record<string, number>> },
): Properties {
  const list = Object.entries(ports).map(([port, containerPort]) => ({ name: port, containerPort, protocol: "TCP" }));
  return filled({ name, image: imageOf(image), ...(list.length === 0 ? {} : { ports: list }), ...rest });
}

/** A volume from a Secret. */
export function secretVolume(name: string, secretName: string, optional?: boolean): Properties {
  return { name, secret: { secretName, ...(optional ? { optional } : {}) } };
}

/** Charts leave out what the values leave empty. */
function filled(properties: Properties): Properties {
  return Object.fromEntries(
    Object.entries(properties).filter(
      ([, value]) => value !== undefined && value !== null && value !== "" && !isEmpty(value),
    ),
  );
}

function isEmpty(value: unknown): boolean {
  return typeof value === "object" && value !== null && Object.keys(value).length === 0;
}
