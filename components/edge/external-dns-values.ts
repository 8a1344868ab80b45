import * as pulumi from "@pulumi/pulumi";
import { IMAGES, imageRepository } from "../internal/images";
import type { Mirrors } from "../internal/mirrors";
import { type ContainerResources, type Placement, restrictedContainer, restrictedPod } from "../internal/pods";

/** Fixed names of external-dns: what its identity is bound to, before it exists. */
export const EXTERNAL_DNS = {
  namespace: "external-dns",
  serviceAccount: "external-dns",
  releaseName: "external-dns",
} as const;

/** Annotations of an Ingress or Service whose records somebody else keeps: any controller but external-dns' own. */
export const HIDDEN_FROM_EXTERNAL_DNS = { "external-dns.alpha.kubernetes.io/controller": "none" } as const;

/** What the pod gets unless told otherwise. */
export const EXTERNAL_DNS_RESOURCES: ContainerResources = {
  requests: { cpu: "50m", memory: "64Mi" },
  limits: { cpu: "200m", memory: "256Mi" },
};

/** The user of the image (distroless `nonroot`). */
const USER = 65532;

/** What the values of the chart depend on. */
export interface ExternalDnsValues {
  readonly ownerId: pulumi.Input<string>;
  readonly region: pulumi.Input<string>;
  readonly zoneIds: pulumi.Input<pulumi.Input<string>[]>;
  readonly domains: string[];
  readonly policy: string;
  readonly serviceMonitors: boolean;
  readonly serviceAccountAnnotations?: pulumi.Input<Record<string, string>>;
  readonly resources?: ContainerResources;
  readonly placement?: Placement;
  readonly priorityClassName?: pulumi.Input<string>;
  readonly mirrors?: Mirrors;
}

/** Values of the chart `external-dns`. */
export function externalDnsValues(settings: ExternalDnsValues) {
  return {
    provider: { name: "aws" },
    sources: ["ingress", "service"],
    policy: settings.policy,
    registry: "txt",
    txtOwnerId: settings.ownerId,
    domainFilters: settings.domains,
    // The default of this version, which a later one changes: Ingresses carry annotations under it.
    annotationPrefix: "external-dns.alpha.kubernetes.io/",
    extraArgs: pulumi.output(settings.zoneIds).apply((ids) => ids.map((id) => `--zone-id-filter=${id}`)),
    env: [{ name: "AWS_REGION", value: settings.region }],
    image: { repository: imageRepository(IMAGES.externalDns, settings.mirrors), tag: IMAGES.externalDns.tag },
    fullnameOverride: EXTERNAL_DNS.releaseName,
    serviceAccount: {
      create: true,
      name: EXTERNAL_DNS.serviceAccount,
      annotations: settings.serviceAccountAnnotations ?? {},
    },
    podSecurityContext: restrictedPod(USER),
    securityContext: restrictedContainer(),
    resources: settings.resources ?? EXTERNAL_DNS_RESOURCES,
    nodeSelector: settings.placement?.nodeSelector ?? {},
    tolerations: settings.placement?.tolerations ?? [],
    ...(settings.priorityClassName === undefined ? {} : { priorityClassName: settings.priorityClassName }),
    serviceMonitor: { enabled: settings.serviceMonitors },
    logFormat: "json",
  };
}
