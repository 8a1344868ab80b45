import type { Properties } from "../../providers/provider";
import type { Cloud } from "../cloud";
import { refusal } from "../refusal";
import type { LiveResource, RuleTable } from "../resource";
import { parameterGroup, subnetGroup } from "./store-groups";
import { dropSnapshotOf, known, only } from "./stores";

const GROUP = "aws:elasticache/replicationGroup:ReplicationGroup";
const SUBNET_GROUP = "aws:elasticache/subnetGroup:SubnetGroup";
const PARAMETER_GROUP = "aws:elasticache/parameterGroup:ParameterGroup";

/** ElastiCache. */
export const CACHE_RULES: RuleTable = {
  [GROUP]: {
    name: { property: "replicationGroupId", lowerCase: true },
    replaces: [
      "atRestEncryptionEnabled",
      "dataTieringEnabled",
      "globalReplicationGroupId",
      "kmsKeyId",
      "networkType",
      "port",
      "preferredCacheClusterAzs",
      "snapshotArns",
      "snapshotName",
      "subnetGroupName",
    ],
    replacesBetween: (before, now) => [
      ...(before.engine === "valkey" && now.engine === "redis" ? ["engine"] : []),
      ...(Number.parseFloat(now.engineVersion) < Number.parseFloat(before.engineVersion) ? ["engineVersion"] : []),
    ],
    tagged: true,
    writeOnly: ["authToken"],
    references: {
      subnetGroupName: { to: SUBNET_GROUP, holds: true, strict: true },
      parameterGroupName: {
        to: PARAMETER_GROUP,
        holds: ({ inputs }) => !`${inputs.parameterGroupName}`.startsWith("default."),
      },
      "securityGroupIds[]": { to: "aws:ec2/securityGroup:SecurityGroup", holds: true },
      kmsKeyId: { to: "aws:kms/key:Key" },
    },
    unique: {
      key: ({ replicationGroupId }) => `${replicationGroupId}`,
      message: ({ physicalName }) =>
        `ReplicationGroupAlreadyExistsFault: Replication group ${physicalName} already exists.`,
    },
    check: checkGroup,
    admit: ({ inputs }, cloud) => {
      checkFamily(inputs, cloud);
      checkLogDestinations(inputs, cloud);
    },
    made: ({ id, inputs }, cloud) => {
      if (known(inputs.authToken)) cloud.credentials.set(id, inputs.authToken);
    },
    admitChange: (_group, now, cloud) => checkFamily(now, cloud),
    changed: changeToken,
    release: (group, cloud) =>
      dropSnapshotOf(group, group.inputs.finalSnapshotIdentifier, "SnapshotAlreadyExistsFault", cloud),
    gone: ({ id }, cloud) => cloud.credentials.drop(id),
  },
  [SUBNET_GROUP]: subnetGroup({
    taken: (name) => `CacheSubnetGroupAlreadyExists: Cache subnet group ${name} already exists.`,
    missing: (value) => `CacheSubnetGroupNotFoundFault: Cache Subnet Group ${value} does not exist.`,
    inUse: ({ physicalName }) =>
      `CacheSubnetGroupInUse: Cache subnet group ${physicalName} is currently in use by a cache cluster.`,
  }),
  [PARAMETER_GROUP]: parameterGroup({
    taken: (name) => `CacheParameterGroupAlreadyExists: Parameter group ${name} already exists`,
    missing: (value) => `CacheParameterGroupNotFound: CacheParameterGroup ${value} not found.`,
    inUse: () => "InvalidCacheParameterGroupState: One or more cache clusters are still using this parameter group.",
  }),
};

/** Combinations that ElastiCache refuses. */
function checkGroup(inputs: Properties) {
  const { authToken, transitEncryptionEnabled, multiAzEnabled, automaticFailoverEnabled, numCacheClusters } = inputs;
  return only([
    known(authToken) &&
      !/^[A-Za-z0-9!&#$^<>-]{16,128}$/.test(authToken) && {
        property: "authToken",
        reason: "must have 16 to 128 characters: letters, digits and !&#$^<>-",
      },
    known(authToken) &&
      transitEncryptionEnabled !== true && {
        property: "authToken",
        reason: "needs transitEncryptionEnabled",
      },
    multiAzEnabled === true &&
      automaticFailoverEnabled !== true && {
        property: "multiAzEnabled",
        reason: "needs automaticFailoverEnabled",
      },
    automaticFailoverEnabled === true &&
      known(numCacheClusters) &&
      numCacheClusters < 2 && {
        property: "numCacheClusters",
        reason: `is ${numCacheClusters}, and automatic failover needs 2`,
      },
  ]);
}

function checkFamily({ engine, engineVersion, parameterGroupName }: Properties, cloud: Cloud): void {
  const family = cloud.find(PARAMETER_GROUP, parameterGroupName ?? "")?.inputs.family;
  const expected = `${engine}${String(engineVersion).split(".")[0]}`;
  if (family === undefined || engineVersion === undefined || family === expected) return;
  throw refusal(
    "InvalidParameterCombination",
    `Expected a parameter group of family ${expected} but ${parameterGroupName} is of family ${family}.`,
  );
}

function checkLogDestinations({ logDeliveryConfigurations = [] }: Properties, cloud: Cloud): void {
  for (const { destination, destinationType } of logDeliveryConfigurations as Properties[]) {
    if (destinationType !== "cloudwatch-logs" || cloud.isAdopted(destination)) continue;
    if (cloud.find("aws:cloudwatch/logGroup:LogGroup", destination) === undefined) {
      throw refusal("InvalidParameterValue", `Destination CloudWatch Logs group ${destination} does not exist.`);
    }
  }
}

/** ROTATE lets the old token in beside the new one; SET ends that. */
function changeToken({ id, inputs }: LiveResource, before: Properties, cloud: Cloud): void {
  const { authToken, authTokenUpdateStrategy: strategy } = inputs;
  if (!known(authToken)) return;
  if (authToken === before.authToken && strategy === before.authTokenUpdateStrategy) return;
  if (strategy === "SET") cloud.credentials.set(id, authToken);
  else cloud.credentials.rotate(id, authToken);
}
