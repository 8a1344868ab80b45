import type { Properties } from "../../providers/provider";
import type { Cloud } from "../cloud";
import { textsAt } from "../paths";
import { refusal } from "../refusal";
import type { LiveResource, RuleTable } from "../resource";

const ROLE = "aws:iam/role:Role";
const POLICY = "aws:iam/policy:Policy";
const ATTACHMENT = "aws:iam/rolePolicyAttachment:RolePolicyAttachment";
const ROLE_POLICY = "aws:iam/rolePolicy:RolePolicy";
const KEY = "aws:kms/key:Key";

/** Inputs that name a KMS key. */
const KEY_INPUTS = [
  "kmsKeyId",
  "performanceInsightsKmsKeyId",
  "encryptionConfig.provider.keyArn",
  "rules[].applyServerSideEncryptionByDefault.kmsMasterKeyId",
  "rules[].destination.encryptionConfiguration.replicaKmsKeyId",
];

/** IAM and KMS. */
export const IDENTITY_RULES: RuleTable = {
  [ROLE]: {
    name: { property: "name" },
    defaults: { maxSessionDuration: 3600, path: "/", forceDetachPolicies: false },
    replaces: ["path"],
    tagged: true,
    computed: ({ physicalName, inputs }, cloud) => ({
      id: physicalName,
      arn: `arn:aws:iam::${cloud.account}:role${inputs.path ?? "/"}${physicalName}`,
      uniqueId: `AROA${physicalName}`,
    }),
    unique: {
      key: ({ name }) => `${name}`,
      message: ({ physicalName }) => `EntityAlreadyExists: Role with name ${physicalName} already exists.`,
    },
    missing: (value) => `NoSuchEntity: The role with name ${value} cannot be found.`,
    inUse: (_role, holders) =>
      holders.some(({ type }) => type === ATTACHMENT || type === ROLE_POLICY)
        ? "DeleteConflict: Cannot delete entity, must detach all policies first."
        : "DeleteConflict: Cannot delete entity, must remove roles from instance profile first.",
  },
  [ROLE_POLICY]: {
    name: { property: "name", longest: 128 },
    replaces: ["role"],
    references: { role: { to: ROLE, holds: true } },
    computed: ({ inputs, physicalName }) => ({ id: `${inputs.role}:${physicalName}` }),
    gone: blameLostPermissions,
  },
  [ATTACHMENT]: {
    replaces: ["role", "policyArn"],
    references: { role: { to: ROLE, holds: true }, policyArn: { to: POLICY, holds: true } },
    gone: blameLostPermissions,
  },
  [POLICY]: {
    name: { property: "name" },
    defaults: { path: "/" },
    replaces: ["path", "description"],
    tagged: true,
    idFrom: "arn",
    unique: {
      key: ({ name }) => `${name}`,
      message: ({ physicalName }) => `EntityAlreadyExists: A policy called ${physicalName} already exists.`,
    },
    idPrefix: "arn:",
    missing: (value) => `NoSuchEntity: Policy ${value} does not exist or is not attachable.`,
    inUse: () => "DeleteConflict: Cannot delete a policy attached to entities.",
  },
  "aws:iam/openIdConnectProvider:OpenIdConnectProvider": {
    replaces: ["url"],
    tagged: true,
    idFrom: "arn",
    unique: {
      key: ({ url }) => `${url}`,
      message: ({ inputs }) => `EntityAlreadyExists: Provider with url ${inputs.url} already exists.`,
    },
  },
  "aws:iam/serviceLinkedRole:ServiceLinkedRole": {
    replaces: ["awsServiceName", "customSuffix"],
    tagged: true,
    idFrom: "arn",
    unique: {
      key: ({ awsServiceName, customSuffix }) => `${awsServiceName} ${customSuffix ?? ""}`,
      message: ({ inputs }) =>
        `InvalidInput: Service role name for ${inputs.awsServiceName} has been taken in this account, please try a different suffix.`,
    },
  },
  [KEY]: {
    replaces: ["customerMasterKeySpec", "keyUsage", "multiRegion", "customKeyStoreId", "xksKeyId"],
    tagged: true,
    missing: (value) => `NotFoundException: Key '${value}' does not exist`,
    check: checkDeletionWindow,
    gone: keepPending,
  },
};

function checkDeletionWindow({ deletionWindowInDays: days }: Properties) {
  if (typeof days !== "number" || (days >= 7 && days <= 30)) return [];
  return [{ property: "deletionWindowInDays", reason: `expected to be in the range (7 - 30), got ${days}` }];
}

/** A key is not deleted but scheduled for it; from then on it opens nothing. */
function keepPending({ id, computed, inputs }: LiveResource, cloud: Cloud): void {
  cloud.reserve(KEY, id, `pending deletion for ${inputs.deletionWindowInDays ?? 30} days`);
  const users = cloud.all().filter((resource) => {
    return KEY_INPUTS.flatMap((path) => textsAt(resource.inputs, path)).some(
      (key) => key === computed.arn || key === id,
    );
  });
  for (const { logicalName } of users) {
    cloud.hazards.push(`key ${id} was scheduled for deletion while ${logicalName} was encrypted with it`);
  }
  for (const [snapshot, key] of cloud.snapshots) {
    if (key === computed.arn)
      cloud.hazards.push(`snapshot ${snapshot} cannot be restored: its key ${id} is pending deletion`);
  }
}

/** IAM lets a policy go whoever needs it. */
function blameLostPermissions({ logicalName, inputs }: LiveResource, cloud: Cloud): void {
  const role = cloud.find(ROLE, inputs.role);
  const users = cloud
    .all()
    .filter(({ inputs: user }) => role !== undefined && [user.nodeRoleArn, user.roleArn].includes(role.computed.arn));
  for (const user of users.filter(({ type }) => /eks\/(nodeGroup|cluster)/.test(type))) {
    cloud.hazards.push(`permissions ${logicalName} were taken from the role of ${user.logicalName} while it lived`);
  }
}

/** Names of the managed policies attached to a role; undefined for a role of others. */
export function policiesOf(roleArn: string, cloud: Cloud): string[] | undefined {
  const role = cloud.find(ROLE, roleArn);
  if (role === undefined) return undefined;
  return cloud
    .all(ATTACHMENT)
    .filter(({ inputs }) => inputs.role === role.physicalName || inputs.role === role.computed.arn)
    .map(({ inputs }) => String(inputs.policyArn).replace(/^.*\//, ""));
}

/** Throws unless one of `alternatives` is attached to the role. */
export function requirePolicy(roleArn: string, alternatives: readonly string[], code: string, cloud: Cloud): void {
  const attached = policiesOf(roleArn, cloud);
  if (attached === undefined || alternatives.some((name) => attached.includes(name))) return;
  throw refusal(
    code,
    `The provided role ${roleArn} doesn't have the managed policy ${alternatives.join(" or ")} attached. Attach it first.`,
  );
}
