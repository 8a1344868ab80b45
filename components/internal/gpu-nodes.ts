/**
 * Label of every node with GPUs, under the name that the device plugin's chart knows. Device plugin and exporter are pinned to it:
 * the labels of their charts' own defaults come from node feature discovery, which nobody installs here.
 */
export const GPU_NODE_LABELS = { "nvidia.com/gpu.present": "true" } as const;

/** Label of every node with EFA interfaces; its type alone does not say that it has any. */
export const EFA_NODE_LABELS = { "vpc.amazonaws.com/efa.present": "true" } as const;

/** The resource that an EFA interface counts as. */
export const EFA_RESOURCE = "vpc.amazonaws.com/efa";
