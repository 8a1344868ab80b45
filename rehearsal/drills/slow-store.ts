import { dependentsOf } from "../engine/state";
import type { Stage } from "../stage";
import { notRun, type Verdict, verdict } from "../verdict";
import { failuresOf, seconds } from "./drill";

const STORE = "aws:rds/instance:Instance";

/** How long nothing may start before the graph counts as standing still. */
const STILL_MILLISECONDS = 3000;

/**
 * From nothing: the database takes for ever. Everything that does not need it must be made meanwhile. A dependency that only
 * the program's own promises make, such as Args that a component hands to the engine, shows here and nowhere else. Ends with the stack deployed.
 */
export async function slowStore(stage: Stage): Promise<Verdict[]> {
  const title = "one slow store holds up nothing that does not need it";
  let release = () => {};
  const held = new Promise<void>((resolve) => (release = resolve));
  let store: string | undefined;
  stage.calls.clear();
  stage.calls.interceptor = {
    before: async (call) => {
      if (call.method !== "create" || call.preview || call.type !== STORE) return;
      store = call.urn;
      await held;
    },
  };
  const run = stage.start("up");
  let early = new Set<string>();
  try {
    await standsStill(stage, () => store !== undefined, run.result);
    early = new Set(stage.calls.records.filter(({ method }) => method === "create").map(({ urn }) => urn));
  } finally {
    stage.calls.interceptor = undefined;
    release();
  }
  const up = await run.result;
  if (store === undefined) return [notRun(title, "the stack makes no database")];
  const { resources } = stage.state();
  const behind = dependentsOf(store, resources);
  const late = resources.filter(
    ({ urn, custom, type }) =>
      custom && !type.startsWith("pulumi:") && urn !== store && !behind.has(urn) && !early.has(urn),
  );
  return [
    verdict(
      title,
      `${early.size} made beside it, ${behind.size} behind it, ${seconds(up.seconds)}`,
      [
        ...failuresOf(up),
        ...late.map(({ urn, type }) => `${type} ${urn.split("::").at(-1)} waited without a dependency`),
      ],
      stage.basis,
    ),
  ];
}

/** Resolves when the store is under way and nothing else happens any more, or the run is over. */
async function standsStill(stage: Stage, begun: () => boolean, over: Promise<unknown>): Promise<void> {
  let ended = false;
  over.finally(() => (ended = true)).catch(() => {});
  for (let quiet = 0, seen = -1; !ended && quiet < STILL_MILLISECONDS; ) {
    await new Promise((resolve) => setTimeout(resolve, 100));
    const now = stage.calls.records.length;
    quiet = begun() && now === seen ? quiet + 100 : 0;
    seen = now;
  }
}
