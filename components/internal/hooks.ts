import * as pulumi from "@pulumi/pulumi";

/**
 * Whether whoever runs the program knows resource hooks: engines do, the SDK's test monitor (`pulumi.runtime.setMocks`) does not
 * and fails on the first one. A component that only waits by a hook leaves it out there.
 */
export function hooksSupported(): boolean {
  const monitor = pulumi.runtime.getMonitor() as { registerResourceHook?: unknown } | undefined;
  return typeof monitor?.registerResourceHook === "function";
}
