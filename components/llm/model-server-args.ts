import type * as pulumi from "@pulumi/pulumi";
import type { Mirrors } from "../internal/mirrors";
import type { ContainerResources, Placement } from "../internal/pods";
import type { ModelQuantization, ModelSpread, ModelWakeUp, ModelWorkloadKind } from "./model-server-kinds";
import type { ModelWeightsArgs } from "./model-weights-args";

export type {
  ImageWeightsArgs,
  ModelWeightsArgs,
  S3StreamerWeightsArgs,
  VolumeWeightsArgs,
} from "./model-weights-args";

/** What is served, and the facts by which it is judged whether it fits. Plain values. */
export interface ModelArgs {
  /** Name of the model in the model store; a DNS label. */
  readonly name: string;
  /** Version in the model store, e.g. `1`; at most 32 lower-case letters, digits, dots and dashes. Versions never change. Another version rolls the pods. */
  readonly version: string;
  /** Digest that the version must have, 64 hexadecimal digits: its import reports it. Default any. Another one rolls the pods. */
  readonly digest?: string;
  /** Name by which callers ask for it (`model` of a request). Default the server's name. */
  readonly servedName?: string;
  /** Facts of the architecture. */
  readonly facts: ModelFactsArgs;
}

/** Figures of a model's `config.json` and of its weights. */
export interface ModelFactsArgs {
  /** Parameters, in thousand millions. */
  readonly parametersBillions: number;
  /** Size of the weight files in GiB, where it is known better than from the parameters. Default derived. */
  readonly weightsGiB?: number;
  /** `num_hidden_layers`. */
  readonly layers: number;
  /** `num_attention_heads`. */
  readonly attentionHeads: number;
  /** `num_key_value_heads`. */
  readonly keyValueHeads: number;
  /** `head_dim`, or `hidden_size` / `num_attention_heads`. */
  readonly headDimension: number;
  /** `max_position_embeddings`: the longest sequence that it was made for, in tokens. */
  readonly maxPositionEmbeddings: number;
  /** Format of the weights. Default `none`, 16 bits. */
  readonly quantization?: ModelQuantization;
  /** `intermediate_size`, and with AWQ the group size: together they say into how many parts the weights can be cut. */
  readonly intermediateSize?: number;
  /** `quantization_config.group_size`. Default 128. */
  readonly quantizationGroupSize?: number;
}

/** Arguments of the engine that have a type of their own; each becomes a flag of `vllm serve`. Plain values. */
export interface ModelEngineArgs {
  /** GPUs of one node that hold a replica together (TP). Divides the attention heads. Default 1. */
  readonly tensorParallelSize?: number;
  /** Stages, one a node with `multiNode`, else GPUs of the same node (PP). Default 1. */
  readonly pipelineParallelSize?: number;
  /** Share of each GPU's memory that the engine takes, above 0 and at most 0.98. Default 0.9. */
  readonly gpuMemoryUtilization?: number;
  /** Longest sequence, prompt and answer, in tokens. Default the model's own, as far as it fits. */
  readonly maxModelLength?: number;
  /** Most sequences in one batch. Default 256. */
  readonly maxSequences?: number;
  /** Most tokens in one batch. Default 4096. */
  readonly maxBatchedTokens?: number;
  /** `auto`, `float16` or `bfloat16`. Default `auto`: that of the checkpoint. */
  readonly dtype?: string;
  /** `auto` or `fp8`. Default `auto`. */
  readonly keyValueCacheDtype?: string;
  /** GiB of host memory, over all GPUs of a replica, that the KV cache spills into. Default none. */
  readonly keyValueOffloadingGiB?: number;
  /** Whether equal beginnings of prompts are computed once. Default true. */
  readonly prefixCaching?: boolean;
  /** Whether long prompts are computed in parts between other requests. Default true. */
  readonly chunkedPrefill?: boolean;
  /** Level of the log. Default `INFO`. */
  readonly logLevel?: string;
  /** Most completions (`n`) of one request, at least 1. Default 64. */
  readonly maxCompletionsPerRequest?: number;
}

