import { DNS_LABEL } from "../internal/names";
import { type Problem, Problems } from "../internal/problems";
import type { ModelCanaryAnalysisArgs, ModelCanaryArgs } from "./model-canary-args";
import { CANARY_DEFAULTS } from "./model-canary-spec";

/** Kinds of chat that Flagger can post to. */
export const ALERT_TYPES = ["slack", "msteams", "rocket", "discord"] as const;
/** From which events on somebody hears of them. */
export const ALERT_SEVERITIES = ["info", "warn", "error"] as const;

/** Suffixes that Flagger gives to names leave this much of a Service's 63 characters. */
const LONGEST_SERVER = 40;

/** What is wrong with an analysis, relative to it. */
export function analysisProblems(analysis: ModelCanaryAnalysisArgs): Problem[] {
  const { intervalSeconds, threshold, maxWeight, stepWeight, iterations } = { ...CANARY_DEFAULTS, ...analysis };
  const whole = (path: string, value: number, least: number, most: number): Problem[] =>
    Number.isInteger(value) && value >= least && value <= most
      ? []
      : [
          {
            path,
            rule: `must be a whole number from ${least} to ${most}`,
            got: value,
            fix: `Leave it out, or use ${CANARY_DEFAULTS[path as keyof typeof CANARY_DEFAULTS]}.`,
          },
        ];
  return [
    ...whole("intervalSeconds", intervalSeconds, 30, 3600),
    ...whole("threshold", threshold, 1, 100),
    ...whole("maxWeight", maxWeight, 1, 100),
    ...whole("stepWeight", stepWeight, 1, 100),
    ...whole("iterations", iterations, 1, 100),
    ...(stepWeight > maxWeight
      ? [
          {
            path: "stepWeight",
            rule: `must not be above maxWeight (${maxWeight})`,
            got: stepWeight,
            fix: "Lower it, or raise maxWeight.",
          },
        ]
      : []),
  ];
}

/** Refuses arguments that cannot work. */
export function checkModelCanaryArgs(name: string, args: ModelCanaryArgs): void {
  const problems = new Problems();
  const add = (problem: Problem) => problems.check(false, problem);
  problems.check(DNS_LABEL.test(args.server) && args.server.length <= LONGEST_SERVER, {
    path: "server",
    rule: `must be a DNS label of at most ${LONGEST_SERVER} characters`,
    got: args.server,
    fix: "Shorten it: Flagger adds -primary and -canary.",
  });
  problems.check(args.servedName === undefined || /^[\w./:-]+$/.test(args.servedName), {
    path: "servedName",
    rule: "must be letters, digits, dots, dashes, slashes and colons",
    got: args.servedName,
    fix: "Rename it; it becomes part of the load tester's command.",
  });
  for (const problem of analysisProblems(args.analysis ?? {})) add({ ...problem, path: `analysis.${problem.path}` });
  const { minReplicas, maxReplicas } = args.autoscaler;
  problems.check(Number.isInteger(minReplicas) && minReplicas >= 1 && minReplicas <= maxReplicas, {
    path: "autoscaler.minReplicas",
    rule: "must be a whole number from 1 to maxReplicas",
    got: minReplicas,
    fix: "Raise it to 1: a sleeping server has nothing that a new version could be compared with.",
  });
  const { timeToFirstTokenSeconds, successPercent } = { ...CANARY_DEFAULTS, ...args.objectives };
  problems.check(timeToFirstTokenSeconds > 0, {
    path: "objectives.timeToFirstTokenSeconds",
    rule: "must be above 0",
    got: timeToFirstTokenSeconds,
    fix: "Leave it out, or use 2.",
  });
  problems.check(successPercent > 0 && successPercent < 100, {
    path: "objectives.successPercent",
    rule: "must be above 0 and below 100",
    got: successPercent,
    fix: "Leave it out, or use 99.",
  });
  checkAlert(problems, args);
  problems.throwIfAny("ModelCanary", name);
}

function checkAlert(problems: Problems, { alert }: ModelCanaryArgs): void {
  if (alert === undefined) return;
  const types: readonly string[] = ALERT_TYPES;
  const severities: readonly string[] = ALERT_SEVERITIES;
  problems.check(types.includes(alert.type), {
    path: "alert.type",
    rule: `must be one of ${types.join(", ")}`,
    got: alert.type,
    fix: "Choose one of them.",
  });
  problems.check(alert.severity === undefined || severities.includes(alert.severity), {
    path: "alert.severity",
    rule: `must be one of ${severities.join(", ")}`,
    got: alert.severity,
    fix: "Choose warn.",
  });
}
