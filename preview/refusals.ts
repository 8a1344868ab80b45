import type { RegisterRequest } from "./registration";

/** Why a program with transforms cannot be recorded. */
export const TRANSFORMS =
  "transforms run in the engine, so their effect cannot be recorded: pass the value as an argument instead";

/** Why the recorder cannot stand in for the engine here; undefined when it can. */
export function refusalOf(request: RegisterRequest): string | undefined {
  if (request.getTransformsList().length > 0) return `${request.getName()}: ${TRANSFORMS}`;
  if (request.getRemote())
    return `${request.getName()}: ${request.getType()} is a remote component, whose children only an engine sees`;
  return undefined;
}

/** An error whose message survives the way that the SDK passes errors on, which is made for gRPC. */
export function refused(message: string): Error {
  return Object.assign(new Error(message), { details: message });
}
