/**
 * Stops formatting the stack traces that nobody reads, until the function that it returns is called. The SDK takes one for
 * every promise, to print it should the promise leak, and mapping each to its source takes longer than all the rest of a
 * recording. Errors that carry a message keep their traces.
 */
export function muteIdleTraces(): () => void {
  const original = Error.prepareStackTrace;
  Error.prepareStackTrace = (error, frames) => {
    if (error.message === "") return "";
    return original ? original(error, frames) : [String(error), ...frames.map((frame) => `    at ${frame}`)].join("\n");
  };
  return () => {
    Error.prepareStackTrace = original;
  };
}
