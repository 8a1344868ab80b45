import { parse } from "yaml";
import type { KubernetesApi } from "../api/api";
import type { Cloud } from "../aws/cloud";
import type { ClusterEndpoint } from "../aws/observer";
import type { ClusterConnector } from "./connector";

/** The part of a kubeconfig that leads to the server. */
interface Kubeconfig {
  readonly clusters?: readonly {
    readonly cluster?: { readonly server?: string; readonly "certificate-authority-data"?: string };
  }[];
}

/** Leads to the API server of the account's cluster, when the kubeconfig is the cluster's own and the caller is let in. */
export class CloudConnector implements ClusterConnector {
  /** Endpoints that the cluster had before, with their authorities: while AWS moves one, both answer. */
  private readonly former = new Map<string, string>();

  constructor(
    private readonly cloud: Cloud,
    private readonly api: KubernetesApi,
  ) {}

  /** Moves the cluster's endpoint; the present one goes on answering. */
  move(endpoint: ClusterEndpoint): void {
    const { clusterEndpoint } = this.cloud;
    this.former.set(clusterEndpoint.endpoint, clusterEndpoint.certificateAuthority);
    this.cloud.replaceEndpoint(endpoint);
  }

  async connect(kubeconfig: string): Promise<KubernetesApi> {
    const cluster = (parse(kubeconfig) as Kubeconfig).clusters?.[0]?.cluster;
    const { endpoint, certificateAuthority } = this.cloud.clusterEndpoint;
    const authority = new Map([...this.former, [endpoint, certificateAuthority]]).get(cluster?.server ?? "");
    if (authority === undefined) {
      throw new Error(`dial tcp: lookup ${cluster?.server ?? "of no server"}: no such host`);
    }
    if (cluster?.["certificate-authority-data"] !== authority) {
      throw new Error("tls: failed to verify certificate: x509: certificate signed by unknown authority");
    }
    if (!this.cloud.admits()) {
      throw new Error("the server has asked for the client to provide credentials");
    }
    return this.api;
  }
}
