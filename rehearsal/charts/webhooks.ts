import type { KubernetesObject } from "../api/objects";
import type { Properties } from "../providers/provider";
import type { StandInRelease } from "./release";

/** A webhook of a chart. */
export interface Webhook {
  readonly name: string;
  /** `group/version`, or `v1` for the core group. */
  readonly apiVersion: string;
  readonly resources: readonly string[];
  /** Default CREATE and UPDATE. */
  readonly operations?: readonly string[];
  /** Default `Fail`. */
  readonly failurePolicy?: "Fail" | "Ignore";
  readonly namespaceSelector?: Properties;
  readonly objectSelector?: Properties;
}

/** A webhook configuration of the release, served by one of its Services on port 443. */
export function webhookConfiguration(
  release: StandInRelease,
  kind: "ValidatingWebhookConfiguration" | "MutatingWebhookConfiguration",
  name: string,
  serviceName: string,
  webhooks: readonly Webhook[],
): KubernetesObject {
  return {
    apiVersion: "admissionregistration.k8s.io/v1",
    kind,
    metadata: { name },
    webhooks: webhooks.map(({ apiVersion, resources, operations = ["CREATE", "UPDATE"], ...webhook }) => {
      const [version, group = ""] = apiVersion.split("/").reverse();
      return {
        failurePolicy: "Fail",
        ...webhook,
        clientConfig: { service: { name: serviceName, namespace: release.namespace, port: 443 } },
        rules: [{ apiGroups: [group], apiVersions: [version], operations: [...operations], resources: [...resources] }],
        admissionReviewVersions: ["v1"],
        sideEffects: "None",
      };
    }),
  };
}

/** An API that a Service of the release serves in place of the API server. */
export function aggregatedApi(release: StandInRelease, group: string, serviceName: string): KubernetesObject {
  const version = "v1beta1";
  return {
    apiVersion: "apiregistration.k8s.io/v1",
    kind: "APIService",
    metadata: { name: `${version}.${group}` },
    spec: {
      group,
      version,
      service: { name: serviceName, namespace: release.namespace, port: 443 },
      groupPriorityMinimum: 100,
      versionPriority: 100,
    },
  };
}
