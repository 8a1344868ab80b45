import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { ready } from "../internal/gates";
import { policyDocument } from "../internal/iam";
import { Problems } from "../internal/problems";
import { subnetOfZone } from "../internal/zones";

export interface SharedFileSystemArgs {
  /** VPC of the mount targets. */
  readonly vpcId: pulumi.Input<string>;
  /**
   * Zones in the order of `subnetIds`, at least one; each gets a mount target, since a pod mounts through its own zone.
   * A zone that is left out loses its target.
   */
  readonly zones: string[];
  /** One subnet a zone, in the order of `zones`. */
  readonly subnetIds: pulumi.Input<pulumi.Input<string>[]>;
  /** Security group of the nodes, which may mount it. */
  readonly clientSecurityGroupId: pulumi.Input<string>;
  /** KMS key of the files; default the AWS-managed key of EFS. Changing it replaces the file system. */
  readonly kmsKeyArn?: pulumi.Input<string>;
  /** Protects the file system from deletion and keeps AWS Backup's daily copies. */
  readonly durable: boolean;
}

/** An encrypted EFS file system with a mount target in every zone, reachable by the nodes alone. */
export class SharedFileSystem extends pulumi.ComponentResource {
  /** For the storage class. */
  readonly fileSystemId: pulumi.Output<string>;
  /** Gate: every zone can mount it. */
  readonly ready: pulumi.Output<string>;

  constructor(name: string, args: SharedFileSystemArgs, opts?: pulumi.ComponentResourceOptions) {
    super("llm-platform:index:SharedFileSystem", name, {}, opts);
    checkSharedFileSystemArgs(name, args);
    const fileSystem = new aws.efs.FileSystem(
      `${name}-files`,
      { encrypted: true, kmsKeyId: args.kmsKeyArn, throughputMode: "elastic", performanceMode: "generalPurpose" },
      { parent: this, protect: args.durable },
    );
    const backup = new aws.efs.BackupPolicy(
      `${name}-backup`,
      { fileSystemId: fileSystem.id, backupPolicy: { status: args.durable ? "ENABLED" : "DISABLED" } },
      { parent: this },
    );
    const policy = new aws.efs.FileSystemPolicy(
      `${name}-policy`,
      { fileSystemId: fileSystem.id, policy: fileSystem.arn.apply(denyPlainMounts) },
      { parent: this },
    );
    const securityGroup = new aws.ec2.SecurityGroup(
      `${name}-mount`,
      { description: "Mount targets of the shared file system", vpcId: args.vpcId },
      { parent: this },
    );
    const ingress = new aws.vpc.SecurityGroupIngressRule(
      `${name}-mount-nodes`,
      {
        description: "NFS from the nodes",
        securityGroupId: securityGroup.id,
        referencedSecurityGroupId: args.clientSecurityGroupId,
        ipProtocol: "tcp",
        fromPort: 2049,
        toPort: 2049,
      },
      { parent: this },
    );
    const targets = args.zones.map(
      (zone, index) =>
        new aws.efs.MountTarget(
          `${name}-mount-${zone}`,
          {
            fileSystemId: fileSystem.id,
            subnetId: pulumi
              .output(args.subnetIds)
              .apply((ids) => subnetOfZone(`SharedFileSystem "${name}"`, args.zones, ids, index)),
            securityGroups: [securityGroup.id],
          },
          { parent: this },
        ),
    );
    this.fileSystemId = fileSystem.id;
    this.ready = ready([fileSystem, backup, policy, ingress, ...targets]);
    this.registerOutputs({ fileSystemId: this.fileSystemId, ready: this.ready });
  }
}

function checkSharedFileSystemArgs(name: string, { zones, subnetIds }: SharedFileSystemArgs): void {
  const problems = new Problems();
  problems.check(zones.length > 0, {
    path: "zones",
    rule: "must name at least one zone: without a mount target nobody reaches the files",
    got: zones,
    fix: "List the zones of the nodes, in the order of subnetIds.",
  });
  problems.check(new Set(zones).size === zones.length, {
    path: "zones",
    rule: "must name each zone once",
    got: zones,
    fix: "Remove the repetition.",
  });
  problems.check(!Array.isArray(subnetIds) || subnetIds.length === zones.length, {
    path: "subnetIds",
    rule: `must hold one subnet for each of the ${zones.length} zones`,
    got: Array.isArray(subnetIds) ? subnetIds.length : undefined,
    fix: "List one subnet a zone, in the order of zones.",
  });
  problems.throwIfAny("SharedFileSystem", name);
}

function denyPlainMounts(arn: string): string {
  return policyDocument([
    {
      Sid: "MountThroughTargets",
      Effect: "Allow",
      Principal: { AWS: "*" },
      Action: ["elasticfilesystem:ClientMount", "elasticfilesystem:ClientWrite", "elasticfilesystem:ClientRootAccess"],
      Resource: arn,
      Condition: { Bool: { "elasticfilesystem:AccessedViaMountTarget": "true" } },
    },
    {
      Sid: "DenyInsecureTransport",
      Effect: "Deny",
      Principal: { AWS: "*" },
      Action: "*",
      Resource: arn,
      Condition: { Bool: { "aws:SecureTransport": "false" } },
    },
  ]);
}
