import type * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { ready } from "../internal/gates";
import type { Mirrors } from "../internal/mirrors";
import type { ContainerResources, Placement } from "../internal/pods";
import { checkModelImportArgs } from "./model-import-checks";
import { importJob } from "./model-import-job";
import type { ModelQuantization } from "./model-server-kinds";

export interface ModelImportArgs {
  /** Namespace of the Job. A change replaces it. */
  readonly namespace: pulumi.Input<string>;
  /** Name of the model in the store: a DNS label. */
  readonly model: string;
  /** Version in the store. Versions never change: another content needs another version. */
  readonly version: string;
  /** A repository on Hugging Face. Exactly one of `huggingFace` and `bucket`. */
  readonly huggingFace?: HuggingFaceSourceArgs;
  /** A folder of another bucket. */
  readonly bucket?: BucketSourceArgs;
  /**
   * Files that are taken, by name; an asterisk does not reach across a slash. Default safetensors, JSON, chat templates and
   * tokenizers. Pickled weights (.bin, .pth) are refused: reading them runs code.
   */
  readonly filePatterns?: string[];
  /** Format that the weights must have by the checkpoint's own config.json; others are refused before they are fetched. Default any. */
  readonly quantization?: ModelQuantization;
  /** Claim of a volume on EFS that gets a copy, from `ModelVolume`. Default none. */
  readonly volumeClaimName?: pulumi.Input<string>;
  /** Whether a branch or a tag may stand for a commit. What it names may change, and the import is not repeated for that. Default false. */
  readonly movingRevision?: boolean;
  /** Minutes until the import is given up, 10 to 1440. Default 180. */
  readonly deadlineMinutes?: number;
  /** CPU and memory of the pod. Default 500m and 2Gi, at most 2 CPUs and 4Gi. */
  readonly resources?: ContainerResources;
  /** Machines without GPUs will do. Their disks hold vLLM's image, some 30 GB. Default anywhere. */
  readonly placement?: Placement;
  /** Class of the pod. Default the cluster's. */
  readonly priorityClassName?: pulumi.Input<string>;
  /** Where the image comes from. */
  readonly mirrors?: Mirrors;
  /** What the Job waits for. Default nothing. */
  readonly gates?: ModelImportGates;
}

/** A repository on the Hugging Face Hub. */
export interface HuggingFaceSourceArgs {
  /** Owner and name, e.g. `Qwen/Qwen2.5-7B-Instruct`. */
  readonly repository: string;
  /** Commit, 40 hexadecimal digits; with `movingRevision` also a branch or a tag. */
  readonly revision: string;
  /** Token of an account that may read it. Default none, which is enough for most. */
  readonly token?: HuggingFaceTokenArgs;
}

/** An entry of a Secret in the Job's namespace. */
export interface HuggingFaceTokenArgs {
  /** Name of the Secret. */
  readonly secretName: pulumi.Input<string>;
  /** Entry that holds the token. */
  readonly secretKey: string;
}

/** A folder of a bucket on AWS, e.g. of another model store; the metadata.json of one is held against its files. */
export interface BucketSourceArgs {
  /** Name of the bucket. The Job's identity must be allowed to read it. */
  readonly name: string;
  /** Folder, with a slash at its end; empty for the whole bucket. */
  readonly prefix: string;
}

/** What the Job waits for. */
export interface ModelImportGates {
  /** Gate: the store, with its ConfigMaps. */
  readonly storeReady?: pulumi.Input<string>;
  /** Gate: the ServiceAccount and its identity, which may write to the store. */
  readonly identityReady?: pulumi.Input<string>;
  /** Gate: policies are in place. */
  readonly policiesReady?: pulumi.Input<string>;
  /** Gate: the Secret with the token. */
  readonly tokenReady?: pulumi.Input<string>;
  /** Gate: the volume can be mounted. */
  readonly volumeReady?: pulumi.Input<string>;
}

/**
 * One version of a model in the store: a Job that streams each file from its source, hashes it on the way and writes the
 * metadata last. It runs once for its source; a version that is there already it leaves alone, and it refuses to change one.
 * The store, the identity and the volume are not managed here.
 */
export class ModelImport extends pulumi.ComponentResource {
  /** Name of the Job, for `kubectl logs`. */
  readonly jobName: pulumi.Output<string>;
  /** Gate: the version is in the store, complete, and on the volume if there is one. */
  readonly ready: pulumi.Output<string>;

  constructor(name: string, args: ModelImportArgs, opts?: pulumi.ComponentResourceOptions) {
    super("llm-platform:index:ModelImport", name, {}, opts);
    checkModelImportArgs(name, args);
    const job: kubernetes.batch.v1.Job = importJob(name, args, { parent: this });
    this.jobName = job.metadata.name;
    this.ready = ready([job]);
    this.registerOutputs({ jobName: this.jobName, ready: this.ready });
  }
}
