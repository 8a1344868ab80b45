import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { after, ready } from "../internal/gates";
import type { Mirrors } from "../internal/mirrors";
import type { ContainerResources, Placement } from "../internal/pods";
import { checkClickHouseKeeperArgs } from "./clickhouse-checks";
import { keeperSpec } from "./clickhouse-keeper-spec";
import { keeperHostService } from "./clickhouse-names";
import { podMonitor } from "./pod-monitor";

/** A volume of each pod. */
export interface ClickHouseStorage {
  /** Size in Kubernetes' quantities, e.g. `500Gi`. It can grow in place, never shrink. */
  readonly size: pulumi.Input<string>;
  /** StorageClass, bound where the pod lands and expandable. A change affects new volumes only. */
  readonly storageClass: pulumi.Input<string>;
}

export interface ClickHouseKeeperArgs {
  /** Namespace of the operator. A change replaces the installation. */
  readonly namespace: pulumi.Input<string>;
  /** Name of the installation, a DNS label of at most 15 characters. A change means new, empty pods. */
  readonly installation: string;
  /** Hosts of the quorum: 1, 3 or 5. Membership is static: do not change it on a live installation. */
  readonly replicas: number;
  /** Volume of each host. */
  readonly storage: ClickHouseStorage;
  /** Whether to protect the installation from deletion and keep its volumes when it goes. */
  readonly durable: boolean;
  /** Requests and limits of each host. Default 250m/1Gi to 1/1Gi. */
  readonly resources?: ContainerResources;
  /** Full tag of the image, the same as the server's, e.g. `25.12.10.7`; not a distroless one, the liveness probe is a shell. Default the pinned one. */
  readonly imageTag?: string;
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
  /** Gate: policies that let the hosts reach each other are in place. */
  readonly policiesReady?: pulumi.Input<string>;
  /** Whether Prometheus scrapes the pods' own metrics; needs `monitorsReady`. Default false. */
  readonly podMonitor?: boolean;
  /** Gate: PodMonitors are a known kind. The installation itself does not wait for it. */
  readonly monitorsReady?: pulumi.Input<string>;
}

/**
 * A ClickHouse Keeper quorum, spread over zones and nodes: the installation that the Altinity operator turns into StatefulSets,
 * Services, volumes and a disruption budget. The operator is not managed here.
 */
export class ClickHouseKeeper extends pulumi.ComponentResource {
  /** Host names of the quorum, `<service>.<namespace>`, available once it runs. For `ClickHouse`. */
  readonly nodes: pulumi.Output<string[]>;
  /** Gate: the operator reports the installation as completed. */
  readonly ready: pulumi.Output<string>;

  constructor(name: string, args: ClickHouseKeeperArgs, opts?: pulumi.ComponentResourceOptions) {
    super("llm-platform:index:ClickHouseKeeper", name, {}, opts);
    checkClickHouseKeeperArgs(name, args);
    const installation = new kubernetes.apiextensions.CustomResource(
      `${name}-installation`,
      {
        apiVersion: "clickhouse-keeper.altinity.com/v1",
        kind: "ClickHouseKeeperInstallation",
        metadata: {
          name: args.installation,
          namespace: args.namespace,
          annotations: {
            // The operator does not reliably copy a task id into a Keeper's status, so `Completed` is all there is to wait for.
            "pulumi.com/waitFor": "jsonpath={.status.status}=Completed",
            "pulumi.com/timeoutSeconds": "1200",
          },
        },
        spec: keeperSpec(args),
      },
      {
        parent: this,
        protect: args.durable,
        dependsOn: after(args.operatorReady, args.policiesReady),
        customTimeouts: { create: "25m", update: "25m", delete: "15m" },
      },
    );
    if (args.podMonitor) {
      const labels = { "clickhouse-keeper.altinity.com/chk": args.installation };
      const settings = { namespace: args.namespace, monitor: `keeper-${args.installation}`, labels };
      podMonitor(name, settings, { parent: this, dependsOn: after(args.monitorsReady) });
    }
    this.ready = ready([installation]);
    this.nodes = pulumi
      .all([args.namespace, this.ready])
      .apply(([namespace]) =>
        Array.from(
          { length: args.replicas },
          (_, host) => `${keeperHostService(args.installation, host)}.${namespace}`,
        ),
      );
    this.registerOutputs({ nodes: this.nodes, ready: this.ready });
  }
}
