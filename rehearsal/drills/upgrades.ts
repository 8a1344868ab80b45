import { changesIn } from "../engine/request";
import type { Stage } from "../stage";
import { type Verdict, verdict } from "../verdict";
import { failuresOf, stepLine } from "./drill";
import { MIGRATED_FIRST, MigrationWatch, NAMESPACE } from "./migration-watch";
import { only, restarted, runningPods, untilSettled, watching } from "./watch";

/** Types whose replacement loses data. */
const STORES = [
  "aws:rds/instance:Instance",
  "aws:elasticache/replicationGroup:ReplicationGroup",
  "aws:s3/bucket:Bucket",
  "kubernetes:clickhouse.altinity.com/v1:ClickHouseInstallation",
  "kubernetes:clickhouse-keeper.altinity.com/v1:ClickHouseKeeperInstallation",
];

/** The version one patch higher: `3.225.5` of `3.225.4`. */
function nextPatch(version: string): string {
  const parts = version.split(".");
  return [...parts.slice(0, -1), Number(parts.at(-1)) + 1].join(".");
}

/**
 * On a deployed stack: Langfuse moves to the next version, worker first and web in a second run, as the upgrade guide says. The
 * migration is over before any pod of the new version exists, and no store is touched. The stack keeps the new version.
 */
export async function versionChange(stage: Stage): Promise<Verdict[]> {
  const version = String(stage.setting("langfuse.version"));
  const next = nextPatch(version);
  const before = await runningPods(stage.api);
  const watch = new MigrationWatch(next);
  stage.change({ "langfuse.version": next, "langfuse.webVersion": version });
  const held = await watching(stage.api, NAMESPACE, watch.look, () => stage.run("up"));
  await untilSettled(stage.api);
  const between = await runningPods(stage.api);
  const moved = restarted(before, between);

  stage.change({ "langfuse.webVersion": undefined });
  const up = await watching(stage.api, NAMESPACE, watch.look, () => stage.run("up"));
  await untilSettled(stage.api);
  const after = await runningPods(stage.api);
  const touched = [...changesIn(held), ...changesIn(up)].filter(({ type }) => STORES.includes(type));
  return [
    verdict(
      "with web held back only the worker changes",
      `restarted: ${moved.join(", ") || "nothing"}`,
      [...failuresOf(held), ...only(moved, [`${NAMESPACE}/langfuse-worker`])],
      stage.basis,
    ),
    verdict(
      MIGRATED_FIRST,
      watch.figure,
      [...failuresOf(up), ...watch.findings(), ...only(restarted(between, after), [`${NAMESPACE}/langfuse-web`])],
      stage.basis,
    ),
    verdict(
      "a new version touches no store",
      `${touched.length} changes of stores`,
      touched.map(stepLine),
      stage.basis,
    ),
  ];
}
