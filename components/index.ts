// The public face of the package: components with their Args, and the names and policies that composing them needs.

export {
  Bucket,
  type BucketArgs,
  type BucketCreateArgs,
  type BucketExistingArgs,
  type BucketReplicationArgs,
} from "./data/bucket";
export {
  ClickHouse,
  type ClickHouseArgs,
  ClickHouseProfile,
  type ClickHouseSecretKey,
  type ClickHouseTls,
  type ClickHouseUser,
} from "./data/clickhouse";
export { ClickHouseKeeper, type ClickHouseKeeperArgs, type ClickHouseStorage } from "./data/clickhouse-keeper";
export { CLICKHOUSE_PORTS, KEEPER_PORTS } from "./data/clickhouse-names";
export { ClickHouseOperator, type ClickHouseOperatorArgs } from "./data/clickhouse-operator";
export { spillBytes } from "./data/clickhouse-server-config";
export {
  CrossRegionReplication,
  type CrossRegionReplicationArgs,
  type ReplicationCopyArgs,
  type ReplicationSourceArgs,
} from "./data/cross-region-replication";
export { EncryptionKey, type EncryptionKeyArgs, KeyService } from "./data/encryption-key";
export {
  Postgres,
  type PostgresArgs,
  type PostgresCreateArgs,
  type PostgresExistingArgs,
  PostgresSslMode,
} from "./data/postgres";
export { RecoverySecret, type RecoverySecretArgs } from "./data/recovery-secret";
export { Redis, type RedisArgs, type RedisCreateArgs, type RedisExistingArgs } from "./data/redis";
export { RedisEngine, RedisTokenUpdate } from "./data/redis-options";
export * from "./delivery";
export { AcmCertificate, type AcmCertificateArgs } from "./edge/acm-certificate";
export { CertManager, type CertManagerArgs } from "./edge/cert-manager";
export { CERT_MANAGER } from "./edge/cert-manager-values";
export {
  CertificateIssuers,
  type CertificateIssuersArgs,
  type CloudflareSecretArgs,
  type CloudflareSolverArgs,
  type Http01Args,
  ISSUERS,
  type LetsEncryptArgs,
  type Route53SolverArgs,
  type SelfSignedArgs,
} from "./edge/certificate-issuers";
export { AUTHORITY_KEY, ClientCertificate, type ClientCertificateArgs } from "./edge/client-certificate";
export {
  type AdoptedDnsZoneArgs,
  type CreatedDnsZoneArgs,
  DnsZone,
  type DnsZoneArgs,
  isDelegated,
} from "./edge/dns-zone";
export { DnsRecordPolicy, ExternalDns, type ExternalDnsArgs } from "./edge/external-dns";
export { EXTERNAL_DNS, HIDDEN_FROM_EXTERNAL_DNS } from "./edge/external-dns-values";
export {
  type GlobalAcceleratorArgs,
  GlobalEndpoint,
  type GlobalEndpointArgs,
  type LatencyRecordsArgs,
  type RegionalEntryArgs,
} from "./edge/global-endpoint";
export {
  INGRESS_NAMESPACE,
  type IngressContract,
  IngressControllerKind,
  ingressClassNameOf,
  ingressContract,
} from "./edge/ingress-contract";
export { IngressController, type IngressControllerArgs } from "./edge/ingress-controller";
export { effectiveLimits } from "./edge/ingress-limits";
export {
  type AlbContext,
  type IngressAnnotations,
  type IngressContext,
  type IngressProfile,
  ingressAnnotations,
} from "./edge/ingress-profile";
export { LoadBalancerController, type LoadBalancerControllerArgs } from "./edge/load-balancer-controller";
export { loadBalancerControllerStatements } from "./edge/load-balancer-controller-policy";
export { LOAD_BALANCER_CONTROLLER } from "./edge/load-balancer-controller-values";
export { type EntryDnsArgs, type EntryTarget, PublicEntry, type PublicEntryArgs } from "./edge/public-entry";
export { isReservedDomain } from "./edge/reserved-domains";
export { dns01Statements, externalDnsStatements } from "./edge/route53-policies";
export {
  CLUSTER_AUTOSCALER_IDENTITY,
  type ControllerIdentity,
  clusterAutoscalerPolicy,
  EBS_CSI_IDENTITY,
  EBS_CSI_POLICY,
  EFS_CSI_IDENTITY,
  EFS_CSI_POLICY,
} from "./foundation/addon-identities";
export { Cluster, type ClusterArgs, type ClusterEndpointArgs } from "./foundation/cluster";
export { ClusterAddons, type ClusterAddonsArgs } from "./foundation/cluster-addons";
export { ClusterAutoscaler, type ClusterAutoscalerArgs } from "./foundation/cluster-autoscaler";
export {
  type CreateNetworkArgs,
  type ExistingNetworkArgs,
  type FlowLogArgs,
  NatGateways,
  Network,
  type NetworkArgs,
} from "./foundation/network";
export {
  type CapacityBlockArgs,
  CapacityType,
  NodePool,
  type NodePoolArgs,
  type NodePoolEfaArgs,
  type NodeTaint,
  TaintEffect,
} from "./foundation/node-pool";
export {
  PriorityClasses,
  type PriorityClassesArgs,
  PriorityRank,
  priorityClassName,
} from "./foundation/priority-classes";
export { SharedFileSystem, type SharedFileSystemArgs } from "./foundation/shared-file-system";
export { StorageClasses, type StorageClassesArgs, StorageClassName } from "./foundation/storage-classes";
export { type IrsaArgs, WorkloadIdentity, type WorkloadIdentityArgs } from "./foundation/workload-identity";
export { PodSecurity, WorkloadNamespace, type WorkloadNamespaceArgs } from "./foundation/workload-namespace";
export { after, allReady, ready, valueAfter } from "./internal/gates";
export { GPU_PACKING_WEIGHTS } from "./internal/gpu-packing";
export {
  type GpuPartitionArgs,
  type GpuReplicasArgs,
  type GpuSharingArgs,
  MigStrategy,
} from "./internal/gpu-sharing";
export { type IamSettings, managedPolicyArn, partitionOf, policyDocument } from "./internal/iam";
export { allocatable, GPU_TAINT, hasGpus } from "./internal/instance-types";
export type { Mirrors } from "./internal/mirrors";
export { type Flow, type FlowPeer, podIdentityFlow } from "./internal/network-flows";
export type { ContainerResources, Placement, Toleration } from "./internal/pods";
export { Langfuse } from "./langfuse/langfuse";
export {
  type LangfuseInitialEntity,
  type LangfuseInitializationArgs,
  type LangfuseInitialProject,
  type LangfuseInitialUser,
  type LangfuseSmtpArgs,
  type LangfuseSsoArgs,
  LangfuseSsoProvider,
  type LangfuseSsoProviderArgs,
} from "./langfuse/langfuse-access-args";
export type {
  LangfuseAppSecretsArgs,
  LangfuseArgs,
  LangfuseAutoscalingArgs,
  LangfuseGates,
  LangfuseIngressArgs,
  LangfuseWebArgs,
  LangfuseWorkerArgs,
  LangfuseWorkerAutoscalingArgs,
} from "./langfuse/langfuse-args";
export {
  APPLICATION_USER,
  LangfuseCredentials,
  type LangfuseCredentialsArgs,
  type LangfuseGivenCredentialsArgs,
  type LangfuseRotationArgs,
} from "./langfuse/langfuse-credentials";
export { type LangfuseFlowEnds, langfuseFlows } from "./langfuse/langfuse-flows";
export { type BucketGrant, langfuseStatements } from "./langfuse/langfuse-permissions";
export { LANGFUSE_SECRETS } from "./langfuse/langfuse-secret-names";
export {
  type AppSecretArgs,
  type AppValuesArgs,
  type ClickHouseServerSecretArgs,
  type ExistingSecretArgs,
  type InitializationSecretArgs,
  LangfuseSecrets,
  type LangfuseSecretsArgs,
  type MasterSecretArgs,
  type PasswordSecretArgs,
  type PasswordValuesArgs,
} from "./langfuse/langfuse-secrets";
export type {
  LangfuseBucketArgs,
  LangfuseBucketsArgs,
  LangfuseClickHouseArgs,
  LangfuseClickHouseTlsArgs,
  LangfuseDatabaseRolesArgs,
  LangfuseLogin,
  LangfusePostgresArgs,
  LangfuseRedisArgs,
  SecretKey,
} from "./langfuse/langfuse-store-args";
export { activeSlot, type CredentialRotation, CredentialSlot, slotPasswordKey, slotUser } from "./langfuse/rotation";
export * from "./llm";
export { type ExternalSecretArgs, ExternalSecrets, type ExternalSecretsArgs } from "./operations/external-secrets";
export { type ExternalSecretsGrants, externalSecretsPolicy } from "./operations/external-secrets-policy";
export { EXTERNAL_SECRETS_SERVICE_ACCOUNT, type ExternalSecretsSettings } from "./operations/external-secrets-values";
export { Keda, type KedaArgs } from "./operations/keda";
export { Monitoring, type MonitoringArgs, type PrometheusStorage } from "./operations/monitoring";
export { PrometheusOperatorCrds, type PrometheusOperatorCrdsArgs } from "./operations/prometheus-operator-crds";
export {
  VerticalPodAutoscalerRecommender,
  type VerticalPodAutoscalerRecommenderArgs,
} from "./operations/vertical-pod-autoscaler-recommender";
