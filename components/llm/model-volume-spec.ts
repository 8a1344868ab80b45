import type * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { LustreVolumeArgs, ModelVolumeArgs, S3MountVolumeArgs } from "./model-volume";

type PersistentVolumeSpec = kubernetes.types.input.core.v1.PersistentVolumeSpec;
type ClaimSpec = kubernetes.types.input.core.v1.PersistentVolumeClaimSpec;

/** How much a mount of S3 claims to hold: Kubernetes asks, and the driver does not care. */
const NOMINAL_SIZE = "1Ti";

/** A volume that exists already, and the claim that is bound to it alone. */
export interface StaticVolume {
  /** Name of the PersistentVolume: unique in the cluster. */
  readonly name: pulumi.Output<string>;
  readonly volume: PersistentVolumeSpec;
  readonly claim: ClaimSpec;
}

/** Name of the PersistentVolume behind a claim. */
export function volumeName({ namespace, claimName }: ModelVolumeArgs): pulumi.Output<string> {
  return pulumi.interpolate`${namespace}-${claimName}`;
}

/** The model store's `models/`, read-only, as the pod's own identity may read it. */
export function s3MountVolume(args: ModelVolumeArgs, mount: S3MountVolumeArgs): StaticVolume {
  return staticVolume(args, "ReadOnlyMany", NOMINAL_SIZE, {
    mountOptions: [
      "read-only",
      "allow-other",
      "prefix models/",
      pulumi.interpolate`region ${mount.region}`,
      // Versions never change; what was looked for before its import is looked for again.
      "metadata-ttl 300",
    ],
    csi: {
      driver: "s3.csi.aws.com",
      volumeHandle: volumeName(args),
      readOnly: true,
      volumeAttributes: {
        bucketName: mount.bucketName,
        authenticationSource: "pod",
        ...(mount.cacheSize === undefined ? {} : { cache: "emptyDir", cacheEmptyDirSizeLimit: mount.cacheSize }),
      },
    },
  });
}

/** A Lustre file system. */
export function lustreVolume(args: ModelVolumeArgs, lustre: LustreVolumeArgs): StaticVolume {
  return staticVolume(args, "ReadOnlyMany", lustre.size, {
    mountOptions: ["flock", "ro"],
    csi: {
      driver: "fsx.csi.aws.com",
      volumeHandle: lustre.fileSystemId,
      readOnly: true,
      volumeAttributes: { dnsname: lustre.dnsName, mountname: lustre.mountName },
    },
  });
}

function staticVolume(
  args: ModelVolumeArgs,
  accessMode: string,
  size: string,
  source: Pick<PersistentVolumeSpec, "mountOptions" | "csi">,
): StaticVolume {
  const name = volumeName(args);
  return {
    name,
    volume: {
      capacity: { storage: size },
      accessModes: [accessMode],
      // The files belong to the store; the volume only shows them.
      persistentVolumeReclaimPolicy: "Retain",
      claimRef: { namespace: args.namespace, name: args.claimName },
      ...source,
    },
    claim: {
      accessModes: [accessMode],
      storageClassName: "",
      resources: { requests: { storage: size } },
    },
  };
}
