import { readCluster } from "../checks/snapshot";
import { keptVolumesIn, leftoversIn } from "../leftovers";
import type { Stage } from "../stage";
import { type Verdict, verdict } from "../verdict";
import { counts, type Drill, failuresOf, seconds } from "./drill";

/** On a deployed durable stack: `destroy` is refused, touches nothing, and says how. The stack ends disposable and deployed. */
export async function durableRefusal(stage: Stage): Promise<Verdict[]> {
  const before = stage.state().resources.length;
  const destroy = await stage.run("destroy");
  const after = stage.state().resources.length;
  const reasons = failuresOf(destroy);
  const guarded = reasons.filter((line) => /protect/i.test(line));
  stage.change({ lifecycle: "disposable" });
  const up = await stage.run("up", { options: { refresh: true } });
  return [
    verdict(
      "a durable stack refuses to be destroyed",
      `${guarded.length} protected resources named, ${after} of ${before} left`,
      [
        ...(destroy.succeeded ? ["destroy went through"] : []),
        ...(after === before ? [] : [`${before - after} resources were deleted before the refusal`]),
        ...(guarded.length > 0 ? [] : ["the refusal does not say that resources are protected"]),
      ],
    ),
    verdict("lifecycle disposable lifts every protection", counts(up), failuresOf(up)),
  ];
}

/** On a deployed disposable stack: `destroy` goes through in one run and leaves nothing. Ends with nothing. */
export function teardown(title: string): Drill {
  return async (stage) => {
    // As any stack that was used for a day.
    stage.cloud.putObjects("bucket");
    const destroy = await stage.run("destroy", { options: { refresh: true } });
    const snapshot = await readCluster(stage.api);
    const left = [...stage.cloud.remaining(), ...leftoversIn(snapshot)];
    const kept = keptVolumesIn(snapshot).length;
    const volumes = kept === 0 ? "" : `, and ${kept} volumes from when it was durable`;
    const figure = `${left.length} left${volumes}, ${seconds(destroy.seconds)}`;
    return [
      verdict(`${title}: nothing is left`, figure, [
        ...failuresOf(destroy),
        ...(destroy.succeeded ? left.map((what) => `left behind: ${what}`) : []),
        ...stage.cloud.hazards.map((what) => `AWS let it happen: ${what}`),
      ]),
    ];
  };
}
