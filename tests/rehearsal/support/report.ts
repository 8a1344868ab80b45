import type { RehearsalReport } from "../../../preview/rehearsal-report";

/** A report of the sample stack with one verdict that passed, and `changes`. */
export function reportOf(changes: Partial<RehearsalReport> = {}): RehearsalReport {
  return {
    format: 1,
    project: "sample",
    stack: "dev",
    finished: "2026-03-01T14:05:06.789Z",
    seconds: 720,
    program: "inline program",
    providers: { aws: "stand-in", kubernetes: "real", random: "stand-in" },
    kubernetes: "v1.35.4",
    tools: { pulumi: "3.259.0", kwok: "0.7.0" },
    settingsDigest: "0".repeat(64),
    unmodelled: ["aws:ec2/flowLog:FlowLog"],
    verdicts: [{ drill: "second preview shows no change", outcome: "passed", figure: "9 resources", findings: [] }],
    ...changes,
  };
}
