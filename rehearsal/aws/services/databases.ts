import type { Properties } from "../../providers/provider";
import type { Cloud } from "../cloud";
import { refusal } from "../refusal";
import type { RuleTable } from "../resource";
import { ensureLogGroup } from "./logs";
import { parameterGroup, subnetGroup } from "./store-groups";
import { dropSnapshotOf, known, only } from "./stores";

const INSTANCE = "aws:rds/instance:Instance";
const SUBNET_GROUP = "aws:rds/subnetGroup:SubnetGroup";
const PARAMETER_GROUP = "aws:rds/parameterGroup:ParameterGroup";
const KEY = "aws:kms/key:Key";

/** From how much storage on gp3 takes settings of its own, by engine. */
const GP3_SETTINGS_FROM_GIB = 400;

/** RDS. */
export const DATABASE_RULES: RuleTable = {
  [INSTANCE]: {
    name: { property: "identifier", lowerCase: true },
    renames: true,
    replaces: [
      "availabilityZone",
      "characterSetName",
      "dbName",
      "engine",
      "kmsKeyId",
      "snapshotIdentifier",
      "storageEncrypted",
      "timezone",
      "username",
    ],
    tagged: true,
    writeOnly: ["password"],
    references: {
      dbSubnetGroupName: { to: SUBNET_GROUP, holds: true, strict: true },
      parameterGroupName: { to: PARAMETER_GROUP, holds: ({ inputs }) => !isDefault(inputs.parameterGroupName) },
      "vpcSecurityGroupIds[]": { to: "aws:ec2/securityGroup:SecurityGroup", holds: true },
      kmsKeyId: { to: KEY },
      performanceInsightsKmsKeyId: { to: KEY },
    },
    idFrom: "resourceId",
    unique: {
      key: ({ identifier }) => `${identifier}`,
      message: ({ physicalName }) => `DBInstanceAlreadyExists: DB instance already exists: ${physicalName}`,
    },
    check: checkInstance,
    admit: ({ inputs }, cloud) => checkFamily(inputs, cloud),
    made: ({ id, physicalName, inputs }, cloud) => {
      cloud.credentials.set(id, inputs.password);
      for (const log of inputs.enabledCloudwatchLogsExports ?? []) {
        ensureLogGroup(`/aws/rds/instance/${physicalName}/${log}`, cloud);
      }
    },
    admitChange: (instance, now, cloud) => {
      checkFamily(now, cloud);
      checkChange(instance.inputs, now);
    },
    changed: ({ id, inputs }, _before, cloud) => cloud.credentials.set(id, inputs.password),
    release: (instance, cloud) => {
      const { deletionProtection, skipFinalSnapshot, finalSnapshotIdentifier } = instance.inputs;
      if (deletionProtection === true) {
        throw refusal(
          "InvalidParameterCombination",
          "Cannot delete protected DB Instance, please disable deletion protection and try again.",
        );
      }
      if (skipFinalSnapshot !== true && finalSnapshotIdentifier === undefined) {
        throw new Error("final_snapshot_identifier is required when skip_final_snapshot is false");
      }
      dropSnapshotOf(
        instance,
        skipFinalSnapshot === true ? undefined : finalSnapshotIdentifier,
        "DBSnapshotAlreadyExists",
        cloud,
      );
    },
    gone: ({ id }, cloud) => cloud.credentials.drop(id),
    missing: (value) => `DBInstanceNotFound: DBInstance ${value} not found.`,
  },
  [SUBNET_GROUP]: subnetGroup({
    taken: (name) => `DBSubnetGroupAlreadyExists: The DB subnet group '${name}' already exists.`,
    missing: (value) => `DBSubnetGroupNotFoundFault: DB subnet group '${value}' does not exist.`,
    inUse: ({ physicalName }, holders) =>
      `InvalidDBSubnetGroupStateFault: Cannot delete the subnet group '${physicalName}' because at least one database instance: ${holders[0]?.physicalName} is still using it.`,
  }),
  [PARAMETER_GROUP]: parameterGroup({
    taken: (name) => `DBParameterGroupAlreadyExists: Parameter group ${name} already exists`,
    missing: (value) => `DBParameterGroupNotFound: DBParameterGroup not found: ${value}`,
    inUse: () =>
      "InvalidDBParameterGroupState: One or more database instances are still members of this parameter group",
  }),
};

