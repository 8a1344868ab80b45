// First: what it makes lazy must not be loaded by the imports after it.
import "../../preview/lazy-modules";
import "./child-clock";
import { readFileSync, writeFileSync } from "node:fs";
import type * as automation from "@pulumi/pulumi/automation";
import { muteIdleTraces } from "../../preview/traces";
import type { OperationRequest, OperationResult } from "./request";
import { selectStack } from "./select-stack";
import { StepLog } from "./step-log";

/** Arguments: the file that holds the request, and the one that the result goes into. */
const [requestFile = "", resultFile = ""] = process.argv.slice(2);

/** The engine, not this process, ends an interrupted run in order. */
process.on("SIGINT", () => {});

// The SDK keeps a stack trace for every promise, which takes longer than everything else.
muteIdleTraces();

operate(JSON.parse(readFileSync(requestFile, "utf8")) as OperationRequest)
  .then((result) => writeFileSync(resultFile, JSON.stringify(result), { mode: 0o600 }))
  // Connections of the engine's own servers would keep this process alive.
  .then(() => process.exit(0))
  .catch((error) => {
    process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : error}\n`);
    process.exit(1);
  });

/** Runs one operation of the engine on the project's program. */
async function operate(request: OperationRequest): Promise<OperationResult> {
  const stack = await selectStack(request);
  const log = new StepLog();
  const started = performance.now();
  let error: string | undefined;
  try {
    await start(stack, request, log);
  } catch (thrown) {
    error = thrown instanceof Error ? thrown.message : String(thrown);
  }
  const seconds = (performance.now() - started) / 1000;
  const { steps, diagnostics, text } = log;
  return {
    succeeded: error === undefined,
    ...(error ? { error } : {}),
    steps,
    diagnostics,
    log: text,
    seconds,
  };
}

async function start(stack: automation.Stack, request: OperationRequest, log: StepLog): Promise<void> {
  const { refresh, continueOnError, clearPendingCreates } = request.options;
  const common = {
    onEvent: log.add,
    onOutput: log.print,
    onError: log.print,
    color: "never" as const,
  };
  switch (request.operation) {
    case "cancel":
      await stack.cancel();
      return;
    case "preview":
      await stack.preview({ ...common, refresh: refresh ?? false });
      return;
    case "up":
      await stack.up({ ...common, refresh: refresh ?? false, continueOnError: continueOnError ?? false });
      return;
    case "refresh":
      await stack.refresh({ ...common, clearPendingCreates: clearPendingCreates ?? false });
      return;
    case "destroy":
      // As the command line does: its preview refuses before anything is touched.
      await stack.previewDestroy({ ...common, refresh: refresh ?? false });
      await stack.destroy({ ...common, refresh: refresh ?? false, continueOnError: continueOnError ?? false });
  }
}
