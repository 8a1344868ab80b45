import type * as pulumi from "@pulumi/pulumi";
import { IMAGES, imageRepository } from "../internal/images";
import type { Mirrors } from "../internal/mirrors";
import type { ContainerResources, Placement } from "../internal/pods";
import { restrictedContainer, restrictedPod } from "../internal/pods";
import { ALB_INGRESS_CLASS } from "./ingress-contract";

/** Fixed names of the controller: what its identity is bound to, before it exists. */
export const LOAD_BALANCER_CONTROLLER = {
  namespace: "kube-system",
  serviceAccount: "aws-load-balancer-controller",
  releaseName: "aws-load-balancer-controller",
  /** The API server calls the webhooks here: flows must let the cluster's subnets in. */
  webhookPort: 9443,
} as const;

/** What a pod of the controller gets unless told otherwise. */
export const LOAD_BALANCER_CONTROLLER_RESOURCES: ContainerResources = {
  requests: { cpu: "100m", memory: "128Mi" },
  limits: { cpu: "500m", memory: "512Mi" },
};

/** The user of the controller's image (distroless `nonroot`). */
const USER = 65532;

/** What the values of the chart depend on. */
export interface LoadBalancerControllerValues {
  readonly clusterName: pulumi.Input<string>;
  readonly region: pulumi.Input<string>;
  readonly vpcId: pulumi.Input<string>;
  readonly replicas: number;
  readonly albIngressClass: boolean;
  readonly serviceMonitors: boolean;
  readonly serviceAccountAnnotations?: pulumi.Input<Record<string, string>>;
  readonly resources?: ContainerResources;
  readonly placement?: Placement;
  readonly mirrors?: Mirrors;
}

/** Values of the chart `aws-load-balancer-controller`. */
export function loadBalancerControllerValues(settings: LoadBalancerControllerValues) {
  return {
    clusterName: settings.clusterName,
    // Both given, so that the controller need not ask the instance metadata, which pods cannot reach.
    region: settings.region,
    vpcId: settings.vpcId,
    replicaCount: settings.replicas,
    image: {
      repository: imageRepository(IMAGES.loadBalancerController, settings.mirrors),
      tag: IMAGES.loadBalancerController.tag,
    },
    fullnameOverride: LOAD_BALANCER_CONTROLLER.releaseName,
    serviceAccount: {
      create: true,
      name: LOAD_BALANCER_CONTROLLER.serviceAccount,
      annotations: settings.serviceAccountAnnotations ?? {},
    },
    // The mutator would stand in the way of every Service in the cluster whenever the controller is down.
    enableServiceMutatorWebhook: false,
    // The default makes a new certificate authority at every upgrade, and the webhooks fail until pods have reloaded it.
    keepTLSSecret: true,
    // Likewise the webhook of Ingresses, where no Ingress is this controller's.
    webhookConfig: { disableIngressValidation: !settings.albIngressClass },
    defaultTargetType: "ip",
    ingressClass: ALB_INGRESS_CLASS,
    createIngressClassResource: settings.albIngressClass,
    ingressClassParams: { create: settings.albIngressClass },
    podSecurityContext: restrictedPod(USER),
    securityContext: restrictedContainer(),
    resources: settings.resources ?? LOAD_BALANCER_CONTROLLER_RESOURCES,
    podDisruptionBudget: settings.replicas > 1 ? { maxUnavailable: 1 } : {},
    nodeSelector: settings.placement?.nodeSelector ?? {},
    tolerations: settings.placement?.tolerations ?? [],
    serviceMonitor: { enabled: settings.serviceMonitors },
  };
}
