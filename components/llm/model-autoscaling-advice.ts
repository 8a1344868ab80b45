import type * as pulumi from "@pulumi/pulumi";
import { modelScaleTarget } from "./model-autoscaling";
import { modelPodLabels, modelServerNames } from "./model-names";
import type { ModelAdviceArgs } from "./model-server-args";
import type { ModelWorkloadKind } from "./model-server-kinds";

/**
 * The VerticalPodAutoscaler of a server: it writes its advice into its own status and changes no pod. To follow it by itself
 * would throw away replicas that take minutes to load, and GPUs it cannot judge.
 */
export function modelVerticalPodAutoscaler(
  server: string,
  { minAllowed, maxAllowed }: ModelAdviceArgs,
  context: { readonly namespace: pulumi.Input<string>; readonly workloadKind: ModelWorkloadKind },
) {
  return {
    apiVersion: "autoscaling.k8s.io/v1",
    kind: "VerticalPodAutoscaler",
    metadata: {
      name: modelServerNames(server).verticalPodAutoscaler,
      namespace: context.namespace,
      labels: modelPodLabels(server),
    },
    spec: {
      targetRef: modelScaleTarget(server, context.workloadKind),
      updatePolicy: { updateMode: "Off" },
      resourcePolicy: {
        containerPolicies: [{ containerName: "*", controlledResources: ["cpu", "memory"], minAllowed, maxAllowed }],
      },
    },
  };
}
