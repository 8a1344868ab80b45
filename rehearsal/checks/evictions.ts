import { setTimeout as pause } from "node:timers/promises";
import { ApiError, type KubernetesApi } from "../api/api";
import { type KubernetesObject, referenceTo } from "../api/objects";
import { notRun, type Verdict, verdict } from "../verdict";
import { type CheckContext, podBasis } from "./context";
import { type Allowance, allowanceOf } from "./disruption-budgets";
import { isReady, named } from "./pods";
import { Snapshot } from "./snapshot";

const DRILL = "PodDisruptionBudgets allow exactly the evictions they should";
/** Real milliseconds between two looks, and until one gives up. */
const INTERVAL = 200;
const PATIENCE = 60_000;
/** Real milliseconds in which controllers make a pod anew. */
const REPLACEMENT_PATIENCE = 3000;

/** Evicts pods of every budget through the API, one after the other until it refuses, and waits until they are back. */
export async function checkEvictions(context: CheckContext): Promise<Verdict[]> {
  const { api, snapshot } = context;
  if (!api.real) return [notRun(DRILL, "the API in memory has no disruption controller")];
  const findings: string[] = [];
  let evicted = 0;
  const budgets = snapshot.all("PodDisruptionBudget");
  // One at a time: evictions of one would slow the controller's answers about another.
  for (const budget of budgets) {
    const result = await tryBudget(api, budget);
    evicted += result.evicted;
    findings.push(...result.findings);
  }
  return [verdict(DRILL, `${evicted} pods evicted under ${budgets.length} budgets`, findings, podBasis(context))];
}

interface Trial {
  readonly evicted: number;
  readonly findings: readonly string[];
}

async function tryBudget(api: KubernetesApi, budget: KubernetesObject): Promise<Trial> {
  const before = await settled(api, budget);
  if (typeof before === "string") return { evicted: 0, findings: [before] };
  const evicted = await withoutReplacements(api, () => evictUntilRefused(api, budget, before));
  const after = await settled(api, budget, before.healthy);
  return {
    evicted,
    findings: [
      ...(evicted === before.allowed
        ? []
        : [
            `${named(budget)}: ${evicted} evictions went through, its spec allows ${before.allowed}. Look whether it selects the pods that it should.`,
          ]),
      ...(typeof after === "string" ? [after] : []),
    ],
  };
}

/**
 * No node takes pods meanwhile, as while a cluster is drained: replacements come at once, and each that became ready would make
 * room for one more eviction.
 */
async function withoutReplacements<Result>(api: KubernetesApi, action: () => Promise<Result>): Promise<Result> {
  const nodes = (await api.list("v1", "Node")).filter(({ spec }) => spec?.unschedulable !== true).map(referenceTo);
  const cordon = (unschedulable: boolean) =>
    Promise.all(nodes.map((node) => api.patch(node, { spec: { unschedulable: unschedulable || null } })));
  await cordon(true);
  try {
    return await action();
  } finally {
    await cordon(false);
  }
}

/** Waits until the controller's count agrees with the spec and at least `healthy` pods are ready; else says what does not come right. */
async function settled(api: KubernetesApi, budget: KubernetesObject, healthy = 0): Promise<Allowance | string> {
  const deadline = Date.now() + PATIENCE;
  for (;;) {
    const live = (await api.read(referenceTo(budget))) ?? budget;
    const allowance = allowanceOf(await podsAround(api, budget), live);
    const counted = live.status?.disruptionsAllowed ?? 0;
    if (counted === allowance.allowed && allowance.healthy >= healthy) return allowance;
    if (Date.now() > deadline) {
      return allowance.healthy < healthy
        ? `${named(budget)}: ${allowance.healthy} of ${healthy} pods are back ${PATIENCE / 1000} s after an eviction. Look where the others wait.`
        : `${named(budget)}: its status allows ${counted} evictions, its spec ${allowance.allowed}. Look at the conditions in its status.`;
    }
    await pause(INTERVAL);
  }
}

/** The number of evictions that went through. */
async function evictUntilRefused(api: KubernetesApi, budget: KubernetesObject, before: Allowance): Promise<number> {
  const { pods } = before;
  let count = 0;
  for (const { metadata } of pods.filter(isReady)) {
    try {
      await api.evict(metadata.namespace ?? "default", metadata.name);
      count++;
      await untilReplaced(api, budget, pods.length);
    } catch (error) {
      if (error instanceof ApiError && error.code === 429) return count;
      throw error;
    }
  }
  return count;
}

/**
 * Waits until the controllers have made as many pods as there were. In between the budget counts controllers that have no pod
 * as if they were gone, and would let one more go.
 */
async function untilReplaced(api: KubernetesApi, budget: KubernetesObject, count: number): Promise<void> {
  const deadline = Date.now() + REPLACEMENT_PATIENCE;
  while (Date.now() < deadline) {
    const { pods } = allowanceOf(await podsAround(api, budget), budget);
    if (pods.filter(({ metadata }) => metadata.deletionTimestamp === undefined).length >= count) return;
    await pause(INTERVAL / 4);
  }
}

async function podsAround(api: KubernetesApi, { metadata }: KubernetesObject): Promise<Snapshot> {
  const filter = { namespace: metadata.namespace ?? "default" };
  const list = async (apiVersion: string, kind: string) =>
    (await api.list(apiVersion, kind, filter)).map((object) => ({ ...object, apiVersion, kind }));
  const lists = await Promise.all([
    list("v1", "Pod"),
    ...["Deployment", "ReplicaSet", "StatefulSet"].map((kind) => list("apps/v1", kind)),
  ]);
  return new Snapshot(lists.flat());
}
