import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { CHARTS, chartSource } from "../internal/charts";
import { after, ready } from "../internal/gates";
import type { Mirrors } from "../internal/mirrors";
import type { ContainerResources, Placement } from "../internal/pods";
import { Problems } from "../internal/problems";
import { CLICKHOUSE_OPERATOR_NAME, clickHouseOperatorValues } from "./clickhouse-operator-values";

export interface ClickHouseOperatorArgs {
  /** Namespace that the operator runs in and the only one that it watches. A change replaces the release. */
  readonly namespace: pulumi.Input<string>;
  /**
   * Password of the user `clickhouse_operator`, by which the operator reads metrics and copies schemas; letters and digits.
   * The operator reads it when it starts: change `secretsRevision` together with it.
   */
  readonly operatorPassword: pulumi.Input<string>;
  /** Any text that changes whenever `operatorPassword` does; never the password or its hash. A change restarts the operator. Default `1`. */
  readonly secretsRevision?: pulumi.Input<string>;
  /** Requests and limits of the operator. Default 100m/256Mi to 500m/512Mi. */
  readonly resources?: ContainerResources;
  /** Requests and limits of the metrics exporter beside it. Default 50m/128Mi to 500m/256Mi. */
  readonly exporterResources?: ContainerResources;
  /** Whether operator and exporter get a ServiceMonitor; needs `monitorsReady`. Default false. */
  readonly serviceMonitor?: boolean;
  /** Whether both containers get a read-only root file system. Not tried with the real images, so default false. */
  readonly readOnlyRootFilesystem?: boolean;
  /** Where the operator's pod runs. Default anywhere. */
  readonly placement?: Placement;
  /** PriorityClass of the operator's pod. Default the cluster's. */
  readonly priorityClassName?: pulumi.Input<string>;
  /** Where chart and images come from. Default their public homes. */
  readonly mirrors?: Mirrors;
  /** Gate: ServiceMonitors are a known kind. The operator itself does not wait for it. */
  readonly monitorsReady?: pulumi.Input<string>;
  /** Gate: policies that let the operator reach the API server and ClickHouse are in place. */
  readonly policiesReady?: pulumi.Input<string>;
}

/**
 * The Altinity ClickHouse operator for one namespace: its Helm release, its custom resource definitions (from the chart's own
 * `crds/` folder: Helm installs those once and leaves later versions to the operator of the cluster) and the Secret with its
 * password. Installations are not managed here; destroy them first, since only the operator removes their finalizers.
 */
export class ClickHouseOperator extends pulumi.ComponentResource {
  /** Gate: the definitions exist and the operator runs. For `ClickHouseKeeper` and `ClickHouse`. */
  readonly ready: pulumi.Output<string>;

  constructor(name: string, args: ClickHouseOperatorArgs, opts?: pulumi.ComponentResourceOptions) {
    super("llm-platform:index:ClickHouseOperator", name, {}, opts);
    checkClickHouseOperatorArgs(name, args);
    // Keys and name are what the operator looks for; the chart's own Secret would put the password into the release's values.
    const credentials = new kubernetes.core.v1.Secret(
      `${name}-credentials`,
      {
        metadata: { name: CLICKHOUSE_OPERATOR_NAME, namespace: args.namespace },
        stringData: { username: "clickhouse_operator", password: pulumi.secret(args.operatorPassword) },
      },
      { parent: this },
    );
    const release = new kubernetes.helm.v3.Release(
      `${name}-release`,
      {
        ...chartSource(CHARTS.clickhouseOperator, args.mirrors),
        name: CLICKHOUSE_OPERATOR_NAME,
        namespace: args.namespace,
        timeout: 600,
        waitForJobs: true,
        cleanupOnFail: true,
        skipCrds: false,
        values: clickHouseOperatorValues(args),
      },
      {
        parent: this,
        dependsOn: after(ready([credentials]), args.policiesReady),
        customTimeouts: { create: "15m", update: "15m", delete: "15m" },
      },
    );
    if (args.serviceMonitor) {
      operatorMonitor(name, args.namespace, { parent: this, dependsOn: after(args.monitorsReady, ready([release])) });
    }
    this.ready = ready([release]);
    this.registerOutputs({ ready: this.ready });
  }
}

/** What can be judged before it is known: values that are given as they are. */
function checkClickHouseOperatorArgs(name: string, { namespace, operatorPassword }: ClickHouseOperatorArgs): void {
  const problems = new Problems();
  problems.check(namespace !== "", {
    path: "namespace",
    rule: "must be a namespace: with an empty one the operator watches every namespace that it may read",
    got: namespace,
    fix: "Name the namespace of ClickHouse.",
  });
  problems.check(typeof operatorPassword !== "string" || /^[A-Za-z0-9]+$/.test(operatorPassword), {
    path: "operatorPassword",
    rule: "must consist of letters and digits, which need no escaping anywhere on its way",
    fix: "Generate one without special characters.",
  });
  problems.throwIfAny("ClickHouseOperator", name);
}

/** Of our own and not the chart's, so that the operator, on which the way to ClickHouse leads, does not wait for the kinds of Prometheus. */
function operatorMonitor(name: string, namespace: pulumi.Input<string>, opts: pulumi.CustomResourceOptions): void {
  new kubernetes.apiextensions.CustomResource(
    `${name}-monitor`,
    {
      apiVersion: "monitoring.coreos.com/v1",
      kind: "ServiceMonitor",
      metadata: { name: CLICKHOUSE_OPERATOR_NAME, namespace },
      spec: {
        selector: { matchLabels: { "app.kubernetes.io/name": "altinity-clickhouse-operator" } },
        endpoints: [{ port: "ch-metrics" }, { port: "op-metrics" }],
      },
    },
    opts,
  );
}
