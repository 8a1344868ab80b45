import { ApiError } from "../api/api";
import { described } from "../api/objects";
import type { Call, Interceptor } from "../providers/calls";
import { UNKNOWN } from "../providers/provider";
import type { Stage } from "../stage";
import { notRun, type Verdict, verdict } from "../verdict";
import { type Drill, failuresOf, seconds, unexpected } from "./drill";

/** More runs than the graph is deep; a stack that needs them does not converge. */
const MOST_RUNS = 80;

/** Faults of the API server. */
const FAULTS = 10;

/** A first `up` of a small stack writes some three hundred objects, those of charts included. */
const WRITES_BETWEEN_FAULTS = 25;

/**
 * From nothing: in each `up` everything that is created for the first time fails, so one wave of the graph gets through with
 * each run. Ends with the stack deployed.
 */
export async function waveFaults(stage: Stage): Promise<Verdict[]> {
  const failed = new Set<string>();
  const once: Interceptor = {
    before: async (call) => {
      if (!isCreation(call) || failed.has(call.urn)) return;
      failed.add(call.urn);
      throw new Error("InternalFailure: a fault of the rehearsal, once for each resource");
    },
  };
  return [await converges(stage, "a whole wave fails once, up after up", once, { continueOnError: true })];
}

/** From nothing: one resource of every type that is not in `tried` fails once, each in a run of its own. Ends with the stack deployed. */
export function singleFaults(tried: Set<string>): Drill {
  return async (stage) => {
    let spent = false;
    let faults = 0;
    const once: Interceptor = {
      before: async (call) => {
        if (!isCreation(call) || tried.has(call.type) || spent) return;
        spent = true;
        faults++;
        tried.add(call.type);
        throw new Error("InternalFailure: a fault of the rehearsal, once for each type");
      },
    };
    const beforeRun = () => {
      spent = false;
    };
    const title = "one resource of each type fails once";
    const how = { continueOnError: false, beforeRun, count: () => `${faults} types` };
    const judgement = await converges(stage, title, once, how);
    const untried = faults === 0 && judgement.outcome === "passed";
    return [untried ? notRun(title, "each of its types has failed once with another stack") : judgement];
  };
}

/** From nothing: ten writes, spread over the run, are refused by the API server. Ends with the stack deployed. */
export async function apiFaults(stage: Stage): Promise<Verdict[]> {
  let writes = 0;
  let faults = 0;
  const title = "ten faults of the API server";
  stage.faultyApi.fault = (method, reference) => {
    if (method === "delete" || ++writes % WRITES_BETWEEN_FAULTS !== 0 || faults === FAULTS) return;
    faults++;
    throw new ApiError(500, "InternalError", `${described(reference)}: a fault of the rehearsal, number ${faults}`);
  };
  try {
    const judgement = await converges(stage, title, {}, { continueOnError: true, count: () => `${faults} faults` });
    const missing = faults === FAULTS ? [] : [`only ${faults} of ${FAULTS} faults happened: let them come more often`];
    return [verdict(title, judgement.figure, [...judgement.findings, ...missing], judgement.basis)];
  } finally {
    stage.faultyApi.fault = undefined;
  }
}

/** Whether a failure is a fault of ours, or what the engine makes of one. */
function isConsequence(line: string): boolean {
  // Resources whose provider failed: the engine goes on to them, and then does not know it.
  const orphaned = line.includes("unknown provider") && line.includes(UNKNOWN);
  return orphaned || /fault of the rehearsal|update failed|resource creation failed/i.test(line);
}

function isCreation({ method, preview }: Call): boolean {
  return method === "create" && !preview;
}

/** Runs `up` until it succeeds; then nothing may be there twice, and a preview may find nothing to do. */
async function converges(
  stage: Stage,
  title: string,
  interceptor: Interceptor,
  { continueOnError, beforeRun, count }: { continueOnError: boolean; beforeRun?: () => void; count?: () => string },
): Promise<Verdict> {
  stage.calls.clear();
  stage.calls.interceptor = interceptor;
  const started = performance.now();
  const foreign: string[] = [];
  let runs = 0;
  try {
    for (; runs < MOST_RUNS; runs++) {
      beforeRun?.();
      const up = await stage.run("up", { options: { continueOnError } });
      if (up.succeeded) break;
      foreign.push(...failuresOf(up).filter((line) => !isConsequence(line)));
    }
  } finally {
    stage.calls.interceptor = undefined;
  }
  const preview = await stage.run("preview");
  const took = (performance.now() - started) / 1000;
  const findings = [
    ...(runs === MOST_RUNS ? [`not deployed after ${MOST_RUNS} runs`] : []),
    ...new Set(foreign),
    ...twice(stage),
    ...unexpected(preview, () => false),
  ];
  return verdict(
    title,
    `${count === undefined ? "" : `${count()}, `}${runs + 1} runs, ${seconds(took)}`,
    findings,
    stage.basis,
  );
}

/** Resources that were created more often than they were deleted, by more than one, and what the account has twice. */
export function twice({ calls, cloud }: Stage): string[] {
  const balance = new Map<string, number>();
  for (const { method, urn, preview, error, id } of calls.records) {
    if (preview) continue;
    if (method === "create" && (error === undefined || id !== undefined)) balance.set(urn, (balance.get(urn) ?? 0) + 1);
    if (method === "delete" && error === undefined) balance.set(urn, (balance.get(urn) ?? 0) - 1);
  }
  const doubles = cloud.created().filter(({ live }) => live.length > 1);
  return [
    ...[...balance].filter(([, count]) => count > 1).map(([urn, count]) => `${urn} was created ${count} times`),
    ...doubles.map(({ urn, live }) => `${urn} is in the account as ${live.join(" and as ")}`),
  ];
}
