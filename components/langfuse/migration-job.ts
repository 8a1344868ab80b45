import type * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { imageReference } from "../internal/images";
import { shortHash } from "../internal/stable-json";
import type { LangfuseArgs } from "./langfuse-args";
import { clickhouseUrl, migrationEnvironment, postgresHost } from "./langfuse-env";
import { langfuseJob } from "./langfuse-job";
import { LangfuseJobRole } from "./langfuse-names";
import { langfusePins } from "./langfuse-versions";

/** Room for the whole history of an old database; a single migration of a large table can take most of it. */
const DEADLINE_SECONDS = 1500;

/**
 * Brings Postgres and ClickHouse to the version's schema, once, before any pod of that version exists. The image's own
 * entrypoint migrates and then runs what it is given: `true`. ClickHouse's migrations know no lock, so pods that start
 * together must never run them. The image is the newer of web and worker: `webVersion` holds back pods, not schemas.
 */
export function migrationJob(
  name: string,
  args: LangfuseArgs,
  opts: pulumi.CustomResourceOptions,
): kubernetes.batch.v1.Job {
  const image = imageReference(langfusePins(args.version).web, args.mirrors);
  const { postgres, clickhouse } = args;
  const fingerprint = pulumi
    .all([postgresHost(postgres), postgres.database, clickhouseUrl(clickhouse), clickhouse.database ?? "default"])
    .apply((stores) => shortHash({ image, stores, clustered: clickhouse.clustered ?? true }));
  return langfuseJob(
    name,
    args,
    {
      role: LangfuseJobRole.Migrations,
      fingerprint,
      image,
      args: ["true"],
      environment: migrationEnvironment(args),
      resources: { requests: { cpu: "250m", memory: "512Mi" }, limits: { cpu: "1", memory: "1Gi" } },
      deadlineSeconds: DEADLINE_SECONDS,
      // Prisma keeps a cache in the home folder; its behaviour on a read-only file system is not documented.
      writableRoot: true,
    },
    opts,
  );
}
