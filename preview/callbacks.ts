import * as callbacks from "@pulumi/pulumi/proto/callback_pb";
import type { ICallbackServer } from "@pulumi/pulumi/runtime/callbacks";
import * as state from "@pulumi/pulumi/runtime/state";
import { refused, TRANSFORMS } from "./refusals";

/** In the SDK's code, not in its types: what it keeps of the present run. */
const { getStore } = state as unknown as { getStore(): { callbacks?: ICallbackServer } };

/**
 * Takes the place of the server by which an engine calls back into the program: that one opens a port and asks itself until
 * it answers. Hooks are recorded by name and never called; transforms are refused. To be called at the start of each run.
 */
export function listenToNobody(): void {
  const refuse = () => {
    throw refused(TRANSFORMS);
  };
  getStore().callbacks = {
    registerResourceHook: async () => {},
    registerErrorHook: async () => {},
    // Refused with the resource that carries it, by its name.
    registerTransform: async () => new callbacks.Callback(),
    registerStackTransform: refuse,
    registerStackInvokeTransform: refuse,
    registerStackInvokeTransformAsync: async () => refuse(),
    awaitStackRegistrations: async () => {},
    shutdown: () => {},
  };
}
