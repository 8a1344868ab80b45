import type { KubernetesApi } from "../api/api";
import type { KubernetesObject } from "../api/objects";
import { conditionStatus } from "../kubernetes/wait-for";
import type { Properties } from "../providers/provider";
import { type Operator, ownedBy, readyCondition, setConditions, type Work } from "./operator";
import { standInSecret } from "./stand-in-secret";

const API_VERSION = "cert-manager.io/v1";
/** Annotations by which an Ingress asks for a certificate, with the kind of issuer that they name. */
const SHIMS: Readonly<Record<string, string>> = {
  "cert-manager.io/cluster-issuer": "ClusterIssuer",
  "cert-manager.io/issuer": "Issuer",
};

/** cert-manager: issuers become ready, certificates get their Secrets, annotated Ingresses their certificates. Nothing is signed. */
export const CERT_MANAGER: Operator = {
  name: "cert-manager",
  pods: "app.kubernetes.io/name=cert-manager,app.kubernetes.io/component=controller",
  kinds: [
    [API_VERSION, "Certificate"],
    [API_VERSION, "Issuer"],
    [API_VERSION, "ClusterIssuer"],
    ["networking.k8s.io/v1", "Ingress"],
  ],
  reconcile: async (object, work) => {
    if (object.kind === "Ingress") {
      for (const certificate of certificatesOf(object)) await work.apply(object, certificate);
    } else if (object.kind === "Certificate") await issue(object, work);
    else await prepare(object, work);
  },
};

/** Where a ClusterIssuer looks for Secrets: cert-manager's own namespace. */
function namespaceOf({ metadata }: KubernetesObject, { controller }: Work): string | undefined {
  return metadata.namespace ?? controller.metadata.namespace;
}

async function prepare(issuer: KubernetesObject, work: Work): Promise<void> {
  const { ca, acme } = issuer.spec ?? {};
  const namespace = namespaceOf(issuer, work) ?? "";
  if (ca !== undefined && !(await hasSecret(work.api, namespace, ca.secretName))) {
    const message = `Error getting keypair for CA issuer: secret "${ca.secretName}" not found in namespace ${namespace}`;
    await setConditions(work.api, issuer, [readyCondition(false, message)]);
    return;
  }
  if (acme !== undefined) {
    await work.apply(issuer, standInSecret({ name: acme.privateKeySecretRef.name, namespace, keys: ["tls.key"] }));
  }
  await setConditions(work.api, issuer, [readyCondition(true, "The issuer is ready to sign")]);
}

async function issue(certificate: KubernetesObject, work: Work): Promise<void> {
  const { metadata, spec } = certificate;
  const { name, kind = "Issuer" } = spec.issuerRef;
  const namespace = metadata.namespace ?? "";
  const issuer = await work.api.read({
    apiVersion: API_VERSION,
    kind,
    name,
    ...(kind === "ClusterIssuer" ? {} : { namespace }),
  });
  if (issuer === undefined || conditionStatus(issuer, "Ready") !== "True") {
    const message = `Referenced "${kind}" ${issuer === undefined ? "not found" : "is not ready"}: ${name}`;
    await setConditions(work.api, certificate, [readyCondition(false, message)]);
    return;
  }
  await work.apply(certificate, certificateSecret(certificate));
  await setConditions(work.api, certificate, [readyCondition(true, "Certificate is up to date and has not expired")], {
    revision: 1,
  });
}

async function hasSecret(api: KubernetesApi, namespace: string, name: string): Promise<boolean> {
  return (await api.read({ apiVersion: "v1", kind: "Secret", namespace, name })) !== undefined;
}

function certificateSecret({ metadata, spec }: KubernetesObject): KubernetesObject {
  const { labels, annotations } = spec.secretTemplate ?? {};
  const secret = standInSecret({
    name: spec.secretName,
    namespace: metadata.namespace,
    keys: ["tls.crt", "tls.key", "ca.crt"],
    type: "kubernetes.io/tls",
  });
  return {
    ...secret,
    metadata: {
      ...secret.metadata,
      labels: { ...labels, "controller.cert-manager.io/fao": "true" },
      annotations: { ...annotations, "cert-manager.io/certificate-name": metadata.name },
    },
  };
}

/** The certificates that an Ingress asks for by its annotation: one for each entry of `spec.tls`. */
export function certificatesOf(ingress: KubernetesObject): KubernetesObject[] {
  const { metadata, spec } = ingress;
  const shim = Object.keys(SHIMS).find((annotation) => metadata.annotations?.[annotation] !== undefined);
  if (shim === undefined) return [];
  const issuerRef = { group: "cert-manager.io", kind: SHIMS[shim], name: metadata.annotations?.[shim] };
  const entries = ((spec?.tls ?? []) as Properties[]).filter(({ secretName }) => secretName !== undefined);
  return entries.map(({ secretName, hosts = [] }) => ({
    apiVersion: API_VERSION,
    kind: "Certificate",
    metadata: {
      name: secretName,
      ...(metadata.namespace === undefined ? {} : { namespace: metadata.namespace }),
      ...ownedBy(ingress),
    },
    spec: { secretName, dnsNames: hosts, issuerRef, usages: ["digital signature", "key encipherment"] },
  }));
}
