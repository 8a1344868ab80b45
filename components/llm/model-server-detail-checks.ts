import { DNS_LABEL } from "../internal/names";
import type { Problem } from "../internal/problems";
import { mebibytes, milliCpu } from "../internal/quantities";
import { servedName } from "./engine-config";
import { problemUnless } from "./model-fit-engine";
import type { ModelServerArgs } from "./model-server-args";
import { modelVersionProblems } from "./model-store-checks";
import { timingOf } from "./model-timing";

/** How a resource is read, by its name. */
const RESOURCES = { cpu: milliCpu, memory: mebibytes } as const;
const GPU = "nvidia.com/gpu";
const HIGHEST_RANK = 512;

/** What is wrong with requests and limits by themselves, and with the bounds of advice. */
export function resourceProblems({ resources, advice }: ModelServerArgs): Problem[] {
  const { requests, limits } = resources;
  return [
    ...(["cpu", "memory"] as const).flatMap((key) => [
      ...pair(`resources.requests.${key}`, key, requests[key], limits[key], `limits.${key}`),
      ...(advice === undefined
        ? []
        : pair(`advice.minAllowed.${key}`, key, advice.minAllowed[key], advice.maxAllowed[key], `maxAllowed.${key}`)),
    ]),
    ...problemUnless(requests[GPU] === undefined && limits[GPU] === undefined, {
      path: `resources.limits.${GPU}`,
      rule: "must be left out: it follows from tensorParallelSize and pipelineParallelSize",
      got: limits[GPU] ?? requests[GPU],
      fix: "Leave it out.",
    }),
  ];
}

function pair(
  path: string,
  key: keyof typeof RESOURCES,
  lower: string | undefined,
  upper: string | undefined,
  upperName: string,
): Problem[] {
  const read = RESOURCES[key];
  const amounts = [read(lower ?? ""), read(upper ?? "")] as const;
  const sound = !amounts.some(Number.isNaN);
  return [
    ...problemUnless(sound, {
      path,
      rule: `and ${upperName} must both be amounts of ${key}`,
      got: lower,
      fix: key === "cpu" ? 'Write cores, such as "8".' : "Write a number and its unit, such as 32Gi.",
    }),
    ...problemUnless(!sound || amounts[0] <= amounts[1], {
      path,
      rule: `must not be above ${upperName} (${upper})`,
      got: lower,
      fix: "Lower it, or raise the other.",
    }),
  ];
}

const TIMES = {
  startupBudget: { least: 60, most: 7200, instead: 1800 },
  preStop: { least: 1, most: 300, instead: 15 },
  shutdown: { least: 1, most: 3600, instead: 120 },
} as const;

/** What is wrong with the times of a pod. */
export function timingProblems({ timing }: ModelServerArgs): Problem[] {
  const times = timingOf(timing);
  return (["startupBudget", "preStop", "shutdown"] as const).flatMap((key) => {
    const { least, most, instead } = TIMES[key];
    return problemUnless(Number.isInteger(times[key]) && times[key] >= least && times[key] <= most, {
      path: `timing.${key}`,
      rule: `must be a whole number of seconds from ${least} to ${most}`,
      got: times[key],
      fix: `Use ${instead}.`,
    });
  });
}

/** What is wrong with adapters. */
export function adapterProblems(args: ModelServerArgs): Problem[] {
  const adapters = args.loraAdapters ?? [];
  const taken = [servedName(args), ...adapters.map(({ name }) => name)];
  return adapters.flatMap(({ name, model, version, rank = 16 }, index) => {
    const path = `loraAdapters[${index}]`;
    return [
      ...problemUnless(DNS_LABEL.test(name), {
        path: `${path}.name`,
        rule: "must be a DNS label",
        got: name,
        fix: "Use lower-case letters, digits and dashes.",
      }),
      ...problemUnless(taken.filter((other) => other === name).length === 1, {
        path: `${path}.name`,
        rule: "must differ from the model's name and from other adapters': callers tell them apart by it",
        got: name,
        fix: "Rename it.",
      }),
      ...modelVersionProblems(path, { model, version }),
      ...problemUnless(Number.isInteger(rank) && rank >= 1 && rank <= HIGHEST_RANK, {
        path: `${path}.rank`,
        rule: `must be a whole number from 1 to ${HIGHEST_RANK}`,
        got: rank,
        fix: "Take r from the adapter's adapter_config.json.",
      }),
    ];
  });
}

/** What is wrong with tracing. */
export function tracingProblems({ tracing }: ModelServerArgs): Problem[] {
  if (tracing === undefined) return [];
  const { endpoint, sampleRatio = 0 } = tracing;
  const known = typeof endpoint === "string";
  return [
    ...problemUnless(!known || /^https?:\/\/[^/\s@]+:\d+$/.test(endpoint), {
      path: "tracing.endpoint",
      rule: "must be an OTLP endpoint with its port, without credentials",
      got: endpoint,
      fix: "Write it like http://collector.monitoring.svc.cluster.local:4317.",
    }),
    ...problemUnless(sampleRatio >= 0 && sampleRatio <= 1, {
      path: "tracing.sampleRatio",
      rule: "must be from 0 to 1",
      got: sampleRatio,
      fix: "Use 0.1.",
    }),
  ];
}
