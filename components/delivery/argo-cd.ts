import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { CHARTS, chartSource } from "../internal/charts";
import { after, ready } from "../internal/gates";
import type { Mirrors } from "../internal/mirrors";
import type { ContainerResources, Placement } from "../internal/pods";
import { Problems } from "../internal/problems";
import { DELIVERED_GROUPS, rulesOn } from "./argo-cd-kinds";
import { ARGO_CD, type ArgoCdIngressArgs, argoCdValues } from "./argo-cd-values";

export interface ArgoCdArgs {
  /** Namespace of Argo CD. A change replaces the release. */
  readonly namespace: pulumi.Input<string>;
  /** Namespaces of this cluster that it may write to, by their plain names. Elsewhere it may look at workloads, and nothing more. */
  readonly managedNamespaces: string[];
  /** Pods of API server, repository server and ApplicationSet controller each. Default 2; the application controller is one. */
  readonly replicas?: number;
  /** Requests and limits of the application controller. Default 250m/512Mi to 2/2Gi. */
  readonly controllerResources?: ContainerResources;
  /** A way in from outside. Default none: `kubectl port-forward` to the Service `argocd-server`. */
  readonly ingress?: ArgoCdIngressArgs;
  /** Whether Dex runs, for single sign-on. Default false. */
  readonly dex?: boolean;
  /** Whether the chart makes ServiceMonitors; needs `monitorsReady`. Default false. */
  readonly serviceMonitors?: boolean;
  /** Where the pods run. Default anywhere. */
  readonly placement?: Placement;
  /** PriorityClass of the pods. Default the cluster's. */
  readonly priorityClassName?: pulumi.Input<string>;
  /** Where chart and images come from. Default their public homes. */
  readonly mirrors?: Mirrors;
  /** Gate: ServiceMonitors are a known kind. */
  readonly monitorsReady?: pulumi.Input<string>;
  /** Gate: the namespace's policies are in place. */
  readonly policiesReady?: pulumi.Input<string>;
  /** Gate: the managed namespaces exist. */
  readonly managedReady?: pulumi.Input<string>;
}

/**
 * Argo CD: keeps what git says in the namespaces that it is given. It reads no Secret of the cluster and changes nothing outside
 * those namespaces. Its custom resource definitions outlive the release. Projects and Applications are not managed here; they wait
 * for `ready`, and so go before Argo CD, which alone can remove their finalizers.
 */
export class ArgoCd extends pulumi.ComponentResource {
  /** Gate: Argo CD runs and may write to its namespaces. For every Application. */
  readonly ready: pulumi.Output<string>;

  constructor(name: string, args: ArgoCdArgs, opts?: pulumi.ComponentResourceOptions) {
    super("llm-platform:index:ArgoCd", name, {}, opts);
    checkArgoCdArgs(name, args);
    const release = new kubernetes.helm.v3.Release(
      `${name}-release`,
      {
        ...chartSource(CHARTS.argoCd, args.mirrors),
        name: ARGO_CD.release,
        namespace: args.namespace,
        timeout: 600,
        waitForJobs: true,
        cleanupOnFail: true,
        values: argoCdValues(args),
      },
      {
        parent: this,
        dependsOn: after(args.monitorsReady, args.policiesReady),
        customTimeouts: { create: "15m", update: "15m", delete: "15m" },
      },
    );
    const rights = args.managedNamespaces.flatMap((managed) => writer(name, managed, args, { parent: this }));
    this.ready = ready([release, ...rights]);
    this.registerOutputs({ ready: this.ready });
  }
}

/** Lets the controller write in one namespace what git may hold. */
function writer(
  name: string,
  managed: string,
  args: ArgoCdArgs,
  { parent }: pulumi.CustomResourceOptions,
): pulumi.Resource[] {
  const metadata = { namespace: managed, name: "argocd-delivery", labels: { "app.kubernetes.io/part-of": "argocd" } };
  const opts = { parent, dependsOn: after(args.managedReady) };
  const verbs = ["create", "update", "patch", "delete", "get", "list", "watch"];
  const role = new kubernetes.rbac.v1.Role(
    `${name}-role-${managed}`,
    { metadata, rules: rulesOn(DELIVERED_GROUPS, verbs) },
    opts,
  );
  const binding = new kubernetes.rbac.v1.RoleBinding(
    `${name}-binding-${managed}`,
    {
      metadata,
      roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name: role.metadata.name },
      subjects: [{ kind: "ServiceAccount", name: ARGO_CD.controllerServiceAccount, namespace: args.namespace }],
    },
    opts,
  );
  return [role, binding];
}

function checkArgoCdArgs(name: string, args: ArgoCdArgs): void {
  const problems = new Problems();
  const replicas = args.replicas ?? 2;
  problems.check(Number.isInteger(replicas) && replicas >= 1, {
    path: "replicas",
    rule: "must be a whole number of at least 1",
    got: replicas,
    fix: "Use 2.",
  });
  problems.check(args.managedNamespaces.length > 0, {
    path: "managedNamespaces",
    rule: "must name at least one namespace",
    got: "none",
    fix: "Name the namespace of the model servers.",
  });
  problems.check(new Set(args.managedNamespaces).size === args.managedNamespaces.length, {
    path: "managedNamespaces",
    rule: "must not name a namespace twice",
    got: args.managedNamespaces,
    fix: "Name each once.",
  });
  problems.throwIfAny("ArgoCd", name);
}