/** A LoRA adapter, served beside its base model under a name of its own. */
export interface LoraAdapterArgs {
  /** Name by which callers ask for it. */
  readonly name: string;
  /** Name in the model store. */
  readonly model: string;
  /** Version in the model store. */
  readonly version: string;
  /** `r` of its `adapter_config.json`, at most 512. Default 16. */
  readonly rank?: number;
}

/** How long a pod takes to come and to go, in seconds. Plain values. */
export interface ModelTimingArgs {
  /** From the container's start until it answers, 60 to 7200. Default 1800. */
  readonly startupBudget?: number;
  /** From the removal of a pod from the load balancers until it is asked to stop. Default 15. */
  readonly preStop?: number;
  /** That running requests have to end once the server is asked to stop. Default 120. */
  readonly shutdown?: number;
}

/** How many replicas there are when load decides; everything in `model-autoscaling.ts`. Plain values. */
export interface ModelAutoscalingArgs {
  /** Fewest replicas; 0 lets the server sleep, and needs `wakeUp`. */
  readonly minReplicas: number;
  /** Most replicas. */
  readonly maxReplicas: number;
  /** Waiting requests a replica. Default 5. */
  readonly waitingRequests?: number;
  /** Running requests a replica. Default three quarters of the sequences that fit into its KV cache. */
  readonly runningRequests?: number;
  /** Share of the KV cache in use, 0 to 1, of the fullest replica. Default 0.85. */
  readonly keyValueCacheUsage?: number;
  /** CPU beside it, in percent of the requests. Default off. */
  readonly cpuPercent?: number;
  /** Memory beside it, in percent of the requests. Default off. */
  readonly memoryPercent?: number;
  /** Requests a second and replica beside it. Default off. */
  readonly requestsPerSecond?: number;
  /** Prometheus that holds the metrics, `http://…:9090`. */
  readonly prometheusUrl: pulumi.Input<string>;
  /**
   * What wakes a sleeping server: `gateway` (requests at Traefik, which it answers with 503 meanwhile) or `router` (requests at
   * vLLM's router as well; an Application Load Balancer alone wakes nobody). Required when `minReplicas` is 0, refused otherwise.
   */
  readonly wakeUp?: ModelWakeUp;
}

/** Advice about CPU and memory from the VPA's recommender, which changes nothing by itself. */
export interface ModelAdviceArgs {
  /** Least that it advises, e.g. `{cpu: "4", memory: "16Gi"}`. */
  readonly minAllowed: Record<string, string>;
  /** Most that it advises, e.g. `{cpu: "32", memory: "128Gi"}`. */
  readonly maxAllowed: Record<string, string>;
}

/** Where traces go. */
export interface ModelTracingArgs {
  /** OTLP endpoint over gRPC, `http://…:4317`. */
  readonly endpoint: pulumi.Input<string>;
  /** Share of requests that are traced, 0 to 1. Default 0.1. */
  readonly sampleRatio?: number;
}

