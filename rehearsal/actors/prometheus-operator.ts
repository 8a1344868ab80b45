import type { KubernetesObject } from "../api/objects";
import { readiness } from "../kubernetes/readiness";
import type { Properties } from "../providers/provider";
import { type Condition, type Operator, setConditions, type Work } from "./operator";
import { flagsIn, serverName, serverObjects } from "./prometheus-objects";

const API_VERSION = "monitoring.coreos.com/v1";
/** What the operator serves kubelets' metrics by. */
const KUBELET_PORTS = { "https-metrics": 10250, "http-metrics": 10255, cadvisor: 4194 };

/** The Prometheus operator: runs Prometheus and Alertmanager, and keeps the Service of the kubelets. */
export const PROMETHEUS_OPERATOR: Operator = {
  name: "prometheus-operator",
  pods: "app.kubernetes.io/component=prometheus-operator",
  kinds: [
    [API_VERSION, "Prometheus"],
    [API_VERSION, "Alertmanager"],
  ],
  attended: (controller) => kubeletService(flagsIn(argumentsOf(controller))["kubelet-service"]),
  reconcile: async (object, work) => {
    const flags = flagsIn(argumentsOf(work.controller));
    for (const made of serverObjects(object, flags)) await work.apply(object, made);
    await reportServer(object, work);
  },
};

function argumentsOf({ spec }: KubernetesObject): string[] {
  return ((spec?.containers ?? []) as Properties[]).flatMap(({ args = [] }) => args as string[]);
}

async function reportServer(object: KubernetesObject, { api }: Work): Promise<void> {
  const { namespace = "" } = object.metadata;
  const live = await api.read({ apiVersion: "apps/v1", kind: "StatefulSet", namespace, name: serverName(object) });
  const { state, why } = live === undefined ? { state: "waiting", why: "it is not there yet" } : readiness(live);
  const available: Condition = {
    type: "Available",
    status: state === "ready" ? "True" : "False",
    reason: state === "ready" ? "" : "NoPodReady",
    message: why,
  };
  const reconciled: Condition = { type: "Reconciled", status: "True", reason: "", message: "" };
  const { replicas = 0, availableReplicas = 0, updatedReplicas = 0 } = live?.status ?? {};
  const unavailableReplicas = replicas - availableReplicas;
  const numbers = { paused: false, replicas, availableReplicas, updatedReplicas, unavailableReplicas };
  await setConditions(api, object, [available, reconciled], numbers);
}

/** The Service by which Prometheus finds the kubelets; none when the operator is not told to keep one. */
function kubeletService(flag: string | undefined): KubernetesObject[] {
  const [namespace, name] = flag?.split("/") ?? [];
  if (namespace === undefined || name === undefined) return [];
  const labels = {
    "app.kubernetes.io/managed-by": "prometheus-operator",
    "app.kubernetes.io/name": "kubelet",
    "k8s-app": "kubelet",
  };
  const ports = Object.entries(KUBELET_PORTS).map(([port, number]) => ({ name: port, port: number }));
  const metadata = { name, namespace, labels };
  return [{ apiVersion: "v1", kind: "Service", metadata, spec: { clusterIP: "None", ports } }];
}
