import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { after, ready } from "../internal/gates";
import { Problems } from "../internal/problems";

/** The storage classes of the platform by name. */
export const StorageClassName = {
  /** gp3 with AWS's baseline performance; the cluster's default class. */
  General: "gp3",
  /** gp3 for databases, its 3000 IOPS and 125 MB/s stated. */
  Fast: "fast-ssd",
  /** EFS: many pods read and write the same files. */
  Shared: "distributed-fast",
} as const;
export type StorageClassName = (typeof StorageClassName)[keyof typeof StorageClassName];

/** What a StorageClass keeps for life. */
const IMMUTABLE = ["provisioner", "parameters", "reclaimPolicy", "volumeBindingMode"];

export interface StorageClassesArgs {
  /** Whether volumes outlive their claims (`Retain`) or go with them (`Delete`). A change replaces the classes, not the volumes. */
  readonly durable: boolean;
  /** Id of the EFS file system behind `distributed-fast`; goes with `shared`. */
  readonly fileSystemId?: pulumi.Input<string>;
  /** Whether to make the EFS class, of `fileSystemId`; plain, because an id may be known only later. Default false. */
  readonly shared?: boolean;
  /** Classes of `StorageClassName` that the cluster has already and that are left alone. Default none. */
  readonly provided?: string[];
  /** Tags of the volumes, beside Kubernetes' own. Default none. */
  readonly volumeTags?: Record<string, string>;
  /** Gate: the CSI drivers run. */
  readonly driversReady?: pulumi.Input<string>;
}

/** The storage classes of `StorageClassName`, all encrypted, expandable, and bound where the pod lands. The CSI drivers are not managed here. */
export class StorageClasses extends pulumi.ComponentResource {
  /** Gate: classes and drivers are there; a claim made before stays pending. */
  readonly ready: pulumi.Output<string>;

  constructor(name: string, args: StorageClassesArgs, opts?: pulumi.ComponentResourceOptions) {
    super("llm-platform:index:StorageClasses", name, {}, opts);
    checkStorageClassesArgs(name, args);
    const reclaimPolicy = args.durable ? "Retain" : "Delete";
    const tags = Object.fromEntries(
      Object.entries(args.volumeTags ?? {})
        .sort()
        .map(([key, value], index) => [`tagSpecification_${index + 1}`, `${key}=${value}`]),
    );
    const block = (performance: Record<string, string>) => ({
      provisioner: "ebs.csi.aws.com",
      volumeBindingMode: "WaitForFirstConsumer",
      parameters: { type: "gp3", encrypted: "true", ...performance, ...tags },
    });
    const classes: Record<
      string,
      { provisioner: string; volumeBindingMode: string; parameters: pulumi.Input<Record<string, pulumi.Input<string>>> }
    > = {
      [StorageClassName.General]: block({}),
      [StorageClassName.Fast]: block({ iops: "3000", throughput: "125" }),
    };
    if (args.fileSystemId !== undefined) {
      classes[StorageClassName.Shared] = {
        provisioner: "efs.csi.aws.com",
        volumeBindingMode: "Immediate",
        parameters: { provisioningMode: "efs-ap", fileSystemId: args.fileSystemId, directoryPerms: "700" },
      };
    }
    const made = Object.entries(classes)
      .filter(([className]) => !args.provided?.includes(className))
      .map(
        ([className, storage]) =>
          new kubernetes.storage.v1.StorageClass(
            `${name}-${className}`,
            {
              metadata: {
                name: className,
                annotations:
                  className === StorageClassName.General
                    ? { "storageclass.kubernetes.io/is-default-class": "true" }
                    : {},
              },
              ...storage,
              reclaimPolicy,
              allowVolumeExpansion: true,
            },
            {
              parent: this,
              dependsOn: after(args.driversReady),
              // The API server refuses to change them, and the provider plans some as an update. The name is taken, so the old one goes first.
              replaceOnChanges: IMMUTABLE,
              deleteBeforeReplace: true,
            },
          ),
      );
    this.ready = pulumi.all([ready(made), args.driversReady ?? "ready"]).apply(() => "ready");
    this.registerOutputs({ ready: this.ready });
  }
}

function checkStorageClassesArgs(name: string, args: StorageClassesArgs): void {
  const problems = new Problems();
  problems.check((args.shared ?? false) === (args.fileSystemId !== undefined), {
    path: "fileSystemId",
    rule: `must be given with shared, and only then: class ${StorageClassName.Shared} is made of it`,
    fix: "Give both, or neither.",
  });
  const known: string[] = Object.values(StorageClassName);
  for (const [index, className] of (args.provided ?? []).entries()) {
    problems.check(known.includes(className), {
      path: `provided[${index}]`,
      rule: `must be one of ${known.join(", ")}: no other class is made here`,
      got: className,
      fix: "Remove it.",
    });
  }
  problems.throwIfAny("StorageClasses", name);
}
