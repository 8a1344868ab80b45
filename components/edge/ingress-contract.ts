/** Which software serves the Ingress objects. */
export const IngressControllerKind = {
  /** Traefik with its ingress-nginx provider: understands the `nginx.ingress.kubernetes.io` annotations. */
  Traefik: "traefik",
  /** The F5 NGINX Ingress Controller (annotations `nginx.org`). */
  F5Nginx: "f5-nginx",
  /** An AWS Application Load Balancer per Ingress group, made by the AWS Load Balancer Controller. */
  Alb: "alb",
  /** kubernetes/ingress-nginx: retired in March 2026, no security fixes since. */
  IngressNginx: "ingress-nginx",
} as const;
export type IngressControllerKind = (typeof IngressControllerKind)[keyof typeof IngressControllerKind];

/** The namespace that every ingress controller is meant for, so that flows and targets survive a change of controller. */
export const INGRESS_NAMESPACE = "ingress";

/** What the rest of a platform must know of an ingress controller before it exists. Plain values. */
export interface IngressContract {
  /** For `spec.ingressClassName`. */
  readonly ingressClassName: string;
  /** For `spec.controller` of the IngressClass. */
  readonly ingressClassController: string;
  /** Name of the Helm release. */
  readonly releaseName: string;
  /** Name of the ClusterIP Service. */
  readonly serviceName: string;
  /** Port of plain HTTP: of the Service and of the container alike, since the VPC CNI matches policies before translation. */
  readonly httpPort: number;
  /** Port of HTTPS, likewise. */
  readonly httpsPort: number;
  /** Where a load balancer asks over HTTP whether a pod takes traffic. */
  readonly healthPort: number;
  readonly healthPath: string;
  /** Port of Prometheus metrics. */
  readonly metricsPort: number;
  /** Labels that select the controller's pods, for network policies. */
  readonly podLabels: Record<string, string>;
}

/**
 * The contract of a controller that runs in the cluster; undefined for `alb`, whose load balancer talks to the
 * applications' pods directly.
 */
export function ingressContract(kind: IngressControllerKind): IngressContract | undefined {
  switch (kind) {
    case IngressControllerKind.Traefik:
      return TRAEFIK;
    case IngressControllerKind.F5Nginx:
      return F5_NGINX;
    case IngressControllerKind.IngressNginx:
      return INGRESS_NGINX;
    case IngressControllerKind.Alb:
      return undefined;
  }
}

/** The class that Ingress objects name under each controller. */
export function ingressClassNameOf(kind: IngressControllerKind): string {
  return ingressContract(kind)?.ingressClassName ?? ALB_INGRESS_CLASS;
}

/** The class that the AWS Load Balancer Controller's chart creates when asked to. */
export const ALB_INGRESS_CLASS = "alb";

const TRAEFIK: IngressContract = {
  ingressClassName: "nginx",
  ingressClassController: "k8s.io/ingress-nginx",
  releaseName: "traefik",
  serviceName: "traefik",
  httpPort: 8000,
  httpsPort: 8443,
  healthPort: 8080,
  healthPath: "/ping",
  metricsPort: 9100,
  podLabels: { "app.kubernetes.io/name": "traefik", "app.kubernetes.io/instance": "traefik" },
};

const F5_NGINX: IngressContract = {
  ingressClassName: "nginx",
  ingressClassController: "nginx.org/ingress-controller",
  releaseName: "nginx-ingress",
  serviceName: "nginx-ingress-controller",
  httpPort: 80,
  httpsPort: 443,
  healthPort: 8081,
  healthPath: "/nginx-ready",
  metricsPort: 9113,
  podLabels: { "app.kubernetes.io/name": "nginx-ingress", "app.kubernetes.io/instance": "nginx-ingress" },
};

const INGRESS_NGINX: IngressContract = {
  ingressClassName: "nginx",
  ingressClassController: "k8s.io/ingress-nginx",
  releaseName: "ingress-nginx",
  serviceName: "ingress-nginx-controller",
  httpPort: 80,
  httpsPort: 443,
  healthPort: 10254,
  healthPath: "/healthz",
  metricsPort: 10254,
  podLabels: {
    "app.kubernetes.io/name": "ingress-nginx",
    "app.kubernetes.io/instance": "ingress-nginx",
    "app.kubernetes.io/component": "controller",
  },
};
