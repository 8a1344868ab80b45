import { changesIn } from "../engine/request";
import type { Stage } from "../stage";
import { type Verdict, verdict } from "../verdict";
import { failuresOf, seconds, stepLine } from "./drill";
import { only, restarted, runningPods, untilSettled } from "./watch";

const LANGFUSE = ["langfuse/langfuse-web", "langfuse/langfuse-worker"];

/** Who reads each kind of secret at its start, and so must restart when it rotates; nobody else may. */
const CONSUMERS: Readonly<Record<string, readonly string[]>> = {
  postgres: LANGFUSE,
  redis: LANGFUSE,
  // The first rotation makes no new password: the servers know both from the start.
  clickhouse: LANGFUSE,
  application: [...LANGFUSE, "langfuse-data/clickhouse-operator"],
};

/** On a deployed stack: a rotation changes Secrets where they are; pods and Jobs that name one never find it gone. */
export async function secretsChangeInPlace(stage: Stage): Promise<Verdict[]> {
  const counter = "rotation.postgres";
  // The login that the first rotation moves to has its password from the start; the second one makes a new password.
  stage.change({ [counter]: Number(stage.setting(counter) ?? 0) + 2 });
  const up = await stage.run("up");
  const secrets = changesIn(up).filter(({ type }) => type === "kubernetes:core/v1:Secret");
  const lost = secrets.filter(({ op }) => op !== "update");
  return [
    verdict(
      "a rotation changes Secrets in place",
      `${secrets.length} changed`,
      [
        ...failuresOf(up),
        ...(secrets.length === 0 ? ["no Secret changed"] : []),
        ...lost.map((step) => `unexpected: ${stepLine(step)}`),
      ],
      stage.basis,
    ),
  ];
}

/** On a deployed stack: each counter is raised by one, one after the other, and stays there. */
export async function rotations(stage: Stage): Promise<Verdict[]> {
  const verdicts: Verdict[] = [];
  const raised: Record<string, number> = {};
  for (const [kind, consumers] of Object.entries(CONSUMERS)) {
    raised[`rotation.${kind}`] = Number(stage.setting(`rotation.${kind}`) ?? 0) + 1;
    stage.change(raised);
    const before = await runningPods(stage.api);
    const up = await stage.run("up");
    await untilSettled(stage.api);
    const moved = restarted(before, await runningPods(stage.api));
    const replaced = changesIn(up).filter(
      ({ op, type }) => op.includes("replace") && /Secret$|rds|elasticache|clickhouse/i.test(type),
    );
    verdicts.push(
      verdict(
        `rotation of ${kind} restarts exactly its consumers`,
        `${moved.join(", ") || "nothing"}; ${seconds(up.seconds)}`,
        [...failuresOf(up), ...only(moved, consumers), ...replaced.map((step) => `unexpected: ${stepLine(step)}`)],
        stage.basis,
      ),
    );
  }
  return verdicts;
}
