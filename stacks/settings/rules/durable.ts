import { rule, when } from "./rule";

const LEAST_BACKUP_DAYS = 7;

const backups = rule(["lifecycle", "postgres", "allow"], ({ lifecycle, postgres, allow }) => {
  const days = postgres.create?.backupRetentionDays;
  const short = days !== undefined && days < LEAST_BACKUP_DAYS;
  return when(lifecycle === "durable" && short && !allow.includes("durableWithoutBackups"), {
    path: "postgres.create.backupRetentionDays",
    rule: `must be at least ${LEAST_BACKUP_DAYS} when lifecycle is durable`,
    got: days,
    fix: "Raise it (prod: 30), or add durableWithoutBackups to allow.",
  });
});

const multiAz = rule(["lifecycle", "postgres", "redis", "clickhouse", "allow"], (settings) => {
  if (settings.lifecycle !== "durable" || settings.allow.includes("durableWithoutMultiAz")) return [];
  const { postgres, redis, clickhouse } = settings;
  const fix = (change: string) => `${change}, or add durableWithoutMultiAz to allow.`;
  return [
    ...when(postgres.create?.multiAz === false, {
      path: "postgres.create.multiAz",
      rule: "must be true when lifecycle is durable",
      got: false,
      fix: fix("Set it to true"),
    }),
    ...when(redis.create?.replicas === 0, {
      path: "redis.create.replicas",
      rule: "must be at least 1 when lifecycle is durable: queued events are in Redis alone",
      got: 0,
      fix: fix("Set it to 1"),
    }),
    ...when(clickhouse.create?.replicas === 1, {
      path: "clickhouse.create.replicas",
      rule: "must be at least 2 when lifecycle is durable",
      got: 1,
      fix: fix("Set it to 3"),
    }),
  ];
});

export const DURABLE_RULES = [backups, multiAz];
