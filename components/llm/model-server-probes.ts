import type * as kubernetes from "@pulumi/kubernetes";
import { ENGINE_PATHS } from "./engine-flags";
import type { ModelServerArgs } from "./model-server-args";
import { timingOf } from "./model-timing";

type Container = kubernetes.types.input.core.v1.Container;

/** What a pod does: answer alone, answer for its group, or compute for the one that answers. */
export const PodRole = { Single: "single", Leader: "leader", Worker: "worker" } as const;
export type PodRole = (typeof PodRole)[keyof typeof PodRole];

const STARTUP_PERIOD = 10;

/**
 * Probes of the engine. Its health answers only once the weights are loaded: until then the start-up probe is patient, and the
 * others wait for it, so that nothing needs a delay.
 */
export function engineProbes({
  timing,
}: ModelServerArgs): Pick<Container, "startupProbe" | "readinessProbe" | "livenessProbe"> {
  const httpGet = { path: ENGINE_PATHS.health, port: "http" };
  const { startupBudget } = timingOf(timing);
  return {
    startupProbe: {
      httpGet,
      periodSeconds: STARTUP_PERIOD,
      timeoutSeconds: 5,
      failureThreshold: Math.ceil(startupBudget / STARTUP_PERIOD),
    },
    readinessProbe: { httpGet, periodSeconds: 5, timeoutSeconds: 5, failureThreshold: 3 },
    livenessProbe: { httpGet, periodSeconds: 30, timeoutSeconds: 10, failureThreshold: 5 },
  };
}

/**
 * Waits before the signal to stop. The one that answers waits until load balancers know; a worker waits until the answers that
 * it computes for are given, since it would stop at once.
 */
export function engineLifecycle({ timing }: ModelServerArgs, role: PodRole): Container["lifecycle"] {
  const { preStop, shutdown } = timingOf(timing);
  return { preStop: { sleep: { seconds: role === PodRole.Worker ? preStop + shutdown : preStop } } };
}
