import * as pulumi from "@pulumi/pulumi";
import * as debuggable from "@pulumi/pulumi/runtime/debuggable";

/**
 * Stops taking and formatting the stack traces that nobody reads, until the function that it returns is called. The SDK takes one
 * for every promise, to print it should the promise leak, and one without end for every resource, to tell the engine its line:
 * together that takes longer than all the rest of a recording. Errors that carry a message keep their traces.
 */
export function muteIdleTraces(): () => void {
  const original = Error.prepareStackTrace;
  Error.prepareStackTrace = (error, frames) => {
    if (error.message === "") return "";
    return original ? original(error, frames) : [String(error), ...frames.map((frame) => `    at ${frame}`)].join("\n");
  };
  const restores = [
    replaced(pulumi.Resource, "callsites", () => () => []),
    replaced(debuggable, "debuggablePromise", untraced),
  ];
  return () => {
    Error.prepareStackTrace = original;
    for (const restore of restores) restore();
  };
}

type Method = (...args: unknown[]) => unknown;

/** Puts another function in the place of one of the SDK's. An SDK that has none of the name keeps its ways. */
function replaced(owner: object, name: string, replacement: (method: Method) => Method): () => void {
  const methods = owner as unknown as Record<string, Method | undefined>;
  const method = methods[name];
  if (method === undefined) return () => {};
  methods[name] = replacement(method);
  return () => {
    methods[name] = method;
  };
}

/** The same, with no trace of where it was called from. */
function untraced(method: Method): Method {
  return (...args) => {
    const frames = Error.stackTraceLimit;
    Error.stackTraceLimit = 0;
    try {
      return method(...args);
    } finally {
      Error.stackTraceLimit = frames;
    }
  };
}
