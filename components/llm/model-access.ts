import * as aws from "@pulumi/aws";
import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { ready } from "../internal/gates";
import { Problems } from "../internal/problems";
import { shortHash } from "../internal/stable-json";
import { HUGGING_FACE_SECRET, MODEL_GROUPS, type ModelAccessArgs } from "./model-access-args";
import { huggingFaceSecret, modelKeys } from "./model-access-keys";
import { nodeRules, operatorRules, readerRules } from "./model-access-roles";
import { MODEL_SERVICE_ACCOUNTS } from "./model-names";

/**
 * Who may do what with models: ServiceAccounts without tokens for model servers and import Jobs, API keys, and two groups of
 * people, one that looks and one that operates. Whoever changes a workload can make its pods show what they hold: operators
 * are trusted with the API keys, although they cannot read Secrets. Permissions in AWS are not managed here.
 */
export class ModelAccess extends pulumi.ComponentResource {
  /** API keys by server; secret. For whoever hands them to callers. */
  readonly apiKeys: pulumi.Output<Record<string, string>>;
  /** Changes when keys do, without any secret: pods read keys at start only, and an annotation with it rolls them. */
  readonly revision: pulumi.Output<string>;
  /** Secret with the token for Hugging Face; empty without one. */
  readonly huggingFaceSecretName: pulumi.Output<string>;
  /** Gate: ServiceAccounts and Secrets exist. */
  readonly ready: pulumi.Output<string>;

  constructor(name: string, args: ModelAccessArgs, opts?: pulumi.ComponentResourceOptions) {
    super("llm-platform:index:ModelAccess", name, {}, opts);
    checkModelAccessArgs(name, args);
    const children = { parent: this };
    const accounts = Object.values(MODEL_SERVICE_ACCOUNTS).map(
      (account) =>
        new kubernetes.core.v1.ServiceAccount(
          `${name}-account-${account}`,
          { metadata: { name: account, namespace: args.namespace }, automountServiceAccountToken: false },
          children,
        ),
    );
    const { keys, secrets } = modelKeys(name, args, children);
    const token = huggingFaceSecret(name, args, children);
    bindGroups(name, args, children);
    admitMembers(name, args, children);

    this.apiKeys = pulumi.secret(pulumi.all(keys));
    this.revision = pulumi.output(`keys-${args.keyRevision ?? 0}`);
    this.huggingFaceSecretName = token ? ready([token]).apply(() => HUGGING_FACE_SECRET.name) : pulumi.output("");
    this.ready = ready([...accounts, ...secrets, ...(token ? [token] : [])]);
    this.registerOutputs({
      apiKeys: this.apiKeys,
      revision: this.revision,
      huggingFaceSecretName: this.huggingFaceSecretName,
      ready: this.ready,
    });
  }
}

/** The Roles of the namespace and their groups; both groups see the machines. */
function bindGroups(name: string, { namespace }: ModelAccessArgs, opts: pulumi.CustomResourceOptions): void {
  const group = (of: string) => ({ apiGroup: "rbac.authorization.k8s.io", kind: "Group", name: of });
  const roles = { [MODEL_GROUPS.readers]: readerRules(), [MODEL_GROUPS.operators]: operatorRules() };
  for (const [role, rules] of Object.entries(roles)) {
    const metadata = { name: role, namespace };
    new kubernetes.rbac.v1.Role(`${name}-role-${role}`, { metadata, rules }, opts);
    new kubernetes.rbac.v1.RoleBinding(
      `${name}-binding-${role}`,
      {
        metadata,
        roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name: role },
        subjects: [group(role)],
      },
      opts,
    );
  }
  const metadata = { name: "model-nodes" };
  new kubernetes.rbac.v1.ClusterRole(`${name}-node-role`, { metadata, rules: nodeRules() }, opts);
  new kubernetes.rbac.v1.ClusterRoleBinding(
    `${name}-node-binding`,
    {
      metadata,
      roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: metadata.name },
      subjects: Object.values(MODEL_GROUPS).map(group),
    },
    opts,
  );
}

/** Makes IAM roles members of the groups. */
function admitMembers(name: string, { members }: ModelAccessArgs, opts: pulumi.CustomResourceOptions): void {
  const entries = { [MODEL_GROUPS.readers]: members?.readers, [MODEL_GROUPS.operators]: members?.operators };
  for (const [group, arns = []] of Object.entries(entries)) {
    for (const principalArn of arns) {
      // A name that depends on nobody else in the list.
      const key = `${principalArn.slice(principalArn.lastIndexOf("/") + 1)}-${shortHash(principalArn, 6)}`;
      new aws.eks.AccessEntry(
        `${name}-access-${key}`,
        { clusterName: members?.clusterName ?? "", principalArn, type: "STANDARD", kubernetesGroups: [group] },
        opts,
      );
    }
  }
}

function checkModelAccessArgs(name: string, args: ModelAccessArgs): void {
  const problems = new Problems();
  const revision = args.keyRevision ?? 0;
  problems.check(Number.isInteger(revision) && revision >= 0, {
    path: "keyRevision",
    rule: "must be a whole number from 0",
    got: revision,
    fix: "Raise it by one for new keys.",
  });
  problems.check(args.keyRevision === undefined || args.apiKey === undefined || revision === 0, {
    path: "keyRevision",
    rule: "means nothing with a key of your own",
    got: revision,
    fix: "Give another apiKey instead.",
  });
  args.servers.forEach((server, index) => {
    problems.check(/^[a-z]([-a-z0-9]{0,38}[a-z0-9])?$/.test(server) && args.servers.indexOf(server) === index, {
      path: `servers[${index}]`,
      rule: "must be a DNS label of at most 40 characters, listed once",
      got: server,
      fix: "Rename the server.",
    });
  });
  (args.sharedKeyServers ?? []).forEach((server, index) => {
    problems.check(args.servers.includes(server), {
      path: `sharedKeyServers[${index}]`,
      rule: "must be one of servers",
      got: server,
      fix: "Add it there, or remove it here.",
    });
  });
  const { readers = [], operators = [] } = args.members ?? {};
  [...readers, ...operators].forEach((arn, index, all) => {
    problems.check(all.indexOf(arn) === index, {
      path: "members",
      rule: "must name each role once: EKS has one entry for each, and operators may look as well",
      got: arn,
      fix: "Keep it under readers or under operators.",
    });
  });
  problems.throwIfAny("ModelAccess", name);
}
