import type * as pulumi from "@pulumi/pulumi";
import type { Placement } from "../internal/pods";
import type { LoraAdapterArgs, ModelArgs, ModelEngineArgs, ModelServerArgs } from "../llm/model-server-args";

/** One of two versions that stand side by side. */
export const ModelColor = { Blue: "blue", Green: "green" } as const;
export type ModelColor = (typeof ModelColor)[keyof typeof ModelColor];

/** What one colour has other than the server; what is left out is the server's own. Plain values. */
export interface ModelColorArgs {
  /** Another model, or another version of it. */
  readonly model?: ModelArgs;
  /** Arguments of the engine, all of them. */
  readonly engine?: ModelEngineArgs;
  /** Image with its registry and an exact tag or digest. */
  readonly image?: string;
  /** Adapters served beside the model, all of them. */
  readonly loraAdapters?: LoraAdapterArgs[];
}

/** The Job that asks a colour for an answer before callers do. */
export interface ModelSmokeArgs {
  /** Seconds that it keeps trying, 30 to 3600. Default 300. */
  readonly timeoutSeconds?: number;
  /** Where its pod runs; it needs no GPU. Default anywhere. */
  readonly placement?: Placement;
  /** PriorityClass of its pod. Default the cluster's. */
  readonly priorityClassName?: pulumi.Input<string>;
}

export interface ModelBlueGreenArgs {
  /**
   * The server that both colours are versions of. `server` is the name that callers know: the Service, at most 34 characters;
   * the colours are called `<server>-blue` and `<server>-green`, and share its API key.
   */
  readonly server: ModelServerArgs;
  /** The colour that callers reach. To change it is the switch, and to change it back is the way back. */
  readonly activeColor: ModelColor;
  /** Given for a colour that exists; an empty block is the server as it is. */
  readonly blue?: ModelColorArgs;
  /** As `blue`. */
  readonly green?: ModelColorArgs;
  /** How a colour is asked for its first answer. Default for 5 minutes, anywhere. */
  readonly smoke?: ModelSmokeArgs;
}
