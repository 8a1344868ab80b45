import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { CHARTS, type Chart, chartSource } from "../internal/charts";
import { after, allReady, ready } from "../internal/gates";
import type { Mirrors } from "../internal/mirrors";
import type { Placement } from "../internal/pods";
import { Problems } from "../internal/problems";
import { FLAGGER, FlaggerProvider, flaggerRules, flaggerValues, loadTesterValues } from "./flagger-values";

export interface FlaggerArgs {
  /** Namespace of the controller. A change replaces its release. */
  readonly namespace: pulumi.Input<string>;
  /** Namespace of canaries and of the load tester; the controller looks nowhere else. A change replaces both releases. */
  readonly canaryNamespace: pulumi.Input<string>;
  /** Prometheus by which new versions are judged, `http://…:9090`. */
  readonly prometheusUrl: pulumi.Input<string>;
  /** How traffic is shifted unless a canary says otherwise. Default `traefik`. */
  readonly provider?: FlaggerProvider;
  /** Pods of the controller, of which one leads. Default 2. */
  readonly replicas?: number;
  /** Secrets with API keys (entry `api-key`) in the namespace of canaries, by server: the load tester sends them. Default none. */
  readonly apiKeySecrets?: Record<string, pulumi.Input<string>>;
  /** Whether the chart makes a PodMonitor; needs `monitorsReady`. Default false. */
  readonly podMonitor?: boolean;
  /** Where the pods run. Default anywhere. */
  readonly placement?: Placement;
  /** PriorityClass of the pods. Default the cluster's. */
  readonly priorityClassName?: pulumi.Input<string>;
  /** Where charts and images come from. Default their public homes. */
  readonly mirrors?: Mirrors;
  /** Gate: PodMonitors are a known kind. */
  readonly monitorsReady?: pulumi.Input<string>;
  /** Gate: policies of both namespaces are in place. */
  readonly policiesReady?: pulumi.Input<string>;
  /** Gate: the Secrets with API keys exist. */
  readonly secretsReady?: pulumi.Input<string>;
}

/**
 * Flagger and its load tester: shifts traffic to a new version step by step, and back when it does worse. It may write in the
 * namespace of its canaries alone. Its kinds outlive the release, as Helm never removes those. Canaries are not managed here.
 */
export class Flagger extends pulumi.ComponentResource {
  /** URL of the load tester, for hooks of canaries. */
  readonly loadTesterUrl: pulumi.Output<string>;
  /** Gate: controller and load tester run. For every Canary, MetricTemplate and AlertProvider. */
  readonly ready: pulumi.Output<string>;

  constructor(name: string, args: FlaggerArgs, opts?: pulumi.ComponentResourceOptions) {
    super("llm-platform:index:Flagger", name, {}, opts);
    checkFlaggerArgs(name, args);
    const rights = ready(controllerRights(name, args, { parent: this }));
    const account = new kubernetes.core.v1.ServiceAccount(
      `${name}-loadtester-account`,
      {
        metadata: { namespace: args.canaryNamespace, name: FLAGGER.loadTester },
        automountServiceAccountToken: false,
      },
      { parent: this },
    );
    const controller = release(name, FLAGGER.release, CHARTS.flagger, args, {
      namespace: args.namespace,
      values: flaggerValues(args),
      parent: this,
      // Without its rights the controller stops at its first look at canaries.
      gate: allReady(rights, args.monitorsReady, args.policiesReady),
    });
    const loadTester = release(name, FLAGGER.loadTester, CHARTS.flaggerLoadTester, args, {
      namespace: args.canaryNamespace,
      values: loadTesterValues(args),
      parent: this,
      gate: allReady(ready([account]), args.policiesReady, args.secretsReady),
    });
    this.loadTesterUrl = pulumi
      .all([args.canaryNamespace, ready([loadTester])])
      .apply(([namespace]) => `http://${FLAGGER.loadTester}.${namespace}:${FLAGGER.loadTesterPort}`);
    this.ready = ready([controller, loadTester]);
    this.registerOutputs({ loadTesterUrl: this.loadTesterUrl, ready: this.ready });
  }
}

interface FlaggerRelease {
  readonly namespace: pulumi.Input<string>;
  readonly values: Record<string, unknown>;
  readonly parent: pulumi.Resource;
  readonly gate: pulumi.Output<string>;
}

function release(
  name: string,
  releaseName: string,
  chart: Chart,
  { mirrors }: FlaggerArgs,
  { namespace, values, parent, gate }: FlaggerRelease,
): kubernetes.helm.v3.Release {
  return new kubernetes.helm.v3.Release(
    `${name}-${chart.name}`,
    {
      ...chartSource(chart, mirrors),
      name: releaseName,
      namespace,
      timeout: 600,
      waitForJobs: true,
      cleanupOnFail: true,
      values,
    },
    {
      parent,
      dependsOn: after(gate),
      customTimeouts: { create: "15m", update: "15m", delete: "15m" },
    },
  );
}

/** What the chart would grant for the whole cluster. */
function controllerRights(
  name: string,
  args: FlaggerArgs,
  opts: pulumi.CustomResourceOptions,
): [kubernetes.rbac.v1.Role, kubernetes.rbac.v1.RoleBinding] {
  const metadata = { namespace: args.canaryNamespace, name: FLAGGER.release };
  const role = new kubernetes.rbac.v1.Role(`${name}-role`, { metadata, rules: flaggerRules() }, opts);
  const binding = new kubernetes.rbac.v1.RoleBinding(
    `${name}-binding`,
    {
      metadata,
      roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name: role.metadata.name },
      subjects: [{ kind: "ServiceAccount", name: FLAGGER.serviceAccount, namespace: args.namespace }],
    },
    opts,
  );
  return [role, binding];
}

function checkFlaggerArgs(name: string, args: FlaggerArgs): void {
  const problems = new Problems();
  const replicas = args.replicas ?? 2;
  problems.check(Number.isInteger(replicas) && replicas >= 1, {
    path: "replicas",
    rule: "must be a whole number of at least 1",
    got: replicas,
    fix: "Use 2.",
  });
  const providers: string[] = Object.values(FlaggerProvider);
  problems.check(args.provider === undefined || providers.includes(args.provider), {
    path: "provider",
    rule: `must be one of ${providers.join(", ")}`,
    got: args.provider,
    fix: "Choose traefik, or kubernetes where no ingress controller has weights.",
  });
  problems.throwIfAny("Flagger", name);
}
