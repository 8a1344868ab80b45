/**
 * Weights of resources where nodes are filled one after the other: a node whose GPUs are taken counts most. For the scheduler
 * of our own (`GpuScheduler`) and for EKS' (`Cluster`, `packingWeights`).
 */
export const GPU_PACKING_WEIGHTS: Readonly<Record<string, number>> = { "nvidia.com/gpu": 100, cpu: 10, memory: 10 };
