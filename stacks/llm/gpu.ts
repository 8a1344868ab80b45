import type * as pulumi from "@pulumi/pulumi";
import { allReady, GPU_SCHEDULER_NAME, GpuRuntime, GpuScheduler, type GpuSharingArgs } from "../../components";
import { sharingOfPool } from "../node-pools";
import { gpuPools, gpuPoolsInUse } from "../settings/gpu-pools";
import type { LlmParts } from "./parts";

/** What pods that use GPUs wait for, and who places them. */
export interface Gpus {
  /** Gate: GPU machines of the pools in use have joined, their GPUs are offered, and the scheduler runs. */
  readonly gpusReady: pulumi.Output<string>;
  /** For `schedulerName` of model servers; undefined where EKS' own scheduler fills machines. */
  readonly schedulerName?: string;
}

/** Device plugins, metrics of GPUs, and the scheduler that fills GPU machines one after the other. */
export function createGpus({ context, llm, foundation, namespaces, operations, providers }: LlmParts): Gpus {
  const { settings, mirrors } = context;
  const options = providers.kubernetes;
  const runtime =
    namespaces.gpuRuntime &&
    new GpuRuntime(
      "gpu-runtime",
      {
        namespace: namespaces.gpuRuntime.namespaceName,
        sharing: sharingOfPools(context.settings),
        efa: gpuPools(settings.nodePools).some((pool) => settings.nodePools[pool]?.efa),
        serviceMonitors: operations.serviceMonitors,
        mirrors,
        monitorsReady: operations.monitorsReady,
        policiesReady: namespaces.gpuRuntime.policiesReady,
      },
      options,
    );
  const scheduler =
    llm.gpu.scheduler === "second"
      ? new GpuScheduler(
          "gpu-scheduler",
          {
            kubernetesVersion: settings.cluster.create?.kubernetesVersion ?? "",
            placement: context.placement("gpuScheduler"),
            mirrors,
          },
          options,
        )
      : undefined;
  return {
    gpusReady: allReady(
      runtime?.ready,
      scheduler?.ready,
      ...gpuPoolsInUse(settings).map((pool) => foundation.poolsReady[pool]),
    ),
    ...(scheduler === undefined ? {} : { schedulerName: GPU_SCHEDULER_NAME }),
  };
}

/** Every way in which pools share their GPUs. */
function sharingOfPools(settings: LlmParts["context"]["settings"]): GpuSharingArgs[] {
  return gpuPools(settings.nodePools).flatMap((pool) => sharingOfPool(settings, pool) ?? []);
}
