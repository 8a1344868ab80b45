import type * as pulumi from "@pulumi/pulumi";
import { IMAGES, type Image, imageRepository } from "../internal/images";
import type { KubernetesMinor } from "../internal/kubernetes-versions";
import type { Mirrors } from "../internal/mirrors";
import { type ContainerResources, type Placement, restrictedContainer, restrictedPod } from "../internal/pods";
import { CLUSTER_AUTOSCALER_IDENTITY } from "./addon-identities";

/** The autoscaler simulates the scheduler, so that its minor must be the cluster's. */
export const CLUSTER_AUTOSCALER_IMAGES: Readonly<Record<KubernetesMinor, Image>> = {
  "1.34": IMAGES.clusterAutoscaler134,
  "1.35": IMAGES.clusterAutoscaler135,
  "1.36": IMAGES.clusterAutoscaler136,
};

/** `nobody`; the image is static and writes nothing. */
const USER = 65534;

/** Labels by which the chart selects the autoscaler's pods. */
const POD_LABELS = {
  "app.kubernetes.io/instance": "cluster-autoscaler",
  "app.kubernetes.io/name": "aws-cluster-autoscaler",
};

/** Replicas apart by zone where that is possible. */
const SPREAD = [
  {
    maxSkew: 1,
    topologyKey: "topology.kubernetes.io/zone",
    whenUnsatisfiable: "ScheduleAnyway",
    labelSelector: { matchLabels: POD_LABELS },
  },
];

const EXTRA_ARGS = {
  logtostderr: true,
  stderrthreshold: "info",
  v: 2,
  // Keeps the groups of a pool with one a zone equally large.
  "balance-similar-node-groups": true,
  // Nodes with replicated system pods or emptyDir volumes may go; what must stay says so by its disruption budget.
  "skip-nodes-with-system-pods": false,
  "skip-nodes-with-local-storage": false,
  expander: "least-waste",
};

/** What the values are made from. */
export interface ClusterAutoscalerSettings {
  readonly clusterName: pulumi.Input<string>;
  readonly region: string;
  readonly minor: KubernetesMinor;
  readonly replicas: number;
  readonly resources: ContainerResources;
  readonly placement?: Placement;
  readonly serviceAccountAnnotations?: pulumi.Input<Record<string, string>>;
  readonly mirrors?: Mirrors;
}

/** Values of the chart `cluster-autoscaler`. */
export function clusterAutoscalerValues(settings: ClusterAutoscalerSettings) {
  const image = CLUSTER_AUTOSCALER_IMAGES[settings.minor];
  return {
    fullnameOverride: "cluster-autoscaler",
    cloudProvider: "aws",
    awsRegion: settings.region,
    // Groups of the cluster's node groups carry the tags of this discovery from EKS.
    autoDiscovery: { clusterName: settings.clusterName },
    image: { repository: imageRepository(image, settings.mirrors), tag: image.tag },
    replicaCount: settings.replicas,
    priorityClassName: "system-cluster-critical",
    // The node's resolver: CoreDNS may be waiting for the very node that the autoscaler is about to start.
    dnsPolicy: "Default",
    rbac: {
      create: true,
      serviceAccount: {
        create: true,
        name: CLUSTER_AUTOSCALER_IDENTITY.serviceAccount,
        annotations: settings.serviceAccountAnnotations ?? {},
      },
    },
    extraArgs: EXTRA_ARGS,
    resources: settings.resources,
    podDisruptionBudget: { maxUnavailable: 1 },
    nodeSelector: settings.placement?.nodeSelector ?? {},
    tolerations: settings.placement?.tolerations ?? [],
    topologySpreadConstraints: SPREAD,
    securityContext: restrictedPod(USER),
    containerSecurityContext: restrictedContainer(),
  };
}
