import type { KubernetesApi } from "../api/api";

/** Leads from a kubeconfig to an API server, as the real provider's client does. */
export interface ClusterConnector {
  /** Throws when the server cannot be reached, or does not let the caller in (yet). */
  connect(kubeconfig: string): Promise<KubernetesApi>;
}
