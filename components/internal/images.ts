import type { Mirrors } from "./mirrors";

/** A container image by its parts; `tag` is always exact. */
export interface Image {
  readonly registry: string;
  readonly repository: string;
  readonly tag: string;
}

/** Every image that we name ourselves, pinned; the ones that a chart brings are named in that chart's values builder. */
export const IMAGES = {
  clickhouseServer: { registry: "docker.io", repository: "clickhouse/clickhouse-server", tag: "25.12.10.7" },
  clickhouseKeeper: { registry: "docker.io", repository: "clickhouse/clickhouse-keeper", tag: "25.12.10.7" },
  clickhouseOperator: { registry: "docker.io", repository: "altinity/clickhouse-operator", tag: "0.27.3" },
  clickhouseMetricsExporter: { registry: "docker.io", repository: "altinity/metrics-exporter", tag: "0.27.3" },
  keda: { registry: "ghcr.io", repository: "kedacore/keda", tag: "2.20.2" },
  kedaMetricsServer: { registry: "ghcr.io", repository: "kedacore/keda-metrics-apiserver", tag: "2.20.2" },
  kedaWebhooks: { registry: "ghcr.io", repository: "kedacore/keda-admission-webhooks", tag: "2.20.2" },
  verticalPodAutoscalerRecommender: {
    registry: "registry.k8s.io",
    repository: "autoscaling/vpa-recommender",
    tag: "1.7.1",
  },
  prometheusOperator: { registry: "quay.io", repository: "prometheus-operator/prometheus-operator", tag: "v0.93.1" },
  prometheusConfigReloader: {
    registry: "quay.io",
    repository: "prometheus-operator/prometheus-config-reloader",
    tag: "v0.93.1",
  },
  prometheus: { registry: "quay.io", repository: "prometheus/prometheus", tag: "v3.14.0-distroless" },
  alertmanager: { registry: "quay.io", repository: "prometheus/alertmanager", tag: "v0.34.0" },
  nodeExporter: { registry: "quay.io", repository: "prometheus/node-exporter", tag: "v1.12.1-distroless" },
  kubeStateMetrics: {
    registry: "registry.k8s.io",
    repository: "kube-state-metrics/kube-state-metrics",
    tag: "v2.20.0",
  },
  grafana: { registry: "docker.io", repository: "grafana/grafana", tag: "13.2.0" },
  grafanaSidecar: { registry: "quay.io", repository: "kiwigrid/k8s-sidecar", tag: "2.10.1" },
  thanos: { registry: "quay.io", repository: "thanos/thanos", tag: "v0.42.4" },
  webhookCertgen: { registry: "ghcr.io", repository: "jkroepke/kube-webhook-certgen", tag: "1.8.7" },
  loadBalancerController: { registry: "public.ecr.aws", repository: "eks/aws-load-balancer-controller", tag: "v3.5.0" },
  traefik: { registry: "docker.io", repository: "library/traefik", tag: "v3.7.11" },
  f5Nginx: { registry: "docker.io", repository: "nginx/nginx-ingress", tag: "5.5.4" },
  ingressNginx: { registry: "registry.k8s.io", repository: "ingress-nginx/controller", tag: "v1.15.1" },
  certManagerController: { registry: "quay.io", repository: "jetstack/cert-manager-controller", tag: "v1.21.1" },
  certManagerWebhook: { registry: "quay.io", repository: "jetstack/cert-manager-webhook", tag: "v1.21.1" },
  certManagerCainjector: { registry: "quay.io", repository: "jetstack/cert-manager-cainjector", tag: "v1.21.1" },
  certManagerAcmeSolver: { registry: "quay.io", repository: "jetstack/cert-manager-acmesolver", tag: "v1.21.1" },
  certManagerStartupApiCheck: {
    registry: "quay.io",
    repository: "jetstack/cert-manager-startupapicheck",
    tag: "v1.21.1",
  },
  externalSecrets: { registry: "ghcr.io", repository: "external-secrets/external-secrets", tag: "v2.8.0" },
  externalDns: { registry: "registry.k8s.io", repository: "external-dns/external-dns", tag: "v0.21.0" },
  langfuseWeb: { registry: "docker.io", repository: "langfuse/langfuse", tag: "3.225.4" },
  langfuseWorker: { registry: "docker.io", repository: "langfuse/langfuse-worker", tag: "3.225.4" },
  langfuseWebV4: { registry: "docker.langfuse.com", repository: "langfuse/langfuse", tag: "4.4.0" },
  langfuseWorkerV4: { registry: "docker.langfuse.com", repository: "langfuse/langfuse-worker", tag: "4.4.0" },
  argoCd: { registry: "quay.io", repository: "argoproj/argocd", tag: "v3.4.4" },
  argoCdDex: { registry: "ghcr.io", repository: "dexidp/dex", tag: "v2.45.1" },
  argoCdRedis: { registry: "public.ecr.aws", repository: "docker/library/redis", tag: "8.2.3-alpine" },
  argoRollouts: { registry: "quay.io", repository: "argoproj/argo-rollouts", tag: "v1.9.0" },
  flagger: { registry: "ghcr.io", repository: "fluxcd/flagger", tag: "1.44.0" },
  flaggerLoadTester: { registry: "ghcr.io", repository: "fluxcd/flagger-loadtester", tag: "0.38.0" },
  vllm: { registry: "docker.io", repository: "vllm/vllm-openai", tag: "v0.32.0" },
  // Every commit to the router's main branch becomes an image under its hash; releases are none of its own.
  modelRouter: {
    registry: "ghcr.io",
    repository: "vllm-project/production-stack/router",
    tag: "a6c01db05f65f556235413ba8dbcfb0c01132fff",
  },
  leaderWorkerSets: { registry: "registry.k8s.io", repository: "lws/lws", tag: "v0.10.0" },
  nvidiaDevicePlugin: { registry: "nvcr.io", repository: "nvidia/k8s-device-plugin", tag: "v0.20.0" },
  dcgmExporter: { registry: "nvcr.io", repository: "nvidia/k8s/dcgm-exporter", tag: "4.5.3-4.8.2-distroless" },
  /** Where AWS keeps images of add-ons; nodes of every commercial region may pull from there. */
  efaDevicePlugin: {
    registry: "602401143452.dkr.ecr.us-west-2.amazonaws.com",
    repository: "eks/aws-efa-k8s-device-plugin",
    tag: "v0.5.20",
  },
  kubeScheduler134: { registry: "registry.k8s.io", repository: "kube-scheduler", tag: "v1.34.4" },
  kubeScheduler135: { registry: "registry.k8s.io", repository: "kube-scheduler", tag: "v1.35.4" },
  kubeScheduler136: { registry: "registry.k8s.io", repository: "kube-scheduler", tag: "v1.36.1" },
  clusterAutoscaler134: { registry: "registry.k8s.io", repository: "autoscaling/cluster-autoscaler", tag: "v1.34.5" },
  clusterAutoscaler135: { registry: "registry.k8s.io", repository: "autoscaling/cluster-autoscaler", tag: "v1.35.2" },
  clusterAutoscaler136: { registry: "registry.k8s.io", repository: "autoscaling/cluster-autoscaler", tag: "v1.36.1" },
} as const satisfies Record<string, Image>;

/** An image as charts want it: registry apart, mirror applied. */
export interface ImageParts {
  readonly registry: string;
  readonly repository: string;
  readonly tag: string;
}

/**
 * Where an image is pulled from, in parts. With the mirror `host/prefix` the registry becomes `host` and the repository
 * `prefix/<registry>/<repository>`, so that charts which take registry and repository apart and charts which take one
 * string end up with the same reference.
 */
export function imageParts(image: Image, mirrors: Mirrors | undefined): ImageParts {
  const mirror = mirrors?.images?.replace(/\/+$/, "");
  if (mirror === undefined) return image;
  const [registry = mirror, ...prefix] = mirror.split("/");
  return { registry, repository: [...prefix, image.registry, image.repository].join("/"), tag: image.tag };
}

/** `registry/repository`, mirror applied, without the tag. */
export function imageRepository(image: Image, mirrors: Mirrors | undefined): string {
  const { registry, repository } = imageParts(image, mirrors);
  return `${registry}/${repository}`;
}

/** The full reference `registry/repository:tag`, mirror applied. */
export function imageReference(image: Image, mirrors: Mirrors | undefined): string {
  return `${imageRepository(image, mirrors)}:${image.tag}`;
}
