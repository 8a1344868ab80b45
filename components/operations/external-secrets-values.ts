import type * as pulumi from "@pulumi/pulumi";
import { IMAGES, imageRepository } from "../internal/images";
import type { Mirrors } from "../internal/mirrors";
import { type ContainerResources, type Placement, restrictedContainer, restrictedPod } from "../internal/pods";

/** What the values depend on; `ExternalSecretsArgs` carries all of it. */
export interface ExternalSecretsSettings {
  readonly replicas?: number;
  readonly resources?: ContainerResources;
  readonly placement?: Placement;
  readonly priorityClassName?: pulumi.Input<string>;
  readonly mirrors?: Mirrors;
}

/** The ServiceAccount that the operator acts in AWS as; the pod identity names it. */
export const EXTERNAL_SECRETS_SERVICE_ACCOUNT = "external-secrets";

/** The user of the image. */
const USER = 1000;

/** Values of the chart `external-secrets`: one image in three Deployments, all of which talk to the API server. */
export function externalSecretsValues(settings: ExternalSecretsSettings) {
  const replicas = settings.replicas ?? 2;
  const pod = podValues(settings, replicas);
  return {
    installCRDs: true,
    // Without it, removing the release would remove every ExternalSecret with its kind, and with those the Secrets they own.
    crds: { annotations: { "helm.sh/resource-policy": "keep" } },
    // Nothing here pushes secrets out of the cluster or makes them, so the operator gets no rights for it.
    processPushSecret: false,
    processClusterPushSecret: false,
    processClusterGenerator: false,
    processClusterExternalSecret: false,
    leaderElect: replicas > 1,
    serviceAccount: { create: true, name: EXTERNAL_SECRETS_SERVICE_ACCOUNT },
    // The store has no roles of other ServiceAccounts to assume: the operator's own identity reads.
    rbac: { serviceAccountTokenCreate: false },
    ...pod,
    livenessProbe: { enabled: true },
    readinessProbe: { enabled: true },
    webhook: { ...pod, livenessProbe: { enabled: true } },
    // One is enough: it renews the webhook's certificate, which lasts.
    certController: {
      ...pod,
      replicaCount: 1,
      podDisruptionBudget: { enabled: false },
      livenessProbe: { enabled: true },
    },
  };
}

function podValues(settings: ExternalSecretsSettings, replicas: number) {
  const { mirrors, placement, priorityClassName } = settings;
  return {
    replicaCount: replicas,
    image: { repository: imageRepository(IMAGES.externalSecrets, mirrors), tag: IMAGES.externalSecrets.tag },
    podSecurityContext: { enabled: true, ...restrictedPod(USER) },
    securityContext: { enabled: true, ...restrictedContainer(), runAsUser: USER },
    resources: settings.resources ?? {
      requests: { cpu: "50m", memory: "128Mi" },
      limits: { cpu: "500m", memory: "512Mi" },
    },
    // A budget over a single pod would block every node drain.
    podDisruptionBudget: replicas > 1 ? { enabled: true, minAvailable: 1 } : { enabled: false },
    nodeSelector: placement?.nodeSelector ?? {},
    tolerations: placement?.tolerations ?? [],
    ...(priorityClassName === undefined ? {} : { priorityClassName }),
  };
}
