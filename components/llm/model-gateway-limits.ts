import { IngressControllerKind } from "../edge/ingress-contract";

/**
 * Requests that may come at once under Traefik. Traefik forgets a client after a time that depends on the rate alone (its
 * `ttl`), and then grants the whole burst anew; a burst above what the rate yields in that time would make the limit a
 * multiple of what it says.
 */
export function effectiveModelBurst(requestsPerMinute: number): number {
  const perSecond = requestsPerMinute / 60;
  const forgottenAfter = perSecond >= 1 ? 2 : 1 + Math.floor(1 / perSecond);
  return Math.max(1, Math.floor(perSecond * forgottenAfter));
}

/** Seconds of silence after which load balancers close a connection, so that the longest answer is never cut off by them. */
export function idleSecondsFor(requestTimeoutSeconds: number): number {
  return requestTimeoutSeconds + 30;
}

/** What the gateway's limits come to under `controller`, one sentence for each. */
export function effectiveModelLimits(
  controller: IngressControllerKind,
  { requestsPerMinutePerClient: rate, requestTimeoutSeconds: timeout }: EffectiveModelLimits,
): string[] {
  if (controller === IngressControllerKind.Alb) {
    return [
      `a client address may make about ${rate} requests a minute over all models: AWS WAF counts with seconds of delay, answers what exceeds it with 429, and goes on when it cannot count.`,
      `a connection that is silent for ${idleSecondsFor(timeout)} s is closed; a stream may last as long as it speaks.`,
    ];
  }
  const burst = effectiveModelBurst(rate);
  return [
    `a client address may make ${rate} requests a minute over all models and all pods of Traefik, ${burst} at once; what exceeds it is answered with 429.`,
    "requests are counted in Redis: while it does not answer, every request to a model is answered with 500.",
    `an answer whose first byte takes longer than ${timeout} s ends with 504; a stream may last as long as it speaks.`,
  ];
}

/** Figures of `effectiveModelLimits`. */
interface EffectiveModelLimits {
  readonly requestsPerMinutePerClient: number;
  readonly requestTimeoutSeconds: number;
}
