import * as z from "zod";
import { retentionSize } from "../../../components/operations/monitoring-values";
import { choice, distinct, flag, memoryQuantity, says, text, whole } from "../fields";

/** `lifecycle`: what becomes of data when the stack goes. */
export const lifecycleSection = choice(
  "durable protects data: deletion protection, final snapshots, retained volumes and keys. disposable lets everything go with the stack. To remove a durable stack set disposable, deploy, then destroy. Default durable.",
  ["durable", "disposable"],
).default("durable");

/** `monitoring`: metrics. */
export const monitoringSection = z
  .strictObject({
    prometheus: z
      .strictObject({
        enabled: flag("Whether Prometheus, Alertmanager and Grafana run in the cluster. Default true.", true),
        retentionDays: whole("Days that metrics are kept. Default 15.", 1, 3650).default(15),
        storageSize: memoryQuantity("Volume of Prometheus in Gi or Ti, at least 2Gi. Can only grow. Default 50Gi.")
          .refine(
            (size) => !/^[1-9]\d*(Mi|Gi|Ti)$/.test(size) || retentionSize(size) !== undefined,
            says("must be a whole number of gibibytes or tebibytes, at least 2Gi", "Write it as 50Gi."),
          )
          .default("50Gi"),
      })
      .prefault({})
      .describe("Metrics of everything."),
  })
  .prefault({})
  .describe("Monitoring.");

/** `autoscaling`: machines on demand. */
export const autoscalingSection = z
  .strictObject({ clusterAutoscaler: flag("Whether machines are added and removed by need. Default true.", true) })
  .prefault({})
  .describe("Autoscaling of machines.");

/** `storage`: volumes besides the usual ones. */
export const storageSection = z
  .strictObject({
    sharedFileSystem: z
      .strictObject({ enabled: flag("Whether to make it. Default false.", false) })
      .prefault({})
      .describe(
        "An EFS file system and its storage class distributed-fast, for files that many pods share, such as models.",
      ),
  })
  .prefault({})
  .describe("Storage.");

/** `iam`: what the account demands of roles. */
export const iamSection = z
  .strictObject({
    permissionsBoundaryArn: text(
      "Permissions boundary of every role. Default none.",
      /^arn:aws[a-z-]*:iam::(\d{12}|aws):policy\/[\w+=,.@/-]+$/,
      "must be the ARN of an IAM policy",
      "Write it as arn:aws:iam::<account>:policy/<name>.",
    ).optional(),
    path: text(
      "Path of every role. Default /.",
      /^\/([\w+=,.@-]+\/)*$/,
      "must begin and end with a slash",
      "Write it like /platform/.",
    ).default("/"),
  })
  .prefault({})
  .describe("What the account demands of IAM roles.");

/** `serviceLinkedRoles`: roles of AWS services that a new account lacks. */
export const serviceLinkedRolesSection = distinct(
  z.array(
    text(
      "Name of an AWS service, e.g. spot.amazonaws.com.",
      /^[a-z0-9.-]+\.amazonaws\.com$/,
      "must be the name of an AWS service",
      "Write it like spot.amazonaws.com.",
    ),
  ),
)
  .default([])
  .describe(
    "Service-linked roles to make, by service, e.g. spot.amazonaws.com or elasticache.amazonaws.com. Only for accounts that lack them: making one that exists fails. Default none.",
  );

/** `externalSecrets`: secrets kept elsewhere. */
export const externalSecretsSection = z
  .strictObject({
    enabled: flag(
      "Whether the External Secrets operator runs in the cluster and reads this stack's Secrets Manager entries. Default false.",
      false,
    ),
  })
  .prefault({})
  .describe("The External Secrets operator.");

const rotation = (store: string, effect: string) =>
  whole(`Raise it by one to give ${store} a new password. ${effect} Default 0.`, 0, 100000).default(0);

/** `rotation`: new passwords. */
export const rotationSection = z
  .strictObject({
    postgres: rotation("PostgreSQL", "The application moves to its other login role, without an outage."),
    redis: rotation("Redis", "The old token stays valid until the next rotation."),
    clickhouse: rotation("ClickHouse", "The application moves to its other user, without an outage."),
    application: whole(
      "Raise it by one to restart Langfuse and the ClickHouse operator after a change of any other secret, which running pods do not notice. Default 0.",
      0,
      100000,
    ).default(0),
  })
  .prefault({})
  .describe("Rotation of passwords, by counters. One at a time.");

/** Loosenings that must be asked for by name. */
export const LOOSENINGS = ["durableWithoutMultiAz", "durableWithoutBackups", "retiredIngressNginx"] as const;
export type Loosening = (typeof LOOSENINGS)[number];

/** `allow`: loosenings. */
export const allowSection = distinct(z.array(choice("Name of a loosening.", LOOSENINGS)))
  .default([])
  .describe(
    "Loosenings that are refused otherwise, each answered by a warning: durableWithoutMultiAz, durableWithoutBackups, retiredIngressNginx. Default none.",
  );

/** `charts`: where charts come from. */
export const chartsSection = z
  .strictObject({
    mirror: text(
      "A folder relative to the project (./charts) or a URL base that holds <chart>-<version>.tgz of every chart. Default: each chart's own repository.",
      /^(\.{1,2}\/\S+|https?:\/\/[^\s@]+)$/,
      "must be a folder relative to the project or a URL, without credentials",
      "Write it like ./charts or https://charts.example.com; an absolute path would differ on every machine.",
    ).optional(),
  })
  .prefault({})
  .describe("Where Helm charts come from.");

/** `images`: where images come from. */
export const imagesSection = z
  .strictObject({
    mirror: text(
      "Registry and prefix that go in front of every image, e.g. 111111111111.dkr.ecr.us-east-1.amazonaws.com/mirror. Default: each image's own registry.",
      /^[a-z0-9]([-a-z0-9.]*[a-z0-9])?(:\d+)?(\/[a-z0-9._-]+)*$/,
      "must be a registry and a prefix, without scheme",
      "Write it like registry.example.com/mirror.",
    ).optional(),
  })
  .prefault({})
  .describe("Where container images come from.");
