import type { Problem } from "../internal/problems";
import type { ModelAdviceArgs, ModelAutoscalingArgs } from "./model-server-args";
import { ModelWakeUp } from "./model-server-kinds";

/** What can be judged of scaling without a cluster; `prometheusUrl` is known only later. */
export type ScalingBounds = Omit<ModelAutoscalingArgs, "prometheusUrl">;

/** Everything that is wrong with how a server scales; `path` is that of its arguments. */
export function modelAutoscalingProblems(path: string, args: ScalingBounds): Problem[] {
  return [...boundProblems(path, args), ...wakeUpProblems(path, args), ...thresholdProblems(path, args)];
}

/** Advice that would move the measure by which the same server scales. */
export function modelAdviceProblems(path: string, advice: ModelAdviceArgs | undefined, args: ScalingBounds): Problem[] {
  if (advice === undefined) return [];
  return (["cpu", "memory"] as const).flatMap((resource) => {
    const key = `${resource}Percent` as const;
    return problemUnless(args[key] === undefined, {
      path: `${path}.${key}`,
      rule: `must not be set beside advice about ${resource}: to follow the advice changes what the percentage is of`,
      got: args[key],
      fix: `Leave out ${key}, which follows GPUs badly anyway, or advice.`,
    });
  });
}

function boundProblems(path: string, { minReplicas, maxReplicas }: ScalingBounds): Problem[] {
  const whole = (key: string, value: number, least: number, fix: string) =>
    problemUnless(Number.isInteger(value) && value >= least, {
      path: `${path}.${key}`,
      rule: `must be a whole number of at least ${least}`,
      got: value,
      fix,
    });
  return [
    ...whole("minReplicas", minReplicas, 0, "Use 1, or 0 with wakeUp to let the server sleep."),
    ...whole("maxReplicas", maxReplicas, 1, "Raise it to 1 or more."),
    ...problemUnless(!(minReplicas > maxReplicas), {
      path: `${path}.minReplicas`,
      rule: `must not be above maxReplicas (${maxReplicas})`,
      got: minReplicas,
      fix: "Raise maxReplicas or lower minReplicas.",
    }),
  ];
}

function wakeUpProblems(path: string, { minReplicas, wakeUp }: ScalingBounds): Problem[] {
  const kinds: readonly string[] = Object.values(ModelWakeUp);
  return [
    ...problemUnless(wakeUp === undefined || kinds.includes(wakeUp), {
      path: `${path}.wakeUp`,
      rule: `must be one of ${kinds.join(", ")}`,
      got: wakeUp,
      fix: "Choose gateway behind Traefik, router with vLLM's router.",
    }),
    ...problemUnless(minReplicas !== 0 || wakeUp !== undefined, {
      path: `${path}.wakeUp`,
      rule: "is required when minReplicas is 0: a server without a pod has no metrics of its own to wake it",
      fix: "Set it to gateway or router, or raise minReplicas to 1.",
    }),
    ...problemUnless(minReplicas === 0 || wakeUp === undefined, {
      path: `${path}.wakeUp`,
      rule: `must be left out when minReplicas is above 0 (${minReplicas}): the server never sleeps`,
      got: wakeUp,
      fix: "Leave it out, or set minReplicas to 0.",
    }),
  ];
}

/** Thresholds, the range of each, and what to take instead. */
const THRESHOLDS = {
  waitingRequests: { above: 0, most: 10000, unit: "requests", instead: 5 },
  runningRequests: { above: 0, most: 10000, unit: "requests", instead: 24 },
  keyValueCacheUsage: { above: 0, most: 1, unit: "a share", instead: 0.85 },
  cpuPercent: { above: 0, most: 100, unit: "percent", instead: 70 },
  memoryPercent: { above: 0, most: 100, unit: "percent", instead: 80 },
  requestsPerSecond: { above: 0, most: 10000, unit: "requests", instead: 50 },
} as const;

function thresholdProblems(path: string, args: ScalingBounds): Problem[] {
  return Object.entries(THRESHOLDS).flatMap(([key, { above, most, unit, instead }]) => {
    const value = args[key as keyof typeof THRESHOLDS];
    return problemUnless(value === undefined || (value > above && value <= most), {
      path: `${path}.${key}`,
      rule: `must be ${unit} above ${above} and at most ${most}`,
      got: value,
      fix: `Leave it out, or use ${instead}.`,
    });
  });
}

function problemUnless(holds: boolean, problem: Problem): Problem[] {
  return holds ? [] : [problem];
}
