import type { EngineEvent, StepEventMetadata } from "@pulumi/pulumi/automation";
import type { OperationResult, Step } from "./request";

/** What the engine tells while it runs. */
export class StepLog {
  /** In the order in which they were announced; the outcome is filled in when it is known. */
  private readonly found = new Map<string, Step>();
  readonly diagnostics: OperationResult["diagnostics"][number][] = [];
  text = "";

  get steps(): Step[] {
    return [...this.found.values()];
  }

  readonly print = (text: string): void => {
    this.text += text;
  };

  readonly add = (event: EngineEvent): void => {
    if (event.resourcePreEvent) this.note(event.resourcePreEvent.metadata, "planned");
    if (event.resOutputsEvent) this.note(event.resOutputsEvent.metadata, "done");
    if (event.resOpFailedEvent) this.note(event.resOpFailedEvent.metadata, "failed");
    const { diagnosticEvent } = event;
    if (diagnosticEvent && /^(error|warning)$/.test(diagnosticEvent.severity)) {
      const { severity, urn, message } = diagnosticEvent;
      this.diagnostics.push({ severity, urn: urn ?? "", message: message.trim() });
    }
  };

  private note({ urn, type, op, diffs }: StepEventMetadata, outcome: Step["outcome"]): void {
    const name = urn.split("::").at(-1) ?? "";
    this.found.set(`${op} ${urn}`, { urn, type, name, op, diffs: diffs ?? [], outcome });
  }
}
