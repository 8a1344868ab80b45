import { localDiskGB } from "../internal/gpu-hardware";
import type { GpuPartitionArgs } from "../internal/gpu-sharing";
import { instanceShape } from "../internal/instance-types";
import type { NodePoolArgs } from "./node-pool";

/** What the user data of a pool depends on. */
export type UserDataSettings = Pick<NodePoolArgs, "instanceTypes" | "gpu" | "gpuSharing">;

/**
 * What a node is told before it joins, as EKS' own configuration with its own added: how many pods the smallest of the pool's
 * types holds under prefix delegation (the kubelet's own table knows only what fits without), and on GPU nodes how images are
 * pulled and where they are kept. Undefined when there is nothing to tell.
 */
export function nodeUserData(settings: UserDataSettings): string | undefined {
  const spec = { ...kubelet(settings.instanceTypes), ...(settings.gpu ? gpuNode(settings.instanceTypes) : {}) };
  const mig = settings.gpuSharing?.mig;
  const parts = [
    ...(mig === undefined ? [] : [part("text/x-shellscript", partitioning(mig))]),
    ...(Object.keys(spec).length === 0 ? [] : [part("application/node.eks.aws", nodeConfig(spec))]),
  ];
  if (parts.length === 0) return undefined;
  const head = ["MIME-Version: 1.0", 'Content-Type: multipart/mixed; boundary="//"', ""];
  return [...head, ...parts.flat(), "--//--", ""].join("\n");
}

/** Whether pods' images and files are kept on NVMe disks that every type of the pool has. */
export function usesLocalDisks({ gpu, instanceTypes }: UserDataSettings): boolean {
  return gpu === true && instanceTypes.every((type) => localDiskGB(type) > 0);
}

function kubelet(instanceTypes: readonly string[]): object {
  const pods = instanceTypes.map((type) => instanceShape(type)?.maxPods);
  // For a type that is not in our table EKS decides.
  if (pods.some((count) => count === undefined)) return {};
  return { kubelet: { config: { maxPods: Math.min(...pods.filter((count) => count !== undefined)) } } };
}

/** Layers are pulled and unpacked in parallel; nodes too small for that ignore it. */
function gpuNode(instanceTypes: string[]): object {
  return {
    featureGates: { FastImagePull: true },
    ...(usesLocalDisks({ gpu: true, instanceTypes }) ? { instance: { localStorage: { strategy: "RAID0" } } } : {}),
  };
}

/** Scripts run before the kubelet starts; the driver may not be loaded by then. */
function partitioning({ profile, partitions }: GpuPartitionArgs): string {
  const profiles = Array.from({ length: partitions }, () => profile).join(",");
  return [
    "#!/bin/bash",
    "set -euo pipefail",
    "systemctl start nvidia-kmod-load.service",
    "nvidia-smi -mig 1",
    `nvidia-smi mig -cgi ${profiles} -C`,
  ].join("\n");
}

function nodeConfig(spec: object): string {
  return JSON.stringify({ apiVersion: "node.eks.aws/v1alpha1", kind: "NodeConfig", spec });
}

function part(contentType: string, text: string): string[] {
  return ["--//", `Content-Type: ${contentType}`, "", text, ""];
}
