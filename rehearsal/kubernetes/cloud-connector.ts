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

  /** Moves the cluster's endpoint and authority, as AWS may; the API server behind them stays, and the present ones go on answering. */
  move(): void {
    const { clusterEndpoint } = this.cloud;
    this.former.set(clusterEndpoint.endpoint, clusterEndpoint.certificateAuthority);
    this.cloud.replaceEndpoint(movedEndpoint(clusterEndpoint));
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

/** Another address of the same API server on this machine, and other bytes of the same authority. */
export function movedEndpoint({ endpoint, certificateAuthority }: ClusterEndpoint): ClusterEndpoint {
  const address = new URL(endpoint);
  address.hostname = address.hostname === "localhost" ? "127.0.0.1" : "localhost";
  const authority = `${Buffer.from(certificateAuthority, "base64").toString()}\n# moved\n`;
  return { endpoint: address.origin, certificateAuthority: Buffer.from(authority).toString("base64") };
}
