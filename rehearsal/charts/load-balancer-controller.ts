import type { Properties } from "../providers/provider";
import { disruptionBudget, generatedSecret, releaseObject, service, serviceAccount, serviceMonitor } from "./objects";
import { fullName, type Labels, type StandIn, type StandInRelease, selectorLabels } from "./release";
import { type Webhook, webhookConfiguration } from "./webhooks";
import { container, deployment, placementOf, secretVolume } from "./workloads";

const NAME = "aws-load-balancer-controller";
/** The chart's prefix for what is not the controller's own. */
const WEBHOOK_SERVICE = "aws-load-balancer-webhook-service";
const CERTIFICATE = "aws-load-balancer-tls";
const WEBHOOKS = "aws-load-balancer-webhook";
const GROUP = "elbv2.k8s.aws/v1beta1";
const ITSELF = { matchExpressions: [{ key: "app.kubernetes.io/name", operator: "In", values: [NAME] }] };
const NOT_ITSELF = { matchExpressions: [{ key: "app.kubernetes.io/name", operator: "NotIn", values: [NAME] }] };

/** The AWS Load Balancer Controller. */
export const loadBalancerController: StandIn = (release) => {
  const { values } = release;
  const [name, labels] = [fullName(release), selectorLabels(release, NAME)];
  const isMonitored = values.serviceMonitor?.enabled === true;
  return {
    objects: [
      ...disruptionBudget(release, name, { labels, bounds: values.podDisruptionBudget }),
      ...(values.serviceAccount?.create === false
        ? []
        : [serviceAccount(release, accountName(release), labels, values.serviceAccount)]),
      generatedSecret(release, CERTIFICATE, labels, ["ca.crt", "tls.crt", "tls.key"]),
      service(release, WEBHOOK_SERVICE, {
        labels: { ...labels, "app.kubernetes.io/component": "webhook", "prometheus.io/service-monitor": "false" },
        selector: labels,
        ports: [{ name: "webhook-server", port: 443, targetPort: "webhook-server" }],
      }),
      ...(isMonitored
        ? [
            service(release, name, {
              labels,
              ports: [{ name: "metrics-server", port: 8080, targetPort: "metrics-server" }],
            }),
          ]
        : []),
      controller(release, name, labels),
      ...(isMonitored ? [monitor(release, name, labels)] : []),
      ...(values.createIngressClassResource === false ? [] : [ingressClass(release, labels)]),
      ...(values.ingressClassParams?.create === false
        ? []
        : [releaseObject(release, [GROUP, "IngressClassParams"], values.ingressClass ?? "alb", labels)].map(outside)),
    ],
    recorded: [
      webhookConfiguration(release, "MutatingWebhookConfiguration", WEBHOOKS, WEBHOOK_SERVICE, mutating(values)),
      webhookConfiguration(release, "ValidatingWebhookConfiguration", WEBHOOKS, WEBHOOK_SERVICE, validating(values)),
    ],
  };
};

function accountName({ values }: StandInRelease): string {
  return values.serviceAccount?.name ?? NAME;
}

function controller(release: StandInRelease, name: string, labels: Labels) {
  const { values } = release;
  const term = { labelSelector: ITSELF, topologyKey: "kubernetes.io/hostname" };
  return deployment(release, name, {
    labels,
    replicas: values.replicaCount ?? 2,
    strategy: values.updateStrategy,
    podLabels: { ...labels, ...values.podLabels },
    podAnnotations: values.podAnnotations,
    pod: {
      serviceAccountName: accountName(release),
      volumes: [secretVolume("cert", CERTIFICATE)],
      securityContext: values.podSecurityContext ?? { fsGroup: 65534 },
      terminationGracePeriodSeconds: 10,
      affinity: {
        podAntiAffinity: { preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 100, podAffinityTerm: term }] },
      },
      ...withDefaults(placementOf(values)),
      containers: [
        container(NAME, values.image, {
          ports: { "webhook-server": 9443, "metrics-server": 8080 },
          resources: values.resources,
          securityContext: values.securityContext ?? {
            readOnlyRootFilesystem: true,
            runAsNonRoot: true,
            allowPrivilegeEscalation: false,
          },
          volumeMounts: [{ name: "cert", mountPath: "/tmp/k8s-webhook-server/serving-certs", readOnly: true }],
        }),
      ],
    },
  });
}

/** The chart keeps its pods apart, and calls them critical, unless told otherwise. */
function withDefaults({ affinity, priorityClassName = "system-cluster-critical", ...rest }: Properties): Properties {
  return { ...rest, priorityClassName, ...(affinity === undefined ? {} : { affinity }) };
}

function monitor(release: StandInRelease, name: string, labels: Labels) {
  const unwatched = { key: "prometheus.io/service-monitor", operator: "NotIn", values: ["false"] };
  const selector = { matchLabels: labels, matchExpressions: [unwatched] };
  return serviceMonitor(release, name, { labels, selector, endpoints: [{ port: "metrics-server" }] });
}

function ingressClass(release: StandInRelease, labels: Labels) {
  const { values } = release;
  const name = values.ingressClass ?? "alb";
  const parameters = { apiGroup: "elbv2.k8s.aws", kind: "IngressClassParams", name };
  const spec = {
    controller: "ingress.k8s.aws/alb",
    ...(values.ingressClassParams?.create === false ? {} : { parameters }),
  };
  return outside(releaseObject(release, ["networking.k8s.io/v1", "IngressClass"], name, labels, { spec }));
}

/** An object of a kind that lives outside namespaces. */
function outside(object: ReturnType<typeof releaseObject>) {
  const { namespace: _, ...metadata } = object.metadata;
  return { ...object, metadata };
}

function mutating(values: Properties): Webhook[] {
  const gate = "elbv2.k8s.aws/pod-readiness-gate-inject";
  const pods: Webhook = {
    name: "mpod.elbv2.k8s.aws",
    apiVersion: "v1",
    resources: ["pods"],
    operations: ["CREATE"],
    failurePolicy: "Ignore",
    namespaceSelector: { matchExpressions: [{ key: gate, operator: "In", values: ["enabled"] }] },
    objectSelector: NOT_ITSELF,
  };
  const services: Webhook = {
    name: "mservice.elbv2.k8s.aws",
    apiVersion: "v1",
    resources: ["services"],
    operations: ["CREATE"],
    objectSelector: NOT_ITSELF,
  };
  return [
    pods,
    ...(values.enableServiceMutatorWebhook === false ? [] : [services]),
    { name: "mtargetgroupbinding.elbv2.k8s.aws", apiVersion: GROUP, resources: ["targetgroupbindings"] },
  ];
}

function validating(values: Properties): Webhook[] {
  const ingresses: Webhook = {
    name: "vingress.elbv2.k8s.aws",
    apiVersion: "networking.k8s.io/v1",
    resources: ["ingresses"],
  };
  return [
    { name: "vingressclassparams.elbv2.k8s.aws", apiVersion: GROUP, resources: ["ingressclassparams"] },
    { name: "vtargetgroupbinding.elbv2.k8s.aws", apiVersion: GROUP, resources: ["targetgroupbindings"] },
    ...(values.webhookConfig?.disableIngressValidation ? [] : [ingresses]),
  ];
}
