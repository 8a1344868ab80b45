import type { CustomKind } from "./crds";

/**
 * Custom resources that the stacks and their charts may make: apiVersion, kind, plural; those outside namespaces end in
 * `cluster`. A kind whose CRD is not to be had gets one that accepts anything.
 */
const KINDS = `
clickhouse.altinity.com/v1 ClickHouseInstallation clickhouseinstallations
clickhouse.altinity.com/v1 ClickHouseInstallationTemplate clickhouseinstallationtemplates
clickhouse.altinity.com/v1 ClickHouseOperatorConfiguration clickhouseoperatorconfigurations
clickhouse-keeper.altinity.com/v1 ClickHouseKeeperInstallation clickhousekeeperinstallations
argoproj.io/v1alpha1 AnalysisRun analysisruns
argoproj.io/v1alpha1 AnalysisTemplate analysistemplates
argoproj.io/v1alpha1 AppProject appprojects
argoproj.io/v1alpha1 Application applications
argoproj.io/v1alpha1 ApplicationSet applicationsets
argoproj.io/v1alpha1 Rollout rollouts
autoscaling.k8s.io/v1 VerticalPodAutoscaler verticalpodautoscalers
autoscaling.k8s.io/v1 VerticalPodAutoscalerCheckpoint verticalpodautoscalercheckpoints
cert-manager.io/v1 Certificate certificates
cert-manager.io/v1 Issuer issuers
cert-manager.io/v1 ClusterIssuer clusterissuers cluster
elbv2.k8s.aws/v1beta1 TargetGroupBinding targetgroupbindings
elbv2.k8s.aws/v1beta1 IngressClassParams ingressclassparams cluster
external-secrets.io/v1 ExternalSecret externalsecrets
external-secrets.io/v1 SecretStore secretstores
external-secrets.io/v1 ClusterSecretStore clustersecretstores cluster
flagger.app/v1beta1 AlertProvider alertproviders
flagger.app/v1beta1 Canary canaries
flagger.app/v1beta1 MetricTemplate metrictemplates
keda.sh/v1alpha1 ScaledObject scaledobjects
keda.sh/v1alpha1 ScaledJob scaledjobs
keda.sh/v1alpha1 TriggerAuthentication triggerauthentications
keda.sh/v1alpha1 ClusterTriggerAuthentication clustertriggerauthentications cluster
leaderworkerset.x-k8s.io/v1 LeaderWorkerSet leaderworkersets
monitoring.coreos.com/v1 Alertmanager alertmanagers
monitoring.coreos.com/v1 PodMonitor podmonitors
monitoring.coreos.com/v1 Prometheus prometheuses
monitoring.coreos.com/v1 PrometheusRule prometheusrules
monitoring.coreos.com/v1 ServiceMonitor servicemonitors
traefik.io/v1alpha1 IngressRoute ingressroutes
traefik.io/v1alpha1 Middleware middlewares
traefik.io/v1alpha1 ServersTransport serverstransports
traefik.io/v1alpha1 TraefikService traefikservices
snapshot.storage.k8s.io/v1 VolumeSnapshotClass volumesnapshotclasses cluster
`;

/** The kinds of the table. */
export const CUSTOM_KINDS: readonly CustomKind[] = KINDS.trim()
  .split("\n")
  .map((line) => {
    const [apiVersion = "", kind = "", plural = "", scope] = line.split(" ");
    return { apiVersion, kind, plural, namespaced: scope === undefined };
  });
