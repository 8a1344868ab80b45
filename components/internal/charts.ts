import type { Mirrors } from "./mirrors";

/** A Helm chart that we install, pinned. */
export interface Chart {
  readonly name: string;
  /** Exact chart version, as in the chart's own Chart.yaml. */
  readonly version: string;
  /** Classic repository URL, or an `oci://` base under which the chart is named. */
  readonly repository: string;
}

/** Every chart of the platform. A version moves only here; facts about each chart's values are tested beside its component. */
export const CHARTS = {
  langfuse: { name: "langfuse", version: "1.5.41", repository: "https://langfuse.github.io/langfuse-k8s" },
  langfuseV4: { name: "langfuse", version: "2.0.0", repository: "https://langfuse.github.io/langfuse-k8s" },
  clickhouseOperator: {
    name: "altinity-clickhouse-operator",
    version: "0.27.3",
    repository: "https://helm.altinity.com",
  },
  loadBalancerController: {
    name: "aws-load-balancer-controller",
    version: "3.5.0",
    repository: "https://aws.github.io/eks-charts",
  },
  certManager: { name: "cert-manager", version: "v1.21.1", repository: "https://charts.jetstack.io" },
  traefik: { name: "traefik", version: "41.3.0", repository: "https://traefik.github.io/charts" },
  f5Nginx: { name: "nginx-ingress", version: "2.6.4", repository: "https://helm.nginx.com/stable" },
  ingressNginx: {
    name: "ingress-nginx",
    version: "4.15.1",
    repository: "https://kubernetes.github.io/ingress-nginx",
  },
  externalDns: {
    name: "external-dns",
    version: "1.21.1",
    repository: "https://kubernetes-sigs.github.io/external-dns/",
  },
  verticalPodAutoscaler: {
    name: "vertical-pod-autoscaler",
    version: "0.11.0",
    repository: "https://kubernetes.github.io/autoscaler",
  },
  keda: { name: "keda", version: "2.20.2", repository: "https://kedacore.github.io/charts" },
  clusterAutoscaler: {
    name: "cluster-autoscaler",
    version: "9.59.0",
    repository: "https://kubernetes.github.io/autoscaler",
  },
  prometheusOperatorCrds: {
    name: "prometheus-operator-crds",
    version: "31.0.1",
    repository: "https://prometheus-community.github.io/helm-charts",
  },
  kubePrometheusStack: {
    name: "kube-prometheus-stack",
    version: "88.5.3",
    repository: "https://prometheus-community.github.io/helm-charts",
  },
  argoCd: { name: "argo-cd", version: "10.1.1", repository: "https://argoproj.github.io/argo-helm" },
  argoRollouts: { name: "argo-rollouts", version: "2.41.0", repository: "https://argoproj.github.io/argo-helm" },
  flagger: { name: "flagger", version: "1.44.0", repository: "https://flagger.app" },
  flaggerLoadTester: { name: "loadtester", version: "0.38.0", repository: "https://flagger.app" },
  leaderWorkerSets: { name: "lws", version: "0.10.0", repository: "oci://registry.k8s.io/lws/charts" },
  nvidiaDevicePlugin: {
    name: "nvidia-device-plugin",
    version: "0.20.0",
    repository: "https://nvidia.github.io/k8s-device-plugin",
  },
  dcgmExporter: {
    name: "dcgm-exporter",
    version: "4.8.2",
    repository: "https://nvidia.github.io/dcgm-exporter/helm-charts",
  },
  efaDevicePlugin: {
    name: "aws-efa-k8s-device-plugin",
    version: "v0.5.30",
    repository: "https://aws.github.io/eks-charts",
  },
  externalSecrets: {
    name: "external-secrets",
    version: "2.8.0",
    repository: "https://charts.external-secrets.io",
  },
} as const satisfies Record<string, Chart>;

/** What `kubernetes.helm.v3.Release` needs to find a chart. */
export interface ChartSource {
  readonly chart: string;
  readonly version?: string;
  readonly repositoryOpts?: { readonly repo: string };
}

/** Where to take `chart` from: its own repository, or `<mirror>/<name>-<version>.tgz` when a mirror is set. */
export function chartSource(chart: Chart, mirrors: Mirrors | undefined): ChartSource {
  const mirror = mirrors?.charts;
  if (mirror !== undefined) {
    return { chart: `${mirror.replace(/\/+$/, "")}/${chart.name}-${chart.version}.tgz`, version: chart.version };
  }
  if (chart.repository.startsWith("oci://")) {
    return { chart: `${chart.repository}/${chart.name}`, version: chart.version };
  }
  return { chart: chart.name, version: chart.version, repositoryOpts: { repo: chart.repository } };
}
