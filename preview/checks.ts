import { plaintextSecrets } from "./leaks";
import { isUnknownValue, type RecordedResource, type Recording } from "./recorder";
import { leaves } from "./redaction";

/** Kinds of Kubernetes objects that live outside namespaces, as `group:Kind`, whatever the version. */
const CLUSTER_SCOPED = new Set([
  "core:Namespace",
  "core:Node",
  "core:PersistentVolume",
  "storage.k8s.io:StorageClass",
  "storage.k8s.io:CSIDriver",
  "storage.k8s.io:CSINode",
  "storage.k8s.io:VolumeAttachment",
  "storage.k8s.io:VolumeAttributesClass",
  "snapshot.storage.k8s.io:VolumeSnapshotClass",
  "scheduling.k8s.io:PriorityClass",
  "node.k8s.io:RuntimeClass",
  "networking.k8s.io:IngressClass",
  "elbv2.k8s.aws:IngressClassParams",
  "gateway.networking.k8s.io:GatewayClass",
  "rbac.authorization.k8s.io:ClusterRole",
  "rbac.authorization.k8s.io:ClusterRoleBinding",
  "apiextensions.k8s.io:CustomResourceDefinition",
  "admissionregistration.k8s.io:ValidatingWebhookConfiguration",
  "admissionregistration.k8s.io:MutatingWebhookConfiguration",
  "admissionregistration.k8s.io:ValidatingAdmissionPolicy",
  "admissionregistration.k8s.io:ValidatingAdmissionPolicyBinding",
  "apiregistration.k8s.io:APIService",
  "flowcontrol.apiserver.k8s.io:FlowSchema",
  "flowcontrol.apiserver.k8s.io:PriorityLevelConfiguration",
  "cert-manager.io:ClusterIssuer",
  "external-secrets.io:ClusterSecretStore",
  "external-secrets.io:ClusterExternalSecret",
  "keda.sh:ClusterTriggerAuthentication",
]);

/** A text that the SDK leaves where an Output was used as if it were a string. */
const STRINGIFIED_OUTPUT = /Calling \[to(String|JSON)\] on an \[Output<T>\]/;

/**
 * What makes a plan wrong whatever the settings are; each line names the resource and what to do. Empty when all is well.
 */
export function planErrors(recording: Recording): string[] {
  // In the order of URNs: what is registered first depends on timing.
  const resources = [...recording.resources].sort((a, b) => (a.urn < b.urn ? -1 : 1));
  return [
    ...recording.failures.map((failure) => failure.message),
    ...recording.duplicateUrns.map((urn) => `${urn}: two resources have this URN. Give one of them another name.`),
    ...resources.flatMap((resource) => [
      ...missingProvider(resource),
      ...missingNamespace(resource),
      ...unresolvedInputs(resource),
    ]),
    ...plaintextSecrets({ ...recording, resources }),
  ];
}

/** Whether a Kubernetes type token names a kind that lives outside namespaces. */
export function isClusterScoped(type: string): boolean {
  const [, api = "", kind = ""] = type.split(":");
  return CLUSTER_SCOPED.has(`${api.split("/")[0]}:${kind.replace(/Patch$/, "")}`);
}

function missingProvider(resource: RecordedResource): string[] {
  const cloud = resource.type.startsWith("kubernetes:") || resource.type.startsWith("aws:");
  if (!cloud || !resource.custom || resource.provider !== "") return [];
  return [
    `${resource.urn}: no explicit provider, so whatever the shell points at would be used. Pass opts.provider(s).`,
  ];
}

function missingNamespace(resource: RecordedResource): string[] {
  if (!resource.type.startsWith("kubernetes:") || !resource.custom || resource.read) return [];
  if (isClusterScoped(resource.type)) return [];
  const metadata = resource.inputs.metadata as { namespace?: unknown } | undefined;
  if (metadata?.namespace || resource.inputs.namespace) return [];
  return [`${resource.urn}: no namespace, so the kubeconfig's would be used. Set metadata.namespace.`];
}

function unresolvedInputs(resource: RecordedResource): string[] {
  return [...leaves(resource.inputs)]
    .filter(({ value }) => isUnknownValue(value) || (typeof value === "string" && STRINGIFIED_OUTPUT.test(value)))
    .map(
      ({ path }) =>
        `${resource.urn}: ${path} is not resolved. An Output is used as text, or a stand-in value is missing.`,
    );
}
