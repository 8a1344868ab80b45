import type { KubernetesObject } from "../api/objects";
import { conditionStatus } from "../kubernetes/wait-for";
import type { Properties } from "../providers/provider";
import { type Operator, ownedBy, readyCondition, setConditions, type Work } from "./operator";
import { standInSecret } from "./stand-in-secret";

const API_VERSION = "external-secrets.io/v1";

/** external-secrets: stores become ready, and external secrets become Secrets with the keys that they name. */
export const EXTERNAL_SECRETS: Operator = {
  name: "external-secrets",
  pods: "app.kubernetes.io/name=external-secrets",
  kinds: [
    [API_VERSION, "SecretStore"],
    [API_VERSION, "ClusterSecretStore"],
    [API_VERSION, "ExternalSecret"],
  ],
  reconcile: async (object, work) => {
    if (object.kind === "ExternalSecret") await synchronise(object, work);
    else await setConditions(work.api, object, [readyCondition(true, "store validated")]);
  },
};

async function synchronise(object: KubernetesObject, { api, apply }: Work): Promise<void> {
  const { namespace } = object.metadata;
  const { kind = "SecretStore", name = "" } = object.spec?.secretStoreRef ?? {};
  const store = await api.read({
    apiVersion: API_VERSION,
    kind,
    name,
    ...(kind === "ClusterSecretStore" || namespace === undefined ? {} : { namespace }),
  });
  const isReady = store !== undefined && conditionStatus(store, "Ready") === "True";
  if (isReady) await apply(object, secretOf(object));
  const message = isReady ? "secret synced" : `could not get secret data from provider: ${kind} ${name} is not ready`;
  await setConditions(api, object, [readyCondition(isReady, message)]);
}

/** The Secret that an ExternalSecret turns into; what the values are nobody knows here. */
export function secretOf(object: KubernetesObject): KubernetesObject {
  const { metadata, spec } = object;
  const { name = metadata.name, template = {} } = spec?.target ?? {};
  const keys = ((spec?.data ?? []) as Properties[]).map(({ secretKey }) => String(secretKey));
  const made = Object.keys(template.data ?? {});
  const secret = standInSecret({
    name,
    namespace: metadata.namespace,
    keys: made.length > 0 ? made : keys,
    type: template.type,
  });
  return { ...secret, metadata: { ...template.metadata, ...secret.metadata, ...ownedBy(object) } };
}
