import type * as pulumi from "@pulumi/pulumi";
import { type Placement, restrictedPod } from "../internal/pods";
import type { ClickHouseStorage } from "./clickhouse-keeper";

/** `clickhouse` in the server's and Keeper's images. */
const CLICKHOUSE_USER = 101;

/** What every pod of an installation has: not root, no API token, no environment variables made of Service names. */
export function clickHousePod(placement: Placement | undefined, priorityClassName: pulumi.Input<string> | undefined) {
  return {
    automountServiceAccountToken: false,
    enableServiceLinks: false,
    securityContext: restrictedPod(CLICKHOUSE_USER),
    ...(priorityClassName === undefined ? {} : { priorityClassName }),
    ...(placement?.nodeSelector === undefined ? {} : { nodeSelector: placement.nodeSelector }),
    ...(placement?.tolerations === undefined ? {} : { tolerations: placement.tolerations }),
  };
}

/**
 * What a container writes besides its data volume: nothing has to be mounted for it until the root file system is
 * read-only. Log files stay below the limit by the logger's own rotation.
 */
export function scratchSpace(readOnlyRootFilesystem: boolean, logFolder: string) {
  if (!readOnlyRootFilesystem) return { volumes: [], volumeMounts: [] };
  return {
    volumes: [
      { name: "tmp", emptyDir: { sizeLimit: "1Gi" } },
      { name: "logs", emptyDir: { sizeLimit: "2Gi" } },
    ],
    volumeMounts: [
      { name: "tmp", mountPath: "/tmp" },
      { name: "logs", mountPath: logFolder },
    ],
  };
}

/** A volume claim template of the operator. */
export function volumeClaim(name: string, storage: ClickHouseStorage, durable: boolean) {
  return {
    name,
    reclaimPolicy: durable ? "Retain" : "Delete",
    spec: {
      storageClassName: storage.storageClass,
      accessModes: ["ReadWriteOnce"],
      resources: { requests: { storage: storage.size } },
    },
  };
}
