import { HorizontalAutoscaler, type Reading, type Replicas, type TargetType } from "./horizontal-autoscaler";

/** A trigger as a ScaledObject has it. */
export interface ScaledTrigger {
  readonly type: string;
  readonly name: string;
  readonly metricType: string;
  readonly metadata: Readonly<Record<string, string>>;
}

/** The part of a ScaledObject's `spec` that decides. */
export interface ScaledSpec {
  readonly minReplicaCount: number;
  readonly maxReplicaCount: number;
  readonly cooldownPeriod: number;
  readonly fallback: { readonly failureThreshold: number; readonly replicas: number; readonly behavior: string };
  readonly advanced: { readonly horizontalPodAutoscalerConfig: { readonly behavior: never } };
  readonly triggers: readonly ScaledTrigger[];
}

/** What a query answers: a figure, no element, or that Prometheus cannot be asked. */
export type Answer = number | "nothing" | "unreachable";

/** What KEDA makes of an answer; undefined is an error (`prometheus_scaler.go`, KEDA 2.20). */
export function readingOf(trigger: ScaledTrigger, answer: Answer): number | undefined {
  if (answer === "unreachable") return undefined;
  if (typeof answer === "number" && !Number.isNaN(answer)) return answer;
  return trigger.metadata.ignoreNullValues === "false" ? undefined : 0;
}

/**
 * KEDA 2.20 with the HorizontalPodAutoscaler that it makes: `scale_scaledobjects.go` between none and one, `fallback.go`
 * when triggers fail, and Kubernetes for the rest.
 */
export class Keda {
  private readonly autoscaler: HorizontalAutoscaler;
  private readonly failures = new Map<string, number>();
  private lastActive: number | undefined;

  constructor(private readonly spec: ScaledSpec) {
    this.autoscaler = new HorizontalAutoscaler({
      minReplicas: Math.max(1, spec.minReplicaCount),
      maxReplicas: spec.maxReplicaCount,
      behavior: spec.advanced.horizontalPodAutoscalerConfig.behavior,
    });
  }

  /** Replicas that the workload is to have from now on; answers by the trigger's name. */
  poll(now: number, replicas: Replicas, answers: Readonly<Record<string, Answer>>): number {
    const values = this.spec.triggers.map((trigger) => ({
      trigger,
      value: readingOf(trigger, answers[trigger.name] ?? "nothing"),
    }));
    for (const { trigger, value } of values) this.count(trigger.name, value);
    const current = this.activated(now, replicas.current, values);
    const readings = values.map(({ trigger, value }) => this.reading(trigger, value, replicas));
    return this.autoscaler.sync(now, { ...replicas, current }, readings);
  }

  private count(name: string, value: number | undefined): void {
    this.failures.set(name, value === undefined ? (this.failures.get(name) ?? 0) + 1 : 0);
  }

  /** Between none and one: a trigger above its activation threshold wakes, and a quiet cool-down sends to sleep. */
  private activated(
    now: number,
    current: number,
    values: readonly { trigger: ScaledTrigger; value: number | undefined }[],
  ): number {
    const { minReplicaCount, cooldownPeriod, fallback } = this.spec;
    const active = values.some(
      ({ trigger, value }) => value !== undefined && value > Number(trigger.metadata.activationThreshold ?? 0),
    );
    if (active) {
      this.lastActive = now;
      return current === 0 ? Math.max(1, minReplicaCount) : current;
    }
    const failing = values.some(({ value }) => value === undefined);
    if (failing && fallback.replicas !== 0) return current;
    const cooled = this.lastActive === undefined || now - this.lastActive > cooldownPeriod;
    return current > 0 && minReplicaCount === 0 && cooled ? 0 : current;
  }

  private reading(trigger: ScaledTrigger, value: number | undefined, { current, ready }: Replicas): Reading {
    const type = trigger.metricType as TargetType;
    const target = Number(trigger.metadata.threshold ?? trigger.metadata.value);
    const { failureThreshold, replicas, behavior } = this.spec.fallback;
    if (value !== undefined || (this.failures.get(trigger.name) ?? 0) <= failureThreshold)
      return { type, target, value };
    const wished = behavior === "currentReplicasIfHigher" ? Math.max(current, replicas) : replicas;
    // KEDA makes up the figure of which the autoscaler's formula makes so many replicas again.
    if (type !== "Value") return { type, target, value: target * wished };
    return { type, target, value: ready === 0 ? undefined : (target * wished) / ready };
  }
}
