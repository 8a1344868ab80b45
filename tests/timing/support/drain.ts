import { setTimeout as sleep } from "node:timers/promises";
import { Balancer } from "./balancer";
import { type Leaving, Pod, SECOND } from "./kubelet";
import { type Answer, Load } from "./load";

/** What callers saw while one of two pods was deleted. */
export interface Drain {
  readonly answers: readonly Answer[];
  /** Requests that did not get the whole answer. */
  readonly cut: readonly Answer[];
  /** Whole answers of the pod that went, after it had been asked to stop. */
  readonly finishedLate: number;
}

/** Deletes one of two pods under continuous load, in which requests last up to `longSeconds`. */
export async function drain(leaving: Leaving, longSeconds: number): Promise<Drain> {
  const balancer = new Balancer();
  const pods = [await Pod.start("going", leaving), await Pod.start("staying", leaving)] as const;
  const [going] = pods;
  try {
    const port = await balancer.listen();
    for (const pod of pods) balancer.add(pod);
    let finishedLate = 0;
    const load = new Load(port, longSeconds, ({ backend, whole }) => {
      if (backend === going.name && whole && going.asked) finishedLate += 1;
    });
    const finished = load.run();
    await sleep(10 * SECOND);
    const gone = going.delete(balancer);
    // Long requests start until the pod is out of rotation, which are the last that it gets.
    await sleep(5 * SECOND);
    load.onlyShort();
    await gone;
    load.stop();
    await finished;
    return { answers: load.answers, cut: load.answers.filter(({ whole }) => !whole), finishedLate };
  } finally {
    balancer.close();
    for (const pod of pods) pod.kill();
  }
}
