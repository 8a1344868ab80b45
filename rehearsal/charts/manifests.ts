import { parseAllDocuments, stringify } from "yaml";
import type { KubernetesObject } from "../api/objects";
import type { ReleaseObjects } from "./chart-installer";
import { inInstallOrder } from "./install-order";

/** Kinds that would put something between the API server and everybody else: recorded, never applied. */
const RECORDED = ["APIService", "MutatingWebhookConfiguration", "ValidatingWebhookConfiguration"];

const DEFINITION = "CustomResourceDefinition";

/** The objects of a YAML stream; `source` names it in errors. */
export function objectsIn(stream: string, source: string): KubernetesObject[] {
  return parseAllDocuments(stream).flatMap((document) => {
    const [error] = document.errors;
    if (error !== undefined) throw new Error(`${source} is no valid YAML: ${error.message}`);
    const value = document.toJS() as KubernetesObject | null;
    if (value === null) return [];
    if (typeof value !== "object" || typeof value.kind !== "string" || typeof value.metadata?.name !== "string") {
      throw new Error(`${source} contains a document that is no Kubernetes object: ${JSON.stringify(value)}`);
    }
    return [value];
  });
}

/** The YAML stream of the objects. */
export function streamOf(objects: readonly KubernetesObject[]): string {
  return objects.map((object) => `---\n${stringify(object, { aliasDuplicateObjects: false })}`).join("");
}

/** What Helm would do with a chart's rendered objects: hooks are left out, those of a namespace get the release's. */
export function sorted(
  rendered: readonly KubernetesObject[],
  definitions: readonly KubernetesObject[],
  namespace: string,
): ReleaseObjects {
  const own = rendered.filter((object) => !isHook(object)).map((object) => placed(object, namespace));
  return {
    objects: inInstallOrder(own.filter(({ kind }) => !RECORDED.includes(kind) && kind !== DEFINITION)),
    recorded: own.filter(({ kind }) => RECORDED.includes(kind)),
    // Those among a chart's templates too: they may be there before, and are kept in any case.
    customResourceDefinitions: [...definitions, ...own.filter(({ kind }) => kind === DEFINITION)],
    rendered: true,
  };
}

function isHook({ metadata }: KubernetesObject): boolean {
  return metadata.annotations?.["helm.sh/hook"] !== undefined;
}

/** Kinds outside namespaces that charts render. A namespace on any other object is the release's unless it says otherwise. */
const OUTSIDE =
  /^(Namespace|Cluster\w+|CustomResourceDefinition|StorageClass|VolumeSnapshotClass|PriorityClass|IngressClass|IngressClassParams|GatewayClass|PersistentVolume|APIService|\w+WebhookConfiguration|ValidatingAdmissionPolicy\w*|CSIDriver|RuntimeClass)$/;

function placed(object: KubernetesObject, namespace: string): KubernetesObject {
  if (object.metadata.namespace !== undefined || OUTSIDE.test(object.kind)) return object;
  return { ...object, metadata: { ...object.metadata, namespace } };
}
