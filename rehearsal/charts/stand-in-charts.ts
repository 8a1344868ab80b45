import { argoCd } from "./argo-cd";
import { argoRollouts } from "./argo-rollouts";
import { certManager } from "./cert-manager";
import { chartName, type ReleaseObjects, type ReleaseRequest } from "./chart-installer";
import { clickHouseOperator } from "./clickhouse-operator";
import { clusterAutoscaler } from "./cluster-autoscaler";
import { dcgmExporter } from "./dcgm-exporter";
import { efaDevicePlugin } from "./efa-device-plugin";
import { externalDns } from "./external-dns";
import { externalSecrets } from "./external-secrets";
import { f5Nginx } from "./f5-nginx";
import { flagger, loadTester } from "./flagger";
import { ingressNginx } from "./ingress-nginx";
import { inInstallOrder } from "./install-order";
import { keda } from "./keda";
import { kubePrometheusStack } from "./kube-prometheus-stack";
import { langfuse } from "./langfuse";
import { leaderWorkerSets } from "./leader-worker-sets";
import { loadBalancerController } from "./load-balancer-controller";
import { nvidiaDevicePlugin } from "./nvidia-device-plugin";
import type { StandIn } from "./release";
import { traefik } from "./traefik";
import { verticalPodAutoscaler } from "./vertical-pod-autoscaler";

/** Charts by name. Those of CRDs alone leave nothing to stand in for: the kinds are there before. */
const STAND_INS: Readonly<Record<string, StandIn>> = {
  "altinity-clickhouse-operator": clickHouseOperator,
  "argo-cd": argoCd,
  "argo-rollouts": argoRollouts,
  "aws-efa-k8s-device-plugin": efaDevicePlugin,
  "aws-load-balancer-controller": loadBalancerController,
  "cert-manager": certManager,
  "cluster-autoscaler": clusterAutoscaler,
  "dcgm-exporter": dcgmExporter,
  "external-dns": externalDns,
  "external-secrets": externalSecrets,
  flagger,
  "ingress-nginx": ingressNginx,
  keda,
  "kube-prometheus-stack": kubePrometheusStack,
  langfuse,
  loadtester: loadTester,
  lws: leaderWorkerSets,
  "nginx-ingress": f5Nginx,
  "nvidia-device-plugin": nvidiaDevicePlugin,
  "prometheus-operator-crds": () => ({ objects: [] }),
  traefik,
  "vertical-pod-autoscaler": verticalPodAutoscaler,
};

/** Names of the charts that something stands in for. */
export const STAND_IN_CHARTS: readonly string[] = Object.keys(STAND_INS);

/** The workloads that a release of a chart would have, made from its values alone. */
export function standInObjects(request: ReleaseRequest): ReleaseObjects {
  const { name, namespace, version, values } = request;
  const chart = chartName(request);
  const standIn = STAND_INS[chart];
  if (standIn === undefined) {
    throw new Error(
      `Release ${namespace}/${name}: nothing stands in for the chart ${chart}. Mirror the chart (setting charts.mirror), or add it to rehearsal/charts.`,
    );
  }
  const { objects, recorded = [] } = standIn({ name, namespace, chart, version, values });
  return { objects: inInstallOrder(objects), customResourceDefinitions: [], recorded, rendered: false };
}