export interface ModelServerArgs {
  /** Namespace of the server. A change replaces everything. */
  readonly namespace: pulumi.Input<string>;
  /** Name of workload, Service and the rest: a DNS label of at most 40 characters. A change replaces them. */
  readonly server: string;
  /** What is served. A change rolls the pods. */
  readonly model: ModelArgs;
  /** How vLLM runs it. A change rolls the pods. Default that of each argument. */
  readonly engine?: ModelEngineArgs;
  /** Image with its registry and an exact tag or digest. Default vLLM's own, pinned. */
  readonly image?: string;
  /** Where the weights are. */
  readonly weights: ModelWeightsArgs;
  /** How the pods are run. A change replaces them all at once. Default `deployment`. */
  readonly workload?: ModelWorkloadKind;
  /** Nodes of a group with `multiNode`, at least 2; equals the pipeline stages. */
  readonly nodesPerReplica?: number;
  /** Replicas without autoscaling. Default 1. */
  readonly replicas?: number;
  /** How load decides on the number of replicas. Default `replicas` decides. */
  readonly autoscaling?: ModelAutoscalingArgs;
  /** CPU, memory and `ephemeral-storage` (default 10Gi to 40Gi) of a pod; GPUs follow from the engine. /dev/shm counts against the memory limit. */
  readonly resources: ContainerResources;
  /** EC2 types of the pool, best first, by which the fit is judged; empty judges nothing (a cluster of somebody else's). */
  readonly instanceTypes: string[];
  /**
   * Pods that share each GPU of the pool (time-slicing, MPS); above 1 a server has one GPU, of whose memory it takes its share
   * at most. Default 1.
   */
  readonly podsPerGpu?: number;
  /**
   * EFA devices of each pod of a group, by which the pods talk past the kernel's network; the image must bring libfabric and its
   * plugin for NCCL, which vLLM's own does not. For `multiNode` on nodes with EFA. Default none.
   */
  readonly efaDevices?: number;
  /** Labels and taints of the pool. Default anywhere. */
  readonly placement?: Placement;
  /** Scheduler of the pods, e.g. `GPU_SCHEDULER_NAME`. Default Kubernetes' own. */
  readonly schedulerName?: string;
  /** Default `preferred`. */
  readonly spread?: ModelSpread;
  /** How long pods take to come and to go. */
  readonly timing?: ModelTimingArgs;
  /** Adapters that are served beside the model. Default none. */
  readonly loraAdapters?: LoraAdapterArgs[];
  /** Where traces go. Default nowhere. */
  readonly tracing?: ModelTracingArgs;
  /** Advice about CPU and memory; needs `gates.adviceReady`. Default none. */
  readonly advice?: ModelAdviceArgs;
  /** Whether the Service is made here; false where a canary's controller makes it. Default true. */
  readonly service?: boolean;
  /** Secret with the API key, entry `api-key`. Default `<server>-api-key`; the two colours of one server share a key. */
  readonly apiKeySecretName?: string;
  /** Most pods of the server that may be missing at once in a drain. Default 1. */
  readonly maxUnavailable?: number;
  /** Any text that changes with the API key, never the key or its hash; pods read it at their start, so another text rolls them. */
  readonly secretsRevision?: pulumi.Input<string>;
  /** PriorityClass of the pods. Default the cluster's. */
  readonly priorityClassName?: pulumi.Input<string>;
  /** Where vLLM's image comes from. Default its public home. */
  readonly mirrors?: Mirrors;
  /** What is made only after something else. Default nothing waits. */
  readonly gates?: ModelServerGates;
}

/** Gates of `ModelServerArgs`: what pods, scaling and so on wait for. */
export interface ModelServerGates {
  /** Gate: the weights are in the store, complete. */
  readonly weightsReady?: pulumi.Input<string>;
  /** Gate: pods may read the model store. */
  readonly identityReady?: pulumi.Input<string>;
  /** Gate: policies are in place. */
  readonly policiesReady?: pulumi.Input<string>;
  /** Gate: GPUs are offered to pods: pool, device plugin, scheduler. */
  readonly gpusReady?: pulumi.Input<string>;
  /** Gate: the Secret with the API key and the ServiceAccounts exist. */
  readonly secretsReady?: pulumi.Input<string>;
  /** Gate: KEDA scales. */
  readonly autoscalerReady?: pulumi.Input<string>;
  /** Gate: VerticalPodAutoscalers are a known kind. */
  readonly adviceReady?: pulumi.Input<string>;
  /** Gate: LeaderWorkerSets are a known kind, and attended to. */
  readonly groupsReady?: pulumi.Input<string>;
}
