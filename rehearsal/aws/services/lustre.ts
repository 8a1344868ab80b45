import type { CheckResult, Properties } from "../../providers/provider";
import type { Cloud } from "../cloud";
import { freshHex } from "../identifiers";
import { refusal } from "../refusal";
import type { Draft, RuleTable } from "../resource";
import { known, only } from "./stores";

const LUSTRE = "aws:fsx/lustreFileSystem:LustreFileSystem";
const ASSOCIATION = "aws:fsx/dataRepositoryAssociation:DataRepositoryAssociation";
const SECURITY_GROUP = "aws:ec2/securityGroup:SecurityGroup";
const INGRESS = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule";

/** Port of Lustre's own network protocol. */
const LNET_PORT = 988;

/** MB/s a TiB that `PERSISTENT_2` offers. */
const THROUGHPUTS = [125, 250, 500, 1000];

/** FSx for Lustre, and its links to buckets. */
export const LUSTRE_RULES: RuleTable = {
  [LUSTRE]: {
    defaults: { deploymentType: "SCRATCH_1", skipFinalBackup: true, storageType: "SSD" },
    replaces: [
      "backupId",
      "copyTagsToBackups",
      "deploymentType",
      "driveCacheType",
      "efaEnabled",
      "exportPath",
      "importPath",
      "importedFileChunkSize",
      "kmsKeyId",
      "securityGroupIds",
      "storageType",
      "subnetIds",
    ],
    // It grows and is upgraded in place, and never the other way.
    replacesBetween: (before, now) => [
      ...(now.storageCapacity < before.storageCapacity ? ["storageCapacity"] : []),
      ...(Number(now.fileSystemTypeVersion) < Number(before.fileSystemTypeVersion) ? ["fileSystemTypeVersion"] : []),
    ],
    tagged: true,
    idPrefix: "fs-",
    references: {
      subnetIds: { to: "aws:ec2/subnet:Subnet", holds: true },
      "securityGroupIds[]": { to: SECURITY_GROUP, holds: true },
      kmsKeyId: { to: "aws:kms/key:Key" },
    },
    computed: (_draft, cloud) => {
      const id = `fs-${freshHex(17)}`;
      return {
        id,
        arn: `arn:aws:fsx:${cloud.region}:${cloud.account}:file-system/${id}`,
        dnsName: `${id}.fsx.${cloud.region}.amazonaws.com`,
        mountName: freshHex(8),
      };
    },
    check: checkFileSystem,
    admit: checkLustreTraffic,
    missing: (value) => `FileSystemNotFound: File system '${value}' does not exist.`,
    gone: ({ id }, cloud) => {
      const linked = cloud.all(ASSOCIATION).filter(({ inputs }) => inputs.fileSystemId === id);
      for (const association of linked) cloud.remove(association);
    },
  },
  [ASSOCIATION]: {
    replaces: ["batchImportMetaDataOnCreate", "dataRepositoryPath", "fileSystemId", "fileSystemPath"],
    tagged: true,
    references: { fileSystemId: { to: LUSTRE } },
    computed: () => ({ id: `dra-${freshHex(17)}` }),
    unique: {
      key: ({ fileSystemId, fileSystemPath }) => `${fileSystemId} ${fileSystemPath}`,
      message: ({ inputs }) =>
        `BadRequest: The file system path ${inputs.fileSystemPath} overlaps with that of another association`,
    },
    check: ({ dataRepositoryPath }) =>
      only([
        known(dataRepositoryPath) &&
          !/^s3:\/\//.test(dataRepositoryPath) && {
            property: "dataRepositoryPath",
            reason: `must begin with s3://, got ${dataRepositoryPath}`,
          },
      ]),
    admit: ({ inputs }, cloud) => {
      const deployment = cloud.find(LUSTRE, inputs.fileSystemId)?.inputs.deploymentType;
      if (deployment !== "SCRATCH_1") return;
      throw refusal("BadRequest", `Data repository associations are not supported on ${deployment} file systems`);
    },
  },
};

function checkFileSystem(inputs: Properties): CheckResult["failures"] {
  const { deploymentType = "SCRATCH_1", storageCapacity, perUnitStorageThroughput, importPath, kmsKeyId } = inputs;
  const persistent = /^PERSISTENT/.test(deploymentType);
  return only([
    known(storageCapacity) &&
      deploymentType === "PERSISTENT_2" &&
      storageCapacity !== 1200 &&
      storageCapacity % 2400 !== 0 && {
        property: "storageCapacity",
        reason: `BadRequest: must be 1200 or a multiple of 2400, got ${storageCapacity}`,
      },
    deploymentType === "PERSISTENT_2" &&
      perUnitStorageThroughput !== undefined &&
      known(perUnitStorageThroughput) &&
      !THROUGHPUTS.includes(perUnitStorageThroughput) && {
        property: "perUnitStorageThroughput",
        reason: `BadRequest: must be one of ${THROUGHPUTS.join(", ")}, got ${perUnitStorageThroughput}`,
      },
    !persistent &&
      perUnitStorageThroughput !== undefined && {
        property: "perUnitStorageThroughput",
        reason: `BadRequest: cannot be specified for ${deploymentType}`,
      },
    deploymentType === "PERSISTENT_2" &&
      importPath !== undefined && {
        property: "importPath",
        reason: "BadRequest: PERSISTENT_2 is linked by a data repository association and not by importPath",
      },
    !persistent &&
      kmsKeyId !== undefined && {
        property: "kmsKeyId",
        reason: `BadRequest: a key of one's own cannot be specified for ${deploymentType}`,
      },
  ]);
}

/** FSx looks at the security groups before it makes anything. */
function checkLustreTraffic({ inputs }: Draft, cloud: Cloud): void {
  const groups: string[] = inputs.securityGroupIds ?? [];
  if (groups.length === 0 || groups.some((group) => cloud.find(SECURITY_GROUP, group) === undefined)) return;
  const open = cloud.all(INGRESS).some(({ inputs: rule }) => {
    const covers = `${rule.ipProtocol}` === "-1" || (rule.fromPort <= LNET_PORT && rule.toPort >= LNET_PORT);
    return covers && groups.includes(rule.securityGroupId) && groups.includes(rule.referencedSecurityGroupId);
  });
  if (open) return;
  throw refusal(
    "InvalidNetworkSettings",
    `The file system cannot be created because the provided security groups do not permit Lustre LNET network traffic on port ${LNET_PORT}`,
  );
}
