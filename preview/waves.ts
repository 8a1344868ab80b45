import { isCreated } from "./plan";
import type { Schedule, ScheduledResource } from "./schedule";

/** What can be created at the same time, dependencies alone considered. */
export interface Wave {
  readonly number: number;
  readonly count: number;
  /** Minutes after the start when its first resource can begin and its last is done. */
  readonly start: number;
  readonly finish: number;
  /** What takes the longest. */
  readonly longest: ScheduledResource;
  /** The step of the critical path in this wave, if there is one. */
  readonly critical: ScheduledResource | undefined;
}

/** A step of the critical path counts as worth a line of its own from here on. */
const NOTABLE_MINUTES = 0.1;

/** The waves of a schedule, first to last. */
export function wavesOf(schedule: Schedule): Wave[] {
  const members = new Map<number, ScheduledResource[]>();
  for (const entry of schedule.resources) {
    if (!isCreated(entry.resource)) continue;
    members.set(entry.wave, [...(members.get(entry.wave) ?? []), entry]);
  }
  const critical = new Map(schedule.criticalPath.map((entry) => [entry.wave, entry]));
  return [...members]
    .sort(([a], [b]) => a - b)
    .map(([number, entries]) => ({
      number,
      count: entries.length,
      start: Math.min(...entries.map(({ start }) => start)),
      finish: Math.max(...entries.map(({ finish }) => finish)),
      longest: entries.reduce((longest, each) => (lasts(each) > lasts(longest) ? each : longest)),
      critical: critical.get(number),
    }));
}

/** The steps of the critical path that take noticeable time, and how many others lie between them. */
export function notableSteps(schedule: Schedule): { steps: ScheduledResource[]; short: number } {
  const created = schedule.criticalPath.filter(({ resource }) => isCreated(resource));
  const steps = created.filter((step) => lasts(step) >= NOTABLE_MINUTES);
  return { steps, short: created.length - steps.length };
}

/** Minutes that creating it takes. */
export function lasts({ start, finish }: ScheduledResource): number {
  return finish - start;
}
