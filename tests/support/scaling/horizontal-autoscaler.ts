/** How a metric is compared: as the HorizontalPodAutoscaler's `target.type` has it. */
export type TargetType = "AverageValue" | "Value" | "Utilization";

/** A metric of an autoscaler with what it reads now; undefined when it cannot be read. */
export interface Reading {
  readonly type: TargetType;
  readonly target: number;
  readonly value: number | undefined;
}

interface Policy {
  readonly type: string;
  readonly value: number;
  readonly periodSeconds: number;
}

interface Rules {
  readonly stabilizationWindowSeconds: number;
  readonly selectPolicy?: string;
  readonly policies: readonly Policy[];
}

/** Bounds and speed of an autoscaler. */
export interface AutoscalerSettings {
  readonly minReplicas: number;
  readonly maxReplicas: number;
  readonly behavior: { readonly scaleUp: Rules; readonly scaleDown: Rules };
}

/** Of the workload: how many it is to have, and how many of them answer. */
export interface Replicas {
  readonly current: number;
  readonly ready: number;
}

/** The controller-manager's `--horizontal-pod-autoscaler-tolerance`. */
const TOLERANCE = 0.1;

/** Replicas that one metric wishes for, by the formulas of `replica_calculator.go` (Kubernetes 1.35). */
export function wishOf({ type, target, value }: Reading, { current, ready }: Replicas): number | undefined {
  if (value === undefined) return undefined;
  // A sum is divided among the replicas that there are; everything else is compared as it is, and multiplies those that answer.
  const ratio = type === "AverageValue" ? value / (target * current) : value / target;
  if (ratio >= 1 - TOLERANCE && ratio <= 1 + TOLERANCE) return current;
  return Math.ceil(type === "AverageValue" ? value / target : ratio * ready);
}

interface Dated {
  readonly at: number;
  readonly replicas: number;
}

/** The HorizontalPodAutoscaler of `autoscaling/v2`, as `horizontal.go` does it (Kubernetes 1.35). Seconds count from any start. */
export class HorizontalAutoscaler {
  private recommendations: Dated[] = [];
  private readonly added: Dated[] = [];
  private readonly removed: Dated[] = [];

  constructor(private readonly settings: AutoscalerSettings) {}

  /** Replicas that the workload is to have from now on. */
  sync(now: number, replicas: Replicas, readings: readonly Reading[]): number {
    const { current } = replicas;
    // Somebody who wants none, KEDA, is not contradicted.
    if (current === 0) return 0;
    const wanted = this.wanted(replicas, readings);
    // Whoever starts anew takes what there is for the first wish.
    if (this.recommendations.length === 0) this.recommendations.push({ at: now, replicas: current });
    if (wanted === undefined) return current;
    const next = this.limited(now, current, this.stabilised(now, current, wanted));
    if (next > current) this.added.push({ at: now, replicas: next - current });
    if (next < current) this.removed.push({ at: now, replicas: current - next });
    return next;
  }

  private wanted(replicas: Replicas, readings: readonly Reading[]): number | undefined {
    const { minReplicas, maxReplicas } = this.settings;
    if (replicas.current > maxReplicas) return maxReplicas;
    if (replicas.current < minReplicas) return minReplicas;
    const wishes = readings.map((reading) => wishOf(reading, replicas));
    const known = wishes.filter((wish) => wish !== undefined);
    const highest = Math.max(...known);
    // With a metric that cannot be read nothing goes down: it might have wished for more.
    if (known.length === 0 || (known.length < wishes.length && highest < replicas.current)) return undefined;
    return highest;
  }

  /** Up only to the least of the recent wishes, down only to the highest. */
  private stabilised(now: number, current: number, wanted: number): number {
    const { scaleUp, scaleDown } = this.settings.behavior;
    const recent = (seconds: number) =>
      this.recommendations.filter(({ at }) => at > now - seconds).map(({ replicas }) => replicas);
    const least = Math.min(wanted, ...recent(scaleUp.stabilizationWindowSeconds));
    const highest = Math.max(wanted, ...recent(scaleDown.stabilizationWindowSeconds));
    const kept = Math.max(scaleUp.stabilizationWindowSeconds, scaleDown.stabilizationWindowSeconds);
    this.recommendations = [...this.recommendations, { at: now, replicas: wanted }].filter(({ at }) => at > now - kept);
    return Math.min(Math.max(current, least), highest);
  }

  private limited(now: number, current: number, wanted: number): number {
    const { minReplicas, maxReplicas, behavior } = this.settings;
    if (wanted > current)
      return Math.min(wanted, maxReplicas, Math.max(current, this.most(now, current, behavior.scaleUp)));
    if (wanted < current)
      return Math.max(wanted, minReplicas, Math.min(current, this.fewest(now, current, behavior.scaleDown)));
    return wanted;
  }

  private most(now: number, current: number, rules: Rules): number {
    const proposals = rules.policies.map(({ type, value, periodSeconds }) => {
      const before = this.atStart(now, current, periodSeconds);
      return type === "Pods" ? before + value : Math.ceil(before * (1 + value / 100));
    });
    return rules.selectPolicy === "Min" ? Math.min(...proposals) : Math.max(...proposals);
  }

  private fewest(now: number, current: number, rules: Rules): number {
    const proposals = rules.policies.map(({ type, value, periodSeconds }) => {
      const before = this.atStart(now, current, periodSeconds);
      return type === "Pods" ? before - value : Math.trunc(before * (1 - value / 100));
    });
    return rules.selectPolicy === "Min" ? Math.max(...proposals) : Math.min(...proposals);
  }

  /** Replicas when the period began. */
  private atStart(now: number, current: number, seconds: number): number {
    const changed = (events: readonly Dated[]) =>
      events.filter(({ at }) => at > now - seconds).reduce((sum, { replicas }) => sum + replicas, 0);
    return current - changed(this.added) + changed(this.removed);
  }
}
