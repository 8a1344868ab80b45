import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { after, ready } from "../internal/gates";
import { DNS_LABEL } from "../internal/names";
import { Problems } from "../internal/problems";
import { MODEL_ROUTER } from "./model-gateway-names";
import { MODEL_PORT } from "./model-names";
import { type ModelRouterArgs, ModelRouting } from "./model-router-args";
import { ROUTER_LABELS, ROUTER_SELECTOR, routerDeployment, routerReplicas } from "./model-router-manifests";

/**
 * The router of the vLLM production stack: takes requests for several model servers at one address and chooses a replica by
 * the model and, by default, by the beginning of the prompt, so that what a replica has computed is used again. It checks no
 * keys: it passes them on, and the servers check. A Deployment with its Service, ServiceAccount, Role and disruption budget.
 */
export class ModelRouter extends pulumi.ComponentResource {
  /** Its Service, on `MODEL_PORT`; for `ModelGateway.router`. */
  readonly serviceName: pulumi.Output<string>;
  /** Gate: the router answers. */
  readonly ready: pulumi.Output<string>;

  constructor(name: string, args: ModelRouterArgs, opts?: pulumi.ComponentResourceOptions) {
    super("llm-platform:index:ModelRouter", name, {}, opts);
    checkModelRouterArgs(name, args);
    const children = { parent: this };
    const metadata = { name: MODEL_ROUTER, namespace: args.namespace, labels: ROUTER_LABELS };
    const service = new kubernetes.core.v1.Service(
      `${name}-service`,
      {
        // The gateway may be there first, and Pulumi need not wait for pods here: the Deployment is waited for.
        metadata: { ...metadata, annotations: { "pulumi.com/skipAwait": "true" } },
        spec: {
          type: "ClusterIP",
          selector: ROUTER_SELECTOR,
          ports: [{ name: "http", port: MODEL_PORT, targetPort: MODEL_PORT }],
        },
      },
      children,
    );
    const rights = routerRights(name, metadata, children);
    const deployment = new kubernetes.apps.v1.Deployment(
      `${name}-deployment`,
      { metadata, spec: routerDeployment(args) },
      { ...children, dependsOn: after(args.policiesReady, args.secretsReady, ready(rights)) },
    );
    if (routerReplicas(args) > 1) {
      new kubernetes.policy.v1.PodDisruptionBudget(
        `${name}-budget`,
        { metadata, spec: { maxUnavailable: 1, selector: { matchLabels: ROUTER_SELECTOR } } },
        children,
      );
    }
    this.ready = ready([service, deployment]);
    this.serviceName = ready([service]).apply(() => MODEL_ROUTER);
    this.registerOutputs({ serviceName: this.serviceName, ready: this.ready });
  }
}

interface Metadata {
  readonly name: string;
  readonly namespace: pulumi.Input<string>;
  readonly labels: Record<string, string>;
}

/** It reads pods, to know where its servers are, and nothing else. */
function routerRights(name: string, metadata: Metadata, opts: pulumi.CustomResourceOptions): pulumi.Resource[] {
  const account = new kubernetes.core.v1.ServiceAccount(
    `${name}-account`,
    { metadata, automountServiceAccountToken: false },
    opts,
  );
  const role = new kubernetes.rbac.v1.Role(
    `${name}-role`,
    { metadata, rules: [{ apiGroups: [""], resources: ["pods"], verbs: ["get", "list", "watch"] }] },
    opts,
  );
  const binding = new kubernetes.rbac.v1.RoleBinding(
    `${name}-binding`,
    {
      metadata,
      roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name: MODEL_ROUTER },
      subjects: [{ kind: "ServiceAccount", name: MODEL_ROUTER, namespace: metadata.namespace }],
    },
    opts,
  );
  return [account, role, binding];
}

function checkModelRouterArgs(name: string, args: ModelRouterArgs): void {
  const problems = new Problems();
  problems.check(args.servers.length > 0 && args.servers.every((server) => DNS_LABEL.test(server)), {
    path: "servers",
    rule: "must name at least one model server, each by a DNS label",
    got: args.servers,
    fix: "List the servers.",
  });
  const replicas = routerReplicas(args);
  problems.check(Number.isInteger(replicas) && replicas >= 1, {
    path: "replicas",
    rule: "must be a whole number of at least 1",
    got: replicas,
    fix: "Use 2.",
  });
  problems.check(args.sessionHeader === undefined || args.routing === ModelRouting.Session, {
    path: "sessionHeader",
    rule: "means nothing without routing session",
    got: args.sessionHeader,
    fix: "Leave it out, or choose session.",
  });
  problems.check(args.sessionHeader === undefined || /^[a-z0-9-]+$/.test(args.sessionHeader), {
    path: "sessionHeader",
    rule: "must be the name of a header in lower case",
    got: args.sessionHeader,
    fix: "Write it like x-session-id.",
  });
  problems.throwIfAny("ModelRouter", name);
}
