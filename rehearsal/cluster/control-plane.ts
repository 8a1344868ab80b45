import type { KubernetesApi } from "../api/api";
import type { ClusterEndpoint } from "../aws/observer";

/** A running Kubernetes control plane on this machine, without any node of its own. */
export interface ControlPlane extends ClusterEndpoint {
  readonly api: KubernetesApi;
  /** Path of a kubeconfig with every right, for kubectl and helm. */
  readonly kubeconfig: string;
  /** Starts another kube-scheduler from the text of a KubeSchedulerConfiguration; it stops with the plane. */
  startScheduler(configuration: string): Promise<void>;
  /** Stops every process, by pid, and removes what it kept. */
  stop(): Promise<void>;
}
