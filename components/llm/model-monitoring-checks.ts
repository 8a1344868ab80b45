import { type Problem, Problems } from "../internal/problems";
import type { ModelObjectivesArgs } from "./model-alerts";
import type { ModelMonitoringArgs } from "./model-monitoring";

/** The most that each objective may be, and what to take instead; what Prometheus waits by is a whole number. */
const BOUNDS = {
  timeToFirstTokenSeconds: { most: 640, instead: 2, whole: false },
  failedRequestsPercent: { most: 99, instead: 5, whole: false },
  waitingRequests: { most: 10000, instead: 10, whole: false },
  keyValueCacheUsage: { most: 0.99, instead: 0.9, whole: false },
  startupMinutes: { most: 240, instead: 45, whole: true },
  idleGpuHours: { most: 168, instead: 6, whole: true },
} as const;

/** Everything that is wrong with objectives; `path` is theirs. */
export function modelObjectiveProblems(path: string, objectives: ModelObjectivesArgs): Problem[] {
  const judged = Object.entries(BOUNDS).map(([key, bounds]) => ({
    key,
    value: objectives[key as keyof typeof BOUNDS],
    ...bounds,
  }));
  const single = Object.entries(objectives.timeToFirstTokenSecondsOf ?? {}).map(([server, value]) => ({
    key: `timeToFirstTokenSecondsOf.${server}`,
    value,
    ...BOUNDS.timeToFirstTokenSeconds,
  }));
  return [...judged, ...single].flatMap(({ key, value, most, instead, whole }) =>
    value === undefined || (value > 0 && value <= most && (!whole || Number.isInteger(value)))
      ? []
      : [
          {
            path: `${path}.${key}`,
            rule: `must be ${whole ? "a whole number " : ""}above 0 and at most ${most}`,
            got: value,
            fix: `Leave it out, or use ${instead}.`,
          },
        ],
  );
}

/** Throws when `args` cannot work. */
export function checkModelMonitoringArgs(name: string, { objectives = {} }: ModelMonitoringArgs): void {
  const problems = new Problems();
  for (const problem of modelObjectiveProblems("objectives", objectives)) problems.check(false, problem);
  problems.throwIfAny("ModelMonitoring", name);
}
