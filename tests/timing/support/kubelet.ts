import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Backend, Balancer } from "./balancer";

/** What of a pod's manifest decides how it goes, in seconds. */
export interface Leaving {
  /** `lifecycle.preStop.sleep.seconds`; 0 without one. */
  readonly preStop: number;
  /** `--shutdown-timeout` of vLLM. */
  readonly shutdown: number;
  /** `terminationGracePeriodSeconds`. */
  readonly grace: number;
}

/** Milliseconds of the test for each second of a pod's life. */
export const SECOND = 100;

/** Until every ingress controller has learnt from the EndpointSlices that a pod goes. Traefik watches them: about a second; this is the worst that we count on. */
const REMOVAL_SECONDS = 5;

/** The least that the kubelet leaves a container between SIGTERM and SIGKILL. */
const LEAST_GRACE_SECONDS = 2;

/** A pod with a model server in it. */
export class Pod implements Backend {
  /** Whether the container has been asked to stop. */
  asked = false;

  private constructor(
    readonly name: string,
    readonly port: number,
    private readonly leaving: Leaving,
    private readonly container: ChildProcess,
  ) {}

  /** Starts a pod and waits until its server listens. */
  static async start(name: string, leaving: Leaving): Promise<Pod> {
    const container = fork(join(__dirname, "stand-in-server.ts"), [`${leaving.shutdown * SECOND}`], {
      execArgv: ["--require", "ts-node/register"],
    });
    const [port] = await once(container, "message");
    return new Pod(name, port as number, leaving, container);
  }

  /**
   * Deletes the pod. At one and the same moment the endpoints' way to the balancers begins and the kubelet runs the hook; then
   * SIGTERM, and SIGKILL when the grace period, which began with the hook, is over.
   */
  async delete(balancer: Balancer): Promise<void> {
    const { preStop, grace } = this.leaving;
    const gone = once(this.container, "exit");
    const removed = sleep(REMOVAL_SECONDS * SECOND).then(() => balancer.remove(this));
    const hook = Math.min(preStop, grace);
    await sleep(hook * SECOND);
    this.asked = true;
    this.container.kill("SIGTERM");
    const patience = Math.max(grace - hook, LEAST_GRACE_SECONDS);
    const killer = setTimeout(() => this.container.kill("SIGKILL"), patience * SECOND);
    await gone;
    clearTimeout(killer);
    await removed;
  }

  /** Ends what is left after a test. */
  kill(): void {
    this.container.kill("SIGKILL");
  }
}
