import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { ExternalSecretArgs } from "./external-secrets";

const API_VERSION = "external-secrets.io/v1";
const WAIT_UNTIL_READY = { "pulumi.com/waitFor": "condition=Ready" };
const TIMEOUTS = { create: "5m", update: "5m", delete: "5m" };

/** What the store is made of. */
export interface SecretStoreSettings {
  readonly storeName: string;
  readonly region: pulumi.Input<string>;
  /** Namespaces that may use it; at least one, since none would mean all. */
  readonly namespaces: pulumi.Input<string>[];
}

/** The store for Secrets Manager. It names no credentials: under Pod Identity only the operator's own can be used. */
export function secretStore(
  name: string,
  settings: SecretStoreSettings,
  opts: pulumi.CustomResourceOptions,
): kubernetes.apiextensions.CustomResource {
  const namespaces = pulumi.all(settings.namespaces).apply((all) => [...new Set(all)].sort());
  return new kubernetes.apiextensions.CustomResource(
    `${name}-store`,
    {
      apiVersion: API_VERSION,
      kind: "ClusterSecretStore",
      metadata: { name: settings.storeName, annotations: WAIT_UNTIL_READY },
      spec: {
        provider: { aws: { service: "SecretsManager", region: settings.region } },
        conditions: [{ namespaces }],
      },
    },
    { ...opts, customTimeouts: TIMEOUTS },
  );
}

/** An ExternalSecret that owns its Kubernetes Secret. */
export function externalSecret(
  name: string,
  storeName: pulumi.Input<string>,
  secret: ExternalSecretArgs,
  opts: pulumi.CustomResourceOptions,
): kubernetes.apiextensions.CustomResource {
  const keys = Object.entries(secret.keys).sort(([a], [b]) => (a < b ? -1 : 1));
  return new kubernetes.apiextensions.CustomResource(
    name,
    {
      apiVersion: API_VERSION,
      kind: "ExternalSecret",
      metadata: { name: secret.secretName, namespace: secret.namespace, annotations: WAIT_UNTIL_READY },
      spec: {
        refreshInterval: secret.refreshInterval ?? "1h",
        secretStoreRef: { kind: "ClusterSecretStore", name: storeName },
        // Retain: a source that cannot be read must not take the Secret away from running pods.
        target: { name: secret.secretName, creationPolicy: "Owner", deletionPolicy: "Retain" },
        data: keys.map(([secretKey, property]) => ({
          secretKey,
          remoteRef: { key: secret.sourceArn, property },
        })),
      },
    },
    { ...opts, customTimeouts: TIMEOUTS },
  );
}
