import { modelServerNames } from "../llm/model-names";
import type { ModelServerArgs } from "../llm/model-server-args";
import { type ModelBlueGreenArgs, ModelColor, type ModelColorArgs } from "./model-blue-green-args";

/** A colour that exists. */
export interface ColoredServer {
  readonly color: ModelColor;
  readonly active: boolean;
  /** Arguments of its ModelServer. */
  readonly args: ModelServerArgs;
}

/** Name of the server of a colour. */
export function coloredName(server: string, color: ModelColor): string {
  return `${server}-${color}`;
}

/** Replicas of an idle colour: as many as the active one has at least, so that the switch meets a server that is ready for it. */
export function idleReplicas({ autoscaling, replicas }: Pick<ModelServerArgs, "autoscaling" | "replicas">): number {
  return Math.max(1, autoscaling?.minReplicas ?? replicas ?? 1);
}

/** The colours that exist, with what makes each a server of its own. */
export function coloredServers({ server, activeColor, blue, green }: ModelBlueGreenArgs): ColoredServer[] {
  const given: [ModelColor, ModelColorArgs | undefined][] = [
    [ModelColor.Blue, blue],
    [ModelColor.Green, green],
  ];
  return given.flatMap(([color, own]) =>
    own === undefined ? [] : [{ color, active: color === activeColor, args: colored(server, color, own, activeColor) }],
  );
}

function colored(
  server: ModelServerArgs,
  color: ModelColor,
  own: ModelColorArgs,
  activeColor: ModelColor,
): ModelServerArgs {
  const model = own.model ?? server.model;
  const engine = own.engine ?? server.engine;
  const image = own.image ?? server.image;
  const loraAdapters = own.loraAdapters ?? server.loraAdapters;
  return {
    ...server,
    server: coloredName(server.server, color),
    // Callers ask for one name, whichever colour answers.
    model: { ...model, servedName: model.servedName ?? server.server },
    ...(engine === undefined ? {} : { engine }),
    ...(image === undefined ? {} : { image }),
    ...(loraAdapters === undefined ? {} : { loraAdapters }),
    ...scaling(server, color === activeColor),
    apiKeySecretName: server.apiKeySecretName ?? modelServerNames(server.server).apiKeySecret,
  };
}

/**
 * An idle colour does not scale, and still has a scaler, with no room between its bounds: a number of replicas in the workload
 * itself would fall to 1 at the switch, in the moment in which the field changes hands from us to the scaler.
 */
function scaling(server: ModelServerArgs, active: boolean): Pick<ModelServerArgs, "autoscaling"> {
  if (active || server.autoscaling === undefined) return {};
  const fixed = idleReplicas(server);
  // Asleep it could not be asked, and nobody would wake it.
  const { wakeUp: _, ...autoscaling } = server.autoscaling;
  return { autoscaling: { ...autoscaling, minReplicas: fixed, maxReplicas: fixed } };
}