function isDefault(name: unknown): boolean {
  return typeof name === "string" && name.startsWith("default.");
}

/** Combinations that RDS refuses. */
function checkInstance(inputs: Properties) {
  const { storageType, allocatedStorage, iops, storageThroughput } = inputs;
  const { performanceInsightsRetentionPeriod: retention, databaseInsightsMode, password, maxAllocatedStorage } = inputs;
  const small = known(allocatedStorage) && allocatedStorage < GP3_SETTINGS_FROM_GIB;
  return only([
    storageType === "gp3" &&
      small &&
      (iops !== undefined || storageThroughput !== undefined) && {
        property: iops === undefined ? "storageThroughput" : "iops",
        reason: `You can't specify IOPS or storage throughput for engine ${inputs.engine} and a storage size less than ${GP3_SETTINGS_FROM_GIB}`,
      },
    known(retention) &&
      !isInsightsPeriod(retention) && {
        property: "performanceInsightsRetentionPeriod",
        reason: `must be 7, a multiple of 31 up to 713, or 731; got ${retention}`,
      },
    databaseInsightsMode === "advanced" &&
      retention !== undefined &&
      known(retention) &&
      retention < 465 && {
        property: "performanceInsightsRetentionPeriod",
        reason: "must be at least 465 with databaseInsightsMode advanced",
      },
    databaseInsightsMode !== "advanced" &&
      known(retention) &&
      retention > 7 && {
        property: "performanceInsightsRetentionPeriod",
        reason: `is ${retention}, and longer than 7 days needs databaseInsightsMode advanced`,
      },
    known(password) &&
      (password.length < 8 || password.length > 128 || /[/"@ ]/.test(password)) && {
        property: "password",
        reason: "must have 8 to 128 characters, none of them a slash, quote, at sign or space",
      },
    known(maxAllocatedStorage) &&
      known(allocatedStorage) &&
      maxAllocatedStorage < allocatedStorage * 1.1 && {
        property: "maxAllocatedStorage",
        reason: `Max storage size must be at least 10 % greater than storage size ${allocatedStorage}`,
      },
  ]);
}

function isInsightsPeriod(days: number): boolean {
  return days === 7 || days === 731 || (days % 31 === 0 && days > 0 && days <= 713);
}

/** A parameter group serves one major version. */
function checkFamily({ engine, engineVersion, parameterGroupName }: Properties, cloud: Cloud): void {
  const family = cloud.find(PARAMETER_GROUP, parameterGroupName ?? "")?.inputs.family;
  const expected = `${engine}${majorOf(engineVersion)}`;
  if (family === undefined || engineVersion === undefined || family === expected) return;
  throw refusal(
    "InvalidParameterCombination",
    `The parameter group ${parameterGroupName} with DBParameterGroupFamily ${family} can't be used for this instance. Use ${expected}.`,
  );
}

function checkChange(before: Properties, now: Properties): void {
  if (now.allocatedStorage < before.allocatedStorage) {
    throw refusal(
      "InvalidParameterCombination",
      `Invalid storage size: ${now.allocatedStorage} is less than the ${before.allocatedStorage} GiB that there are.`,
    );
  }
  if (before.engineVersion === undefined || now.engineVersion === undefined) return;
  const from = majorOf(before.engineVersion);
  const to = majorOf(now.engineVersion);
  if (from === to) return;
  if (to < from) throw refusal("InvalidParameterCombination", `Cannot upgrade ${before.engine} from ${from} to ${to}`);
  if (now.allowMajorVersionUpgrade !== true) {
    throw refusal(
      "InvalidParameterCombination",
      "The AllowMajorVersionUpgrade flag must be present when upgrading to a new major version.",
    );
  }
}

function majorOf(version: unknown): number {
  return Number(String(version).split(".")[0]);
}
