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
cert-manager.io/v1 Certificate certificates
cert-manager.io/v1 Issuer issuers
cert-manager.io/v1 ClusterIssuer clusterissuers cluster
elbv2.k8s.aws/v1beta1 TargetGroupBinding targetgroupbindings
elbv2.k8s.aws/v1beta1 IngressClassParams ingressclassparams cluster
external-secrets.io/v1 ExternalSecret externalsecrets
external-secrets.io/v1 SecretStore secretstores
external-secrets.io/v1 ClusterSecretStore clustersecretstores cluster
keda.sh/v1alpha1 ScaledObject scaledobjects
keda.sh/v1alpha1 ScaledJob scaledjobs
keda.sh/v1alpha1 TriggerAuthentication triggerauthentications
keda.sh/v1alpha1 ClusterTriggerAuthentication clustertriggerauthentications cluster
monitoring.coreos.com/v1 Alertmanager alertmanagers
monitoring.coreos.com/v1 PodMonitor podmonitors
monitoring.coreos.com/v1 Prometheus prometheuses
monitoring.coreos.com/v1 PrometheusRule prometheusrules
monitoring.coreos.com/v1 ServiceMonitor servicemonitors
snapshot.storage.k8s.io/v1 VolumeSnapshotClass volumesnapshotclasses cluster
`;

/** The kinds of the table. */
export const CUSTOM_KINDS: readonly CustomKind[] = KINDS.trim()
  .split("\n")
  .map((line) => {
    const [apiVersion = "", kind = "", plural = "", scope] = line.split(" ");
    return { apiVersion, kind, plural, namespaced: scope === undefined };
  });
