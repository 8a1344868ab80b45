import type * as pulumi from "@pulumi/pulumi";
import { IMAGES, type Image, imageParts } from "../internal/images";
import type { Mirrors } from "../internal/mirrors";
import {
  type ContainerResources,
  type Placement,
  restrictedContainer,
  restrictedPod,
  SECRETS_REVISION,
} from "../internal/pods";

/** Name of the release and of everything in it; the operator looks for its password in a Secret of this name. */
export const CLICKHOUSE_OPERATOR_NAME = "clickhouse-operator";

/** `nobody`, the user of both images; they name it, and the kubelet wants a number under runAsNonRoot. */
const OPERATOR_USER = 65534;

/** What the values depend on; `ClickHouseOperatorArgs` carries all of it. */
export interface ClickHouseOperatorSettings {
  readonly namespace: pulumi.Input<string>;
  readonly secretsRevision?: pulumi.Input<string>;
  readonly resources?: ContainerResources;
  readonly exporterResources?: ContainerResources;
  readonly readOnlyRootFilesystem?: boolean;
  readonly placement?: Placement;
  readonly priorityClassName?: pulumi.Input<string>;
  readonly mirrors?: Mirrors;
}

/** Values of the chart `altinity-clickhouse-operator`. */
export function clickHouseOperatorValues(settings: ClickHouseOperatorSettings) {
  const container = restrictedContainer(settings.readOnlyRootFilesystem ?? false);
  return {
    fullnameOverride: CLICKHOUSE_OPERATOR_NAME,
    // The hook pulls an unpinned image; Helm installs the chart's crds/ folder itself.
    crdHook: { enabled: false },
    secret: { create: false },
    // A Role in one namespace instead of a ClusterRole that reads and writes every Secret of the cluster.
    rbac: { create: true, namespaceScoped: true },
    podSecurityContext: restrictedPod(OPERATOR_USER),
    podAnnotations: { [SECRETS_REVISION]: settings.secretsRevision ?? "1" },
    operator: {
      image: chartImage(IMAGES.clickhouseOperator, settings.mirrors),
      containerSecurityContext: container,
      resources: settings.resources ?? {
        requests: { cpu: "100m", memory: "256Mi" },
        limits: { cpu: "500m", memory: "512Mi" },
      },
      ...(settings.priorityClassName === undefined ? {} : { priorityClassName: settings.priorityClassName }),
      ...probes("op-metrics"),
    },
    metrics: {
      enabled: true,
      image: chartImage(IMAGES.clickhouseMetricsExporter, settings.mirrors),
      containerSecurityContext: container,
      resources: settings.exporterResources ?? {
        requests: { cpu: "50m", memory: "128Mi" },
        limits: { cpu: "500m", memory: "256Mi" },
      },
    },
    nodeSelector: settings.placement?.nodeSelector ?? {},
    tolerations: settings.placement?.tolerations ?? [],
    // Ours, beside the release: see ClickHouseOperator.
    serviceMonitor: { enabled: false },
    configs: { files: { "config.yaml": operatorConfig(settings.namespace) } },
  };
}

/** The operator's own configuration, as far as it differs from the chart's; Helm merges the two. */
function operatorConfig(namespace: pulumi.Input<string>) {
  return {
    watch: { namespaces: { include: [namespace] } },
    reconcile: {
      // A replica that fetches parts on start needs longer than the default 300 s, after which the operator gives up.
      statefulSet: { update: { timeout: 1800 } },
      host: { wait: { exclude: true, queries: true, include: true, replicas: { all: true, new: true, delay: 10 } } },
    },
    // The operator copies annotations of an installation onto its pods: without this list every change of what Pulumi waits
    // for would restart all of them.
    annotation: { exclude: ["pulumi.com/waitFor", "pulumi.com/timeoutSeconds"] },
    pod: { terminationGracePeriod: 120 },
  };
}

function chartImage(image: Image, mirrors: Mirrors | undefined) {
  const { registry, repository, tag } = imageParts(image, mirrors);
  return { registry, repository, tag, pullPolicy: "IfNotPresent" };
}

/** The operator serves metrics from its first second, and nothing else over HTTP. */
function probes(port: string) {
  const httpGet = { path: "/metrics", port };
  return {
    livenessProbe: { httpGet, initialDelaySeconds: 30, periodSeconds: 30, timeoutSeconds: 10, failureThreshold: 5 },
    readinessProbe: { httpGet, initialDelaySeconds: 5, periodSeconds: 10, timeoutSeconds: 10 },
  };
}
