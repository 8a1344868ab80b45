import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { after, ready } from "../internal/gates";
import { checkLustreFileSystemArgs } from "./lustre-checks";

export interface LustreFileSystemArgs {
  /** VPC of the file system. */
  readonly vpcId: pulumi.Input<string>;
  /** Subnet of the file system, which lies in one zone: the zone of the machines that read it. A change replaces it. */
  readonly subnetId: pulumi.Input<string>;
  /** Security group of the nodes, which may mount it. */
  readonly clientSecurityGroupId: pulumi.Input<string>;
  /** Bucket of the model store; what is below `models/` appears at the root of the file system. A change replaces the link. */
  readonly bucketName: pulumi.Input<string>;
  /** Size in GiB: 1200, or a multiple of 2400. It can grow, and not shrink. Default 1200, the smallest. */
  readonly storageGiB?: number;
  /** MB/s for each TiB of storage: 125, 250, 500 or 1000. Default 125. */
  readonly throughputPerTiB?: number;
  /** Key of the files. Default the AWS-managed key of FSx. A change replaces the file system. */
  readonly kmsKeyArn?: pulumi.Input<string>;
  /** Gate: the bucket may be linked. */
  readonly storeReady?: pulumi.Input<string>;
}

/** Ports of Lustre: the service, and what servers and clients call each other by. */
const PORTS = [
  { role: "service", fromPort: 988, toPort: 988 },
  { role: "clients", fromPort: 1018, toPort: 1023 },
] as const;

/**
 * An FSx for Lustre file system (PERSISTENT_2) that shows the model store: names appear at once, bytes are fetched from the
 * bucket when they are first read, and then stay. It holds copies only, so that there are no backups of it and nothing protects
 * it. The PersistentVolume is a `ModelVolume`.
 */
export class LustreFileSystem extends pulumi.ComponentResource {
  /** For the volume. */
  readonly fileSystemId: pulumi.Output<string>;
  /** For the volume: the host that is mounted. */
  readonly dnsName: pulumi.Output<string>;
  /** For the volume: what is mounted of that host. */
  readonly mountName: pulumi.Output<string>;
  /** Gate: the nodes reach it, and it shows the store. */
  readonly ready: pulumi.Output<string>;

  constructor(name: string, args: LustreFileSystemArgs, opts?: pulumi.ComponentResourceOptions) {
    super("llm-platform:index:LustreFileSystem", name, {}, opts);
    checkLustreFileSystemArgs(name, args);
    const entry = lustreSecurityGroup(name, args, { parent: this });
    const fileSystem = new aws.fsx.LustreFileSystem(
      `${name}-files`,
      {
        deploymentType: "PERSISTENT_2",
        storageType: "SSD",
        storageCapacity: args.storageGiB ?? 1200,
        perUnitStorageThroughput: args.throughputPerTiB ?? 125,
        dataCompressionType: "NONE",
        subnetIds: args.subnetId,
        securityGroupIds: [entry.securityGroup.id],
        kmsKeyId: args.kmsKeyArn,
        automaticBackupRetentionDays: 0,
        skipFinalBackup: true,
      },
      // FSx looks at the rules before it makes anything.
      { parent: this, dependsOn: entry.rules },
    );
    const link = new aws.fsx.DataRepositoryAssociation(
      `${name}-store`,
      {
        fileSystemId: fileSystem.id,
        fileSystemPath: "/",
        dataRepositoryPath: pulumi.interpolate`s3://${args.bucketName}/models/`,
        batchImportMetaDataOnCreate: true,
        // Versions that are imported later appear too. Nothing is ever written back.
        s3: { autoImportPolicy: { events: ["NEW", "CHANGED", "DELETED"] } },
      },
      { parent: this, dependsOn: after(args.storeReady) },
    );
    this.fileSystemId = fileSystem.id;
    this.dnsName = fileSystem.dnsName;
    this.mountName = fileSystem.mountName;
    this.ready = ready([fileSystem, link, ...entry.rules]);
    this.registerOutputs({
      fileSystemId: this.fileSystemId,
      dnsName: this.dnsName,
      mountName: this.mountName,
      ready: this.ready,
    });
  }
}

/** Who reaches the file system: the nodes, and its own servers one another. */
function lustreSecurityGroup(name: string, args: LustreFileSystemArgs, opts: pulumi.CustomResourceOptions) {
  const securityGroup = new aws.ec2.SecurityGroup(
    `${name}-entry`,
    { description: "Lustre file system with models", vpcId: args.vpcId },
    opts,
  );
  const partners = [
    { whom: "nodes", group: args.clientSecurityGroupId },
    { whom: "servers", group: securityGroup.id },
  ];
  const rules = partners.flatMap(({ whom, group }) =>
    PORTS.flatMap(({ role, fromPort, toPort }) => {
      const rule = {
        securityGroupId: securityGroup.id,
        referencedSecurityGroupId: group,
        ipProtocol: "tcp",
        fromPort,
        toPort,
      };
      const described = { ...rule, description: `Lustre, ${whom}: ${role}` };
      return [
        new aws.vpc.SecurityGroupIngressRule(`${name}-in-${whom}-${role}`, described, opts),
        new aws.vpc.SecurityGroupEgressRule(`${name}-out-${whom}-${role}`, described, opts),
      ];
    }),
  );
  return { securityGroup, rules };
}
