import type { KubernetesObject } from "../api/objects";
import type { Properties } from "../providers/provider";

/** Configuration of an add-on, as `configurationValues` has it. */
export type Configuration = Properties;

/** Makes the objects of one add-on from its configuration. */
export type AddonTable = Readonly<Record<string, (configuration: Configuration) => KubernetesObject[]>>;

const NAMESPACE = "kube-system";
/** Runs wherever there is a node, whatever its taints. */
export const EVERYWHERE = [{ operator: "Exists" }];
/** What most controllers tolerate by default. */
export const CRITICAL_ADDONS_ONLY = { key: "CriticalAddonsOnly", operator: "Exists" };

/** Pods of an add-on. */
export interface AddonPods {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  /** Labels that select the pods, where those are fewer. */
  readonly selector?: Readonly<Record<string, string>>;
  readonly serviceAccount?: string;
  readonly containers: readonly Properties[];
  /** Defaults of the pod, which `configuration` overrides where its schema lets it. */
  readonly pod?: Properties;
  /** The block of the configuration that is about these pods. */
  readonly configuration: Configuration;
}

/** A Deployment with its disruption budget: nearly all of EKS' have two pods, of which one may go. */
export function addonDeployment(pods: AddonPods): KubernetesObject[] {
  const { name, labels, selector = labels, configuration } = pods;
  const replicas = configuration.replicaCount ?? configuration.replicas ?? 2;
  const spec = {
    replicas,
    ...template({ ...pods, pod: { priorityClassName: "system-cluster-critical", ...pods.pod } }),
  };
  return [
    addonObject("apps/v1", "Deployment", name, labels, { spec }),
    addonObject("policy/v1", "PodDisruptionBudget", name, labels, {
      spec: { maxUnavailable: 1, selector: { matchLabels: selector } },
    }),
  ];
}

/** A DaemonSet on every node. */
export function addonDaemonSet(pods: AddonPods): KubernetesObject {
  const defaults = { priorityClassName: "system-node-critical", tolerations: EVERYWHERE };
  const spec = template({ ...pods, pod: { ...defaults, ...pods.pod } });
  return addonObject("apps/v1", "DaemonSet", pods.name, pods.labels, { spec });
}

/** A ServiceAccount of an add-on. */
export function addonAccount(name: string): KubernetesObject {
  return addonObject("v1", "ServiceAccount", name, {});
}

/** An object of an add-on in kube-system. */
export function addonObject(
  apiVersion: string,
  kind: string,
  name: string,
  labels: Readonly<Record<string, string>>,
  body: Properties = {},
): KubernetesObject {
  return { apiVersion, kind, metadata: { name, namespace: NAMESPACE, labels: { ...labels } }, ...body };
}

/** A container of an add-on; its image is never pulled. */
export function addonContainer(
  name: string,
  requests: Properties = {},
  limits: Properties = {},
  ports: Properties[] = [],
) {
  return { name, image: `eks/${name}:stand-in`, resources: { requests, limits }, ports };
}

function template({
  labels,
  selector = labels,
  serviceAccount,
  containers,
  pod,
  configuration,
}: AddonPods): Properties {
  const { resources } = configuration;
  const [first, ...others] = containers;
  const sized = resources === undefined ? containers : [{ ...first, resources }, ...others];
  const metadata = {
    labels: { ...labels, ...configuration.podLabels },
    ...(configuration.podAnnotations === undefined ? {} : { annotations: configuration.podAnnotations }),
  };
  const account = serviceAccount === undefined ? {} : { serviceAccountName: serviceAccount };
  const spec = { ...account, ...pod, ...placementIn(configuration), containers: sized };
  return { selector: { matchLabels: selector }, template: { metadata, spec } };
}

/** What add-ons' schemas let one say about where pods run. */
function placementIn(configuration: Configuration): Properties {
  const names = ["nodeSelector", "tolerations", "affinity", "topologySpreadConstraints", "priorityClassName"];
  return Object.fromEntries(
    names.filter((name) => configuration[name] !== undefined).map((name) => [name, configuration[name]]),
  );
}
