import { capacityOf } from "../../components/llm/model-fit";
import { type ModelServerSections, type ModelServerSettings, modelServerArguments } from "./model-server";
import type { Settings } from "./settings";
import { versionKey } from "./stored-models";

/**
 * What each model server serves, and how it goes, one sentence each. A version is a pin of the settings: where it differs from
 * what runs, `pulumi preview` shows that the server's pods roll.
 */
export function servingNotices(settings: Settings): string[] {
  const { llm } = settings;
  if (!llm.enabled) return [];
  return Object.entries(llm.models).flatMap(([server, model]) => [
    `llm.models.${server}: serves ${servedBy(server, model, settings)}; another version rolls its pods.`,
    ...drain(server, model, settings),
  ]);
}

function servedBy(server: string, settings: ModelServerSettings, sections: ModelServerSections): string {
  const { model, engine, instanceTypes, podsPerGpu, nodesPerReplica } = modelServerArguments(
    server,
    settings,
    sections,
  );
  const what = versionKey({ model: model.name, version: versionOf(settings) });
  const [instanceType] = instanceTypes;
  if (instanceType === undefined) return what;
  const input = { facts: model.facts, engine, instanceType, podsPerGpu, nodesPerReplica };
  const { maxModelLength, concurrentSequences } = capacityOf(input);
  if (concurrentSequences === 0) return what;
  return `${what}; a replica holds about ${concurrentSequences} sequences of ${maxModelLength} tokens at once`;
}

/** The version that callers reach: of two colours the active one's. */
function versionOf({ model, delivery: { blueGreen } }: ModelServerSettings): string {
  return blueGreen?.[blueGreen.activeColor]?.version ?? model.version;
}

/** Callers wait longer for an answer than a pod that goes has time for it. */
function drain(server: string, { timing }: ModelServerSettings, { llm: { gateway } }: Settings): string[] {
  const left = timing.preStop + timing.shutdown;
  if (gateway.requestTimeoutSeconds <= left) return [];
  return [
    `llm.models.${server}: an answer that needs more than ${left} s still is cut when its pod goes; timing.shutdown gives it longer.`,
  ];
}
