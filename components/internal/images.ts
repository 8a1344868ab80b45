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
