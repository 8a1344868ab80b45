import { freshHex } from "../identifiers";
import type { ResourceRules, RuleTable } from "../resource";
import { known } from "./stores";

const SECRET = "aws:secretsmanager/secret:Secret";
const FILE_SYSTEM = "aws:efs/fileSystem:FileSystem";
const KEY = "aws:kms/key:Key";

/** Secrets Manager and EFS. */
export const STORAGE_RULES: RuleTable = {
  [SECRET]: {
    name: { property: "name", longest: 512 },
    defaults: { recoveryWindowInDays: 30 },
    replaces: ["type"],
    tagged: true,
    idFrom: "arn",
    references: { kmsKeyId: { to: KEY } },
    computed: ({ physicalName }, cloud) => ({
      arn: `arn:aws:secretsmanager:${cloud.region}:${cloud.account}:secret:${physicalName}-${freshHex(6)}`,
    }),
    unique: {
      key: ({ name }) => `${name}`,
      message: ({ physicalName }) =>
        `ResourceExistsException: The operation failed because the secret ${physicalName} already exists or is scheduled for deletion.`,
    },
    missing: (value) => `ResourceNotFoundException: Secrets Manager can't find the specified secret: ${value}`,
    check: ({ recoveryWindowInDays: days }) =>
      !known(days) || days === 0 || (days >= 7 && days <= 30)
        ? []
        : [{ property: "recoveryWindowInDays", reason: `must be 0 or 7 to 30, got ${days}` }],
    gone: ({ physicalName, inputs }, cloud) => {
      const days = Number(inputs.recoveryWindowInDays ?? 30);
      if (days > 0) cloud.reserve(SECRET, physicalName, `scheduled for deletion, recoverable for ${days} days`);
    },
  },
  "aws:secretsmanager/secretVersion:SecretVersion": {
    replaces: ["secretId", "secretString", "secretBinary"],
    references: { secretId: { to: SECRET } },
    computed: ({ inputs }) => {
      const versionId = freshHex(32);
      return { id: `${inputs.secretId}|${versionId}`, versionId };
    },
  },
  [FILE_SYSTEM]: {
    replaces: ["availabilityZoneName", "creationToken", "encrypted", "kmsKeyId", "performanceMode"],
    tagged: true,
    idPrefix: "fs-",
    references: { kmsKeyId: { to: KEY } },
    missing: (value) => `FileSystemNotFound: File system '${value}' does not exist.`,
    inUse: ({ id }) => `FileSystemInUse: File system '${id}' has mount targets`,
  },
  "aws:efs/mountTarget:MountTarget": {
    replaces: ["fileSystemId", "ipAddress", "subnetId"],
    references: {
      fileSystemId: { to: FILE_SYSTEM, holds: true },
      subnetId: { to: "aws:ec2/subnet:Subnet", holds: true },
      "securityGroups[]": { to: "aws:ec2/securityGroup:SecurityGroup", holds: true },
    },
    unique: {
      key: ({ fileSystemId, subnetId }) => `${fileSystemId} ${subnetId}`,
      message: () => "MountTargetConflict: mount target already exists in this AZ",
    },
    computed: () => ({ id: `fsmt-${freshHex(17)}` }),
  },
  "aws:efs/backupPolicy:BackupPolicy": ofFileSystem(),
  "aws:efs/fileSystemPolicy:FileSystemPolicy": ofFileSystem(),
};

function ofFileSystem(): ResourceRules {
  return {
    replaces: ["fileSystemId"],
    references: { fileSystemId: { to: FILE_SYSTEM } },
    computed: ({ inputs }) => ({ id: inputs.fileSystemId }),
  };
}
