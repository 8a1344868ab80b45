import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { after, ready } from "../internal/gates";
import type { Mirrors } from "../internal/mirrors";
import type { ContainerResources, Placement } from "../internal/pods";
import { checkClickHouseArgs } from "./clickhouse-checks";
import type { ClickHouseStorage } from "./clickhouse-keeper";
import { CLICKHOUSE_PORTS, entryService, installationService, serviceHost, shardService } from "./clickhouse-names";
import { clickHouseSpec, taskOf } from "./clickhouse-spec";
import { clickHouseCertificate } from "./clickhouse-tls";
import { podMonitor } from "./pod-monitor";

/** Settings that a user's queries run with. */
export const ClickHouseProfile = {
  /** Spills aggregation and sorting to disk at half the pod's memory, so that a wide query does not get the pod killed. */
  Application: "application",
  /** The server's defaults. */
  Default: "default",
} as const;
export type ClickHouseProfile = (typeof ClickHouseProfile)[keyof typeof ClickHouseProfile];

/** A value in a Secret of the installation's namespace. */
export interface ClickHouseSecretKey {
  /** Name of the Secret; it must exist before the pods start. */
  readonly secretName: pulumi.Input<string>;
  /** Key in it; the value is letters and digits. */
  readonly secretKey: pulumi.Input<string>;
}

/** A user of the server. */
export interface ClickHouseUser {
  /** Letters, digits and underscores; not `default` or `clickhouse_operator`. */
  readonly name: string;
  /** Where the password is. */
  readonly password: ClickHouseSecretKey;
  /** CIDRs that the user may connect from, beside the installation's own pods; at least one. */
  readonly networks: pulumi.Input<pulumi.Input<string>[]>;
  /** Settings of the user's queries. Default `application`. */
  readonly profile?: ClickHouseProfile;
  /** GRANT statements, e.g. `GRANT SELECT ON default.*`, to which the user is then limited. Default everything but access management. */
  readonly grants?: string[];
}

/** TLS for clients, by cert-manager. */
export interface ClickHouseTls {
  /** Issuer that signs names inside the cluster, so a private one. */
  readonly issuerName: pulumi.Input<string>;
  /** `ClusterIssuer` (default) or `Issuer`. */
  readonly issuerKind?: pulumi.Input<string>;
  /** Gate: cert-manager runs and the issuer exists. */
  readonly issuerReady: pulumi.Input<string>;
}

export interface ClickHouseArgs {
  /** Namespace of the operator. A change replaces the installation. */
  readonly namespace: pulumi.Input<string>;
  /** Name of the installation, a DNS label of at most 15 characters. A change means new, empty pods. */
  readonly installation: string;
  /** Name of the cluster for ON CLUSTER statements, a DNS label of at most 15 characters. Default `default`. A change means new, empty pods. */
  readonly clusterName?: string;
  /** Parts of the data, at least 1. Going from one to more moves no data: that is manual work. */
  readonly shards: number;
  /** Copies of each shard, at least 1. */
  readonly replicas: number;
  /** Zones that the pods can run in. With at most as many replicas, each replica of a shard gets its own. */
  readonly zones: number;
  /** Host names of Keeper, as `ClickHouseKeeper` gives them. */
  readonly keeperNodes: pulumi.Input<pulumi.Input<string>[]>;
  /** Password of the user `default`, which can connect from the installation's own pods only. */
  readonly defaultPassword: ClickHouseSecretKey;
  /** The other users. Default none. */
  readonly users?: ClickHouseUser[];
  /** The secret by which servers of one cluster trust each other's queries. */
  readonly interserverSecret: ClickHouseSecretKey;
  /**
   * Any text that changes whenever one of the passwords does; never a password or its hash. A change restarts the pods, one
   * replica after the other. Default `1`.
   */
  readonly secretsRevision?: pulumi.Input<string>;
  /** Requests and limits of each server. Memory request and limit are equal: the server takes what its limit allows. */
  readonly resources: ContainerResources;
  /** Memory that a node of the pool leaves for pods, in MiB; the limit must then stay within 90 %. Default unchecked. */
  readonly nodeAllocatableMemoryMiB?: number;
  /** Volume of each server. */
  readonly storage: ClickHouseStorage;
  /** Whether to protect the installation from deletion and keep its volumes when it goes. */
  readonly durable: boolean;
  /** Offers clients HTTPS on 8443 and native TLS on 9440, beside the plain ports that operator and replicas use. Default none. */
  readonly tls?: ClickHouseTls;
  /** Full tag of the image, e.g. `25.12.10.7`. Default the pinned one. A change rolls the pods. */
  readonly imageTag?: string;
  /** ServiceAccount of the pods, for those that reach a cloud API. Default the namespace's, and never its token. */
  readonly serviceAccountName?: pulumi.Input<string>;
  /** Whether the root file system is read-only, with writable `/tmp` and log folder. Not tried with the real image, so default false. */
  readonly readOnlyRootFilesystem?: boolean;
  /** Where the pods run. Default anywhere. */
  readonly placement?: Placement;
  /** PriorityClass of the pods. Default the cluster's. */
  readonly priorityClassName?: pulumi.Input<string>;
  /** Where the image comes from. Default its public home. */
  readonly mirrors?: Mirrors;
  /** Gate of `ClickHouseOperator`. */
  readonly operatorReady: pulumi.Input<string>;
  /** Gate: policies that let the servers reach Keeper and each other are in place. */
  readonly policiesReady?: pulumi.Input<string>;
  /** Whether Prometheus scrapes the pods' own metrics; needs `monitorsReady`. Default false. */
  readonly podMonitor?: boolean;
  /** Gate: PodMonitors are a known kind. The installation itself does not wait for it. */
  readonly monitorsReady?: pulumi.Input<string>;
}

