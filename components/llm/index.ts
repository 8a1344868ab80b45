/** Model serving: what `components/index.ts` shows of this folder. */
export { GpuRuntime, type GpuRuntimeArgs } from "./gpu-runtime";
export { GpuScheduler, type GpuSchedulerArgs } from "./gpu-scheduler";
export { GPU_SCHEDULER_NAME } from "./gpu-scheduler-configuration";
export { LeaderWorkerSets, type LeaderWorkerSetsArgs } from "./leader-worker-sets";
export { LustreFileSystem, type LustreFileSystemArgs } from "./lustre-file-system";
export { ModelAccess } from "./model-access";
export {
  HUGGING_FACE_SECRET,
  MODEL_GROUPS,
  type ModelAccessArgs,
  type ModelMembersArgs,
} from "./model-access-args";
export type { ModelObjectivesArgs } from "./model-alerts";
export {
  type CatalogueModel,
  type CatalogueName,
  catalogueModel,
  MODEL_CATALOGUE,
} from "./model-catalogue";
export { type Capacity, type FitInput, type FitReport, fitOf } from "./model-fit";
export {
  MODEL_IMPORT_PODS,
  MODEL_SERVER_PODS,
  type ModelCounterEnds,
  type ModelFlowEnds,
  type ModelTraceEnd,
  modelFlows,
} from "./model-flows";
export { ModelGateway } from "./model-gateway";
export {
  type ModelGatewayAlbArgs,
  type ModelGatewayArgs,
  type ModelGatewayCounterArgs,
  type ModelGatewayLoginArgs,
  type ModelGatewayTraefikArgs,
  type ModelRouteArgs,
  type ModelRouterRouteArgs,
  ModelStickiness,
} from "./model-gateway-args";
export { effectiveModelLimits, idleSecondsFor } from "./model-gateway-limits";
export { MODEL_GATEWAY, MODEL_PATHS, MODEL_ROUTER, ROUTER_PATHS } from "./model-gateway-names";
export {
  type ModelHealthAlbArgs,
  ModelHealthRoute,
  type ModelHealthRouteArgs,
  type ModelHealthTraefikArgs,
} from "./model-health-route";
export {
  type BucketSourceArgs,
  type HuggingFaceSourceArgs,
  type HuggingFaceTokenArgs,
  ModelImport,
  type ModelImportArgs,
  type ModelImportGates,
} from "./model-import";
export { type MemoryInput, weightsGiB } from "./model-memory";
export { ModelMonitoring, type ModelMonitoringArgs } from "./model-monitoring";
export {
  API_KEY_ENTRY,
  MODEL_IMPORT_LABEL,
  MODEL_PORT,
  MODEL_SERVER_LABEL,
  MODEL_SERVICE_ACCOUNTS,
  MODEL_STORE_CONFIG,
  type ModelServerNames,
  modelPodLabels,
  modelPrefix,
  modelServerNames,
  modelServerSelector,
  modelWorkloadSelector,
} from "./model-names";
export {
  type ModelSourceGrant,
  type ModelStoreGrant,
  modelImporterStatements,
  modelReaderStatements,
} from "./model-permissions";
export { ModelRouter } from "./model-router";
export { type ModelRouterArgs, ModelRouting } from "./model-router-args";
export { ModelServer } from "./model-server";
export type {
  ImageWeightsArgs,
  LoraAdapterArgs,
  ModelAdviceArgs,
  ModelArgs,
  ModelAutoscalingArgs,
  ModelEngineArgs,
  ModelFactsArgs,
  ModelServerArgs,
  ModelServerGates,
  ModelTimingArgs,
  ModelTracingArgs,
  ModelWeightsArgs,
  S3StreamerWeightsArgs,
  VolumeWeightsArgs,
} from "./model-server-args";
export {
  ModelQuantization,
  ModelSpread,
  ModelWakeUp,
  ModelWeightsKind,
  ModelWorkloadKind,
} from "./model-server-kinds";
export {
  type ConfigManifest,
  concurrentSequences,
  type Manifest,
  type ManifestMetadata,
  type ModelServerManifests,
  modelServerManifests,
} from "./model-server-manifests";
export { ENGINE_CONTAINER, engineImage, GPU_RESOURCE, gpusOf } from "./model-server-pod";
export type { LeaderWorkerSetSpec } from "./model-server-workload";
export {
  type ModelPromotionArgs,
  ModelStore,
  type ModelStoreArgs,
  type ModelStoreCreateArgs,
  type ModelStoreExistingArgs,
} from "./model-store";
export { type ModelTiming, timingOf } from "./model-timing";
export {
  fetchContainer,
  type ModelFetch,
  type ModelVerification,
  modelFolder,
  type StoredVersion,
  verificationContainer,
} from "./model-verification";
export {
  type EfsVolumeArgs,
  type LustreVolumeArgs,
  ModelVolume,
  type ModelVolumeArgs,
  type S3MountVolumeArgs,
} from "./model-volume";
