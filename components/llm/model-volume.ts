import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { StorageClassName } from "../foundation/storage-classes";
import { after, allReady, ready } from "../internal/gates";
import { checkModelVolumeArgs } from "./model-volume-checks";
import { lustreVolume, type StaticVolume, s3MountVolume } from "./model-volume-spec";

export interface ModelVolumeArgs {
  /** Namespace of the claim. A change replaces it. */
  readonly namespace: pulumi.Input<string>;
  /** Name of the claim: a DNS label. A change replaces it, and with `efs` the files. */
  readonly claimName: string;
  /** The model store as a file system. Exactly one of `s3Mount`, `efs` and `fsxLustre`. */
  readonly s3Mount?: S3MountVolumeArgs;
  /** A volume on EFS, which imports fill. */
  readonly efs?: EfsVolumeArgs;
  /** An FSx for Lustre file system that shows the model store. */
  readonly fsxLustre?: LustreVolumeArgs;
  /** Gate: what the volume shows exists: bucket, file system or storage class. */
  readonly sourceReady?: pulumi.Input<string>;
  /** Gate: the CSI driver runs. */
  readonly driverReady?: pulumi.Input<string>;
}

/** Mountpoint for S3. */
export interface S3MountVolumeArgs {
  /** Bucket of the model store. A change replaces the volume. */
  readonly bucketName: pulumi.Input<string>;
  /** Region of the bucket. */
  readonly region: pulumi.Input<string>;
  /** How much of the node's disk each mount keeps of what was read, e.g. `100Gi`, at least 1Gi. Default nothing. */
  readonly cacheSize?: string;
}

/** EFS. */
export interface EfsVolumeArgs {
  /** What the claim asks for; EFS grows as it is filled, and bills what is in it. At least 1Gi. Default `200Gi`. */
  readonly size?: string;
}

/** FSx for Lustre. */
export interface LustreVolumeArgs {
  /** Id of the file system. A change replaces the volume. */
  readonly fileSystemId: pulumi.Input<string>;
  /** Its host. */
  readonly dnsName: pulumi.Input<string>;
  /** Its mount name. */
  readonly mountName: pulumi.Input<string>;
  /** Its size, e.g. `1200Gi`. */
  readonly size: string;
}

/**
 * A claim by which model servers read weights, laid out as the model store is below `models/`. Drivers, storage classes, the
 * Lustre file system and the filling of EFS are not managed here.
 */
export class ModelVolume extends pulumi.ComponentResource {
  /** For pods. */
  readonly claimName: pulumi.Output<string>;
  /** Gate: pods can mount it. */
  readonly ready: pulumi.Output<string>;

  constructor(name: string, args: ModelVolumeArgs, opts?: pulumi.ComponentResourceOptions) {
    super("llm-platform:index:ModelVolume", name, {}, opts);
    checkModelVolumeArgs(name, args);
    const { s3Mount, fsxLustre } = args;
    const shown = s3Mount ? s3MountVolume(args, s3Mount) : fsxLustre && lustreVolume(args, fsxLustre);
    const made = shown ? staticClaim(name, args, shown, { parent: this }) : efsClaim(name, args, { parent: this });
    this.claimName = ready(made).apply(() => args.claimName);
    this.ready = allReady(ready(made), args.driverReady, args.sourceReady);
    this.registerOutputs({ claimName: this.claimName, ready: this.ready });
  }
}

/** The volume and its claim, each made for the other. */
function staticClaim(
  name: string,
  args: ModelVolumeArgs,
  { name: volume, volume: volumeSpec, claim: claimSpec }: StaticVolume,
  opts: pulumi.CustomResourceOptions,
): pulumi.Resource[] {
  const made = new kubernetes.core.v1.PersistentVolume(
    `${name}-volume`,
    { metadata: { name: volume }, spec: volumeSpec },
    {
      ...opts,
      dependsOn: after(args.sourceReady),
      // The API server refuses to change them, and the name is taken.
      replaceOnChanges: ["spec.csi", "spec.claimRef", "spec.accessModes"],
      deleteBeforeReplace: true,
    },
  );
  const claim = new kubernetes.core.v1.PersistentVolumeClaim(
    `${name}-claim`,
    {
      metadata: { namespace: args.namespace, name: args.claimName },
      // As an output of the volume: a claim is of one volume for life, so that it goes before the volume is replaced.
      spec: { ...claimSpec, volumeName: made.metadata.name },
    },
    opts,
  );
  return [made, claim];
}

function efsClaim(name: string, args: ModelVolumeArgs, opts: pulumi.CustomResourceOptions): pulumi.Resource[] {
  return [
    new kubernetes.core.v1.PersistentVolumeClaim(
      `${name}-claim`,
      {
        metadata: { namespace: args.namespace, name: args.claimName },
        spec: {
          accessModes: ["ReadWriteMany"],
          storageClassName: StorageClassName.Shared,
          resources: { requests: { storage: args.efs?.size ?? "200Gi" } },
        },
      },
      { ...opts, dependsOn: after(args.sourceReady, args.driverReady) },
    ),
  ];
}
