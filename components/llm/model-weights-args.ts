import type * as pulumi from "@pulumi/pulumi";
import type { ModelWeightsKind } from "./model-server-kinds";

/** Where the weights are: `kind` names the one block that is given; `s3Streamer` needs none. */
export interface ModelWeightsArgs {
  /** Which of the others counts. A change rolls the pods. */
  readonly kind: ModelWeightsKind;
  /** With `s3Streamer`; may be left out. */
  readonly s3Streamer?: S3StreamerWeightsArgs;
  /** With `s3Mount`. */
  readonly s3Mount?: VolumeWeightsArgs;
  /** With `efs`. */
  readonly efs?: VolumeWeightsArgs;
  /** With `fsxLustre`. */
  readonly fsxLustre?: VolumeWeightsArgs;
  /** With `image`; `ModelServerArgs.image` then names the image. */
  readonly image?: ImageWeightsArgs;
}

/** How weights are streamed from the model store. */
export interface S3StreamerWeightsArgs {
  /** Parallel reads of each GPU's process, 1 to 256. Default 16. */
  readonly concurrency?: number;
  /**
   * Host memory of each GPU's process through which the weights pass, in GiB, 1 to 64; at least the size of the largest tensor.
   * Counts against the memory limit. Default 4.
   */
  readonly bufferGiB?: number;
}

/** A volume with the layout of the model store. */
export interface VolumeWeightsArgs {
  /** PersistentVolumeClaim in the server's namespace; `ModelVolume` makes one. */
  readonly claimName: pulumi.Input<string>;
}

/** Weights in the server's image. */
export interface ImageWeightsArgs {
  /** Path of the weights in the image. */
  readonly path: string;
}