/**
 * A ClickHouse cluster of any shards and replicas: the installation that the Altinity operator turns into StatefulSets,
 * Services, volumes and a disruption budget, with users, TLS and metrics. Operator, Keeper, Secrets and schemas are not
 * managed here. A client that knows nothing of shards uses `host`.
 */
export class ClickHouse extends pulumi.ComponentResource {
  /** Service for clients unaware of shards: every ready replica, of shard 0 alone when there are more. Available once the cluster runs. */
  readonly host: pulumi.Output<string>;
  /** Service in front of every ready host of every shard, for clients that use Distributed tables. */
  readonly allShardsHost: pulumi.Output<string>;
  /** Service of each shard, by number. */
  readonly shardHosts: pulumi.Output<string[]>;
  /** Port for HTTP: 8123, or 8443 with TLS. */
  readonly httpPort: pulumi.Output<number>;
  /** Port of the native protocol: 9000, or 9440 with TLS. */
  readonly nativePort: pulumi.Output<number>;
  /** Name for ON CLUSTER statements. */
  readonly clusterName: pulumi.Output<string>;
  /** Gate: the operator reports this very specification as completed, on every host. */
  readonly ready: pulumi.Output<string>;

  constructor(name: string, args: ClickHouseArgs, opts?: pulumi.ComponentResourceOptions) {
    super("llm-platform:index:ClickHouse", name, {}, opts);
    checkClickHouseArgs(name, args);
    const cluster = args.clusterName ?? "default";
    const certificate = clickHouseCertificate(name, args, { parent: this });
    const spec = pulumi.output(clickHouseSpec(args));
    const task = spec.apply(taskOf);
    const installation = new kubernetes.apiextensions.CustomResource(
      `${name}-installation`,
      {
        apiVersion: "clickhouse.altinity.com/v1",
        kind: "ClickHouseInstallation",
        metadata: {
          name: args.installation,
          namespace: args.namespace,
          annotations: {
            // The status has no observed generation: on an update the previous `Completed` would satisfy the wait at once.
            // The operator copies the task's id into the status when it starts on the specification that carries it.
            "pulumi.com/waitFor": task.apply((id) =>
              JSON.stringify(["jsonpath={.status.status}=Completed", `jsonpath={.status.taskID}=${id}`]),
            ),
            "pulumi.com/timeoutSeconds": "2400",
          },
        },
        spec: pulumi.all([spec, task]).apply(([rest, taskID]) => ({ taskID, ...rest })),
      },
      {
        parent: this,
        protect: args.durable,
        dependsOn: after(args.operatorReady, args.policiesReady, certificate && ready([certificate])),
        customTimeouts: { create: "45m", update: "45m", delete: "20m" },
      },
    );
    if (args.podMonitor) {
      const labels = { "clickhouse.altinity.com/chi": args.installation };
      const settings = { namespace: args.namespace, monitor: `clickhouse-${args.installation}`, labels };
      podMonitor(name, settings, { parent: this, dependsOn: after(args.monitorsReady) });
    }
    this.ready = ready([installation]);
    const host = (service: string) =>
      pulumi.all([args.namespace, this.ready]).apply(([namespace]) => serviceHost(service, namespace));
    this.host = host(entryService(args.installation, cluster, args.shards));
    this.allShardsHost = host(installationService(args.installation));
    this.shardHosts = pulumi.all(
      Array.from({ length: args.shards }, (_, shard) => host(shardService(args.installation, cluster, shard))),
    );
    this.httpPort = pulumi.output(args.tls ? CLICKHOUSE_PORTS.https : CLICKHOUSE_PORTS.http);
    this.nativePort = pulumi.output(args.tls ? CLICKHOUSE_PORTS.nativeTls : CLICKHOUSE_PORTS.native);
    this.clusterName = pulumi.output(cluster);
    this.registerOutputs({
      host: this.host,
      allShardsHost: this.allShardsHost,
      shardHosts: this.shardHosts,
      httpPort: this.httpPort,
      nativePort: this.nativePort,
      clusterName: this.clusterName,
      ready: this.ready,
    });
  }
}
