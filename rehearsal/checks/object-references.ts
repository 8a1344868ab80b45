import type { KubernetesObject } from "../api/objects";
import type { Properties } from "../providers/provider";
import { byName, podReferences, type Reference } from "./pod-references";
import { podTemplates } from "./pods";

/** Annotations that tell cert-manager to make the Secrets of an Ingress' `tls`. */
const ISSUER_ANNOTATIONS = ["cert-manager.io/cluster-issuer", "cert-manager.io/issuer"];

/** Everything that an object needs by name, in its own namespace or outside namespaces. */
export function referencesOf(object: KubernetesObject): Reference[] {
  const { kind, spec = {} } = object;
  const templates = podTemplates(object).flatMap(({ spec: pod }) => podReferences(pod));
  switch (kind) {
    case "Pod":
      return templates;
    case "StatefulSet":
      return [...templates, ...claims(spec.volumeClaimTemplates)];
    case "ClickHouseInstallation":
    case "ClickHouseKeeperInstallation":
      return [...templates, ...claims(spec.templates?.volumeClaimTemplates), ...keyReferences(spec.configuration)];
    case "ServiceAccount":
      return ((object.imagePullSecrets ?? []) as Properties[]).flatMap(({ name }) =>
        byName("Secret", name, "imagePullSecrets"),
      );
    case "PersistentVolumeClaim":
      return byName("StorageClass", spec.storageClassName, "storageClassName");
    case "Ingress":
      return [...byName("IngressClass", spec.ingressClassName, "ingressClassName"), ...tlsReferences(object)];
    case "TriggerAuthentication":
      return ((spec.secretTargetRef ?? []) as Properties[]).map(({ name, key, parameter }) => ({
        kind: "Secret",
        name,
        key,
        where: `parameter ${parameter}`,
      }));
    case "ScaledObject":
      return triggerReferences(spec);
    case "Certificate":
      return byName(spec.issuerRef?.kind ?? "Issuer", spec.issuerRef?.name, "issuerRef");
    default:
      return templates;
  }
}

function claims(templates: readonly Properties[] = []): Reference[] {
  return templates.flatMap(({ name, metadata, spec }) =>
    byName("StorageClass", spec?.storageClassName, `claim template ${name ?? metadata?.name}`),
  );
}

/** References to keys of Secrets anywhere in the configuration of a custom resource. */
function keyReferences(value: unknown, path = "configuration"): Reference[] {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, item]) =>
    key === "secretKeyRef" && item?.optional !== true
      ? [{ kind: "Secret", name: item.name, key: item.key, where: path }]
      : keyReferences(item, `${path}.${key}`),
  );
}

/** Not those that cert-manager makes for the Ingress, when it has done so. */
function tlsReferences({ metadata, spec = {} }: KubernetesObject): Reference[] {
  if (ISSUER_ANNOTATIONS.some((annotation) => metadata.annotations?.[annotation])) return [];
  return ((spec.tls ?? []) as Properties[])
    .filter(({ hosts = [] }) => !(hosts as string[]).every(isReserved))
    .flatMap(({ secretName }) => byName("Secret", secretName, "tls"));
}

/** No authority signs for the names that are kept for examples: their certificate is the controller's own. */
function isReserved(host: string): boolean {
  return /(^|\.)(example\.(com|net|org)|example|test|invalid|localhost)$/.test(host);
}

function triggerReferences({ triggers = [] }: Properties): Reference[] {
  return (triggers as Properties[]).flatMap(({ authenticationRef = {}, type }) =>
    byName(authenticationRef.kind ?? "TriggerAuthentication", authenticationRef.name, `trigger ${type}`),
  );
}
