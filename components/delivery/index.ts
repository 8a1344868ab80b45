/** Delivery: what `components/index.ts` shows of this folder. */
export { ArgoApplications } from "./argo-applications";
export type {
  ArgoApplicationArgs,
  ArgoApplicationsArgs,
  ArgoAutoscaledWorkloadArgs,
  ArgoRegionArgs,
  ArgoRegionsArgs,
  ArgoRepositoryArgs,
  ArgoRepositoryCredentialsArgs,
  ArgoScaledWorkloadArgs,
} from "./argo-applications-args";
export { ArgoCd, type ArgoCdArgs } from "./argo-cd";
export type { ArgoCdIngressArgs } from "./argo-cd-values";
export { ArgoRollouts, type ArgoRolloutsArgs } from "./argo-rollouts";
export { Flagger, type FlaggerArgs } from "./flagger";
export { FlaggerProvider } from "./flagger-values";
export { ModelBlueGreen } from "./model-blue-green";
export {
  type ModelBlueGreenArgs,
  ModelColor,
  type ModelColorArgs,
  type ModelSmokeArgs,
} from "./model-blue-green-args";
export { coloredName, coloredServers } from "./model-blue-green-colors";
export { ModelCanary } from "./model-canary";
export type {
  ModelCanaryAlertArgs,
  ModelCanaryAnalysisArgs,
  ModelCanaryArgs,
  ModelCanaryAutoscalerArgs,
  ModelCanaryLoadArgs,
  ModelCanaryObjectivesArgs,
} from "./model-canary-args";
export { canaryReplicas } from "./model-canary-spec";
export { WebRollout, type WebRolloutArgs, type WebRolloutAutoscalingArgs } from "./web-rollout";
export { webErrorRate } from "./web-rollout-spec";
