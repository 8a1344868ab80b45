import type * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { imageReference } from "../internal/images";
import { shortHash } from "../internal/stable-json";
import type { LangfuseInitialProject } from "./langfuse-access-args";
import type { LangfuseArgs } from "./langfuse-args";
import { authorityEnvironment, clickhouseUrl, type EnvironmentVariable, fromSecret } from "./langfuse-env";
import { langfuseJob, SCRIPTS_MOUNT, scriptsOf } from "./langfuse-job";
import { LangfuseJobRole, langfuseNames, WEB_PORT } from "./langfuse-names";
import { langfusePins, majorOf } from "./langfuse-versions";
import { SMOKE_SCRIPT, SMOKE_TABLES } from "./smoke-script";

const DEADLINE_SECONDS = 900;
const FILE = "smoke.mjs";

/**
 * Proves each version behind its release: a trace goes in by OTLP and comes back through the public API, the tables are
 * replicated, the cluster is whole. Its failure fails the `up`, with the reason as the message. It runs again for a new version, other
 * stores or rotated credentials. Needs the keys of the first project; the trace stays there, in the environment `smoke`.
 */
export function smokeJob(
  name: string,
  args: LangfuseArgs,
  project: LangfuseInitialProject,
  opts: pulumi.CustomResourceOptions,
): kubernetes.batch.v1.Job {
  const { web, worker } = langfusePins(args.version, args.webVersion);
  const image = imageReference(web, args.mirrors);
  const fingerprint = pulumi
    .all([clickhouseUrl(args.clickhouse), args.secrets.revision ?? "0"])
    .apply(([clickhouse, revision]) => shortHash({ image, worker: worker.tag, clickhouse, revision, SMOKE_SCRIPT }));
  const scripts = scriptsOf(name, args, LangfuseJobRole.Smoke, { [FILE]: SMOKE_SCRIPT }, opts);
  return langfuseJob(
    name,
    args,
    {
      role: LangfuseJobRole.Smoke,
      fingerprint,
      image,
      command: ["node", `${SCRIPTS_MOUNT}/${FILE}`],
      environment: smokeEnvironment(args, project),
      scripts,
      ...(args.clickhouse.tls?.authority === undefined ? {} : { authority: args.clickhouse.tls.authority }),
      resources: { requests: { cpu: "50m", memory: "128Mi" }, limits: { cpu: "500m", memory: "256Mi" } },
      deadlineSeconds: DEADLINE_SECONDS,
      // Evicts nobody; the two Jobs before the release hold it up, and keep the class of all pods.
      ...(args.smokePriorityClassName === undefined ? {} : { priorityClassName: args.smokePriorityClassName }),
    },
    opts,
  );
}

function smokeEnvironment(args: LangfuseArgs, project: LangfuseInitialProject): EnvironmentVariable[] {
  const { clickhouse } = args;
  const major = majorOf(args.version) ?? "";
  const service = langfuseNames(args.releaseName ?? "langfuse").webService;
  return [
    { name: "LANGFUSE_URL", value: `http://${service}:${WEB_PORT}` },
    { name: "LANGFUSE_VERSION", value: args.version },
    { name: "LANGFUSE_MAJOR", value: major },
    fromSecret("LANGFUSE_PUBLIC_KEY", project.publicKey),
    fromSecret("LANGFUSE_SECRET_KEY", project.secretKey),
    { name: "CLICKHOUSE_URL", value: clickhouseUrl(clickhouse) },
    { name: "CLICKHOUSE_DB", value: clickhouse.database ?? "default" },
    { name: "CLICKHOUSE_USER", value: clickhouse.username },
    fromSecret("CLICKHOUSE_PASSWORD", clickhouse.password),
    { name: "CLICKHOUSE_CLUSTERED", value: String(clickhouse.clustered ?? true) },
    { name: "SMOKE_REPLICAS", value: String(clickhouse.replicas ?? 0) },
    { name: "SMOKE_TABLES", value: SMOKE_TABLES[major] ?? "" },
    { name: "SMOKE_TIMEOUT_SECONDS", value: "180" },
    { name: "SMOKE_PAUSE_SECONDS", value: "5" },
    ...authorityEnvironment(clickhouse),
  ];
}
