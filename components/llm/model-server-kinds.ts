/** How a model server's pods are run. */
export const ModelWorkloadKind = {
  /** Replicas that know nothing of each other; what canaries and rollouts work on. */
  Deployment: "deployment",
  /** Replicas with a name that stays. */
  StatefulSet: "statefulSet",
  /** Each replica is a group of pods on several nodes, which hold one model together. */
  MultiNode: "multiNode",
} as const;
export type ModelWorkloadKind = (typeof ModelWorkloadKind)[keyof typeof ModelWorkloadKind];

/** How replicas are kept apart. */
export const ModelSpread = {
  /** Over zones where there is room; packing on few nodes wins. */
  Preferred: "preferred",
  /** No two replicas on a node: of a node with 4 GPUs and a server that takes 2, half stays idle. */
  Required: "required",
} as const;
export type ModelSpread = (typeof ModelSpread)[keyof typeof ModelSpread];

/** Where a model server reads its weights from. */
export const ModelWeightsKind = {
  /** Streamed from the model store into GPU memory; no volume. */
  S3Streamer: "s3Streamer",
  /** The model store as a read-only file system (Mountpoint for S3). */
  S3Mount: "s3Mount",
  /** An EFS volume that all replicas read. */
  Efs: "efs",
  /** An FSx for Lustre file system linked to the model store. */
  FsxLustre: "fsxLustre",
  /** In the server's own image. */
  Image: "image",
} as const;
export type ModelWeightsKind = (typeof ModelWeightsKind)[keyof typeof ModelWeightsKind];

/** Numeric format of the weights in the store. */
export const ModelQuantization = {
  /** 16 bits a weight, as published. */
  None: "none",
  Awq: "awq",
  Gptq: "gptq",
  Fp8: "fp8",
} as const;
export type ModelQuantization = (typeof ModelQuantization)[keyof typeof ModelQuantization];

/** What wakes a server that sleeps without a replica. */
export const ModelWakeUp = {
  /** Requests for its model at vLLM's router, and at Traefik where there is one. */
  Router: "router",
  /** Requests at Traefik, which answers 503 for a server without a replica, and counts it. */
  Gateway: "gateway",
} as const;
export type ModelWakeUp = (typeof ModelWakeUp)[keyof typeof ModelWakeUp];
