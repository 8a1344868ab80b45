import { Problems } from "../internal/problems";
import type { MonitoringArgs } from "./monitoring";
import { retentionSize } from "./monitoring-values";

/** Throws when `args` cannot work. */
export function checkMonitoringArgs(name: string, args: MonitoringArgs): void {
  const problems = new Problems();
  const { retentionDays, size } = args.prometheus;
  problems.check(Number.isInteger(retentionDays) && retentionDays >= 1, {
    path: "prometheus.retentionDays",
    rule: "must be a whole number of at least 1",
    got: retentionDays,
    fix: "Use 15.",
  });
  problems.check(retentionSize(size) !== undefined, {
    path: "prometheus.size",
    rule: "must be a whole number of gibibytes or tebibytes, at least 2Gi",
    got: size,
    fix: "Write it as 50Gi.",
  });
  problems.throwIfAny("Monitoring", name);
}
