import type { KubernetesObject } from "../api/objects";
import { kubeStateMetrics, nodeExporter } from "./exporters";
import { grafana } from "./grafana";
import { alertmanager, prometheus } from "./prometheus";
import { prometheusOperator } from "./prometheus-operator";
import { fullName, type StandIn, type StandInRelease } from "./release";
import { clusterMonitors } from "./stack-monitors";

type Part = (release: StandInRelease) => readonly KubernetesObject[];

/** Parts by the block of the values that switches them; all are on by default. */
const PARTS: Readonly<Record<string, Part>> = {
  grafana,
  kubeStateMetrics,
  nodeExporter,
  alertmanager,
  prometheus,
};

/** kube-prometheus-stack. Rules and dashboards are left out; Prometheus and Alertmanager are made by the operator. */
export const kubePrometheusStack: StandIn = (release) => {
  const { values } = release;
  const parts = Object.entries(PARTS).flatMap(([block, part]) =>
    values[block]?.enabled === false ? [] : part(release),
  );
  const operator = prometheusOperator(release, fullName(release));
  return { objects: [...operator.objects, ...parts, ...clusterMonitors(release)], recorded: operator.recorded };
};
