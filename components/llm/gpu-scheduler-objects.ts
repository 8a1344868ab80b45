import * as kubernetes from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { IMAGES, type Image, imageReference } from "../internal/images";
import type { KubernetesMinor } from "../internal/kubernetes-versions";
import { type ContainerResources, restrictedContainer, restrictedPod } from "../internal/pods";
import { shortHash } from "../internal/stable-json";
import type { GpuSchedulerArgs } from "./gpu-scheduler";
import { GPU_SCHEDULER_NAME, gpuSchedulerConfiguration, SCHEDULER_NAMESPACE } from "./gpu-scheduler-configuration";

/** A scheduler may be older than the API server by one minor, and never newer: its own minor follows the cluster's. */
export const GPU_SCHEDULER_IMAGES: Readonly<Record<KubernetesMinor, Image>> = {
  "1.34": IMAGES.kubeScheduler134,
  "1.35": IMAGES.kubeScheduler135,
  "1.36": IMAGES.kubeScheduler136,
};

const LABELS = { "app.kubernetes.io/name": GPU_SCHEDULER_NAME, "app.kubernetes.io/component": "scheduler" };
const CONFIGURATION_PATH = "/etc/kubernetes/gpu-scheduler";
const CONFIGURATION_FILE = "config.yaml";
const PORT = 10259;
/** `nobody`; the image is static, and its certificate is made in memory. */
const USER = 65534;

const DEFAULT_RESOURCES: ContainerResources = {
  requests: { cpu: "100m", memory: "128Mi" },
  limits: { cpu: "1", memory: "512Mi" },
};

const metadata = (name = GPU_SCHEDULER_NAME) => ({ name, namespace: SCHEDULER_NAMESPACE, labels: LABELS });
const subjects = [{ kind: "ServiceAccount", name: GPU_SCHEDULER_NAME, namespace: SCHEDULER_NAMESPACE }];
const RBAC = "rbac.authorization.k8s.io";

/**
 * ServiceAccount and rights: those of Kubernetes' own scheduler and volume scheduler, by their own roles, which the API server
 * keeps up to date; to ask who calls its port; and one lease.
 */
export function createSchedulerRights(name: string, opts: pulumi.CustomResourceOptions): pulumi.Resource[] {
  const account = new kubernetes.core.v1.ServiceAccount(
    `${name}-account`,
    { metadata: metadata(), automountServiceAccountToken: false },
    opts,
  );
  const roles = { scheduler: "system:kube-scheduler", volumes: "system:volume-scheduler" };
  const bindings = Object.entries(roles).map(
    ([key, role]) =>
      new kubernetes.rbac.v1.ClusterRoleBinding(
        `${name}-${key}`,
        {
          metadata: { name: `${GPU_SCHEDULER_NAME}-${key}`, labels: LABELS },
          roleRef: { apiGroup: RBAC, kind: "ClusterRole", name: role },
          subjects,
        },
        opts,
      ),
  );
  const authentication = new kubernetes.rbac.v1.RoleBinding(
    `${name}-authentication`,
    {
      metadata: metadata(`${GPU_SCHEDULER_NAME}-authentication`),
      roleRef: { apiGroup: RBAC, kind: "Role", name: "extension-apiserver-authentication-reader" },
      subjects,
    },
    opts,
  );
  return [account, ...bindings, authentication, ...createLeaseRights(name, opts)];
}

/** The built-in role names the lease of Kubernetes' own scheduler alone. Creation cannot be limited to a name. */
function createLeaseRights(name: string, opts: pulumi.CustomResourceOptions): pulumi.Resource[] {
  const leases = { apiGroups: ["coordination.k8s.io"], resources: ["leases"] };
  const role = new kubernetes.rbac.v1.Role(
    `${name}-lease-role`,
    {
      metadata: metadata(`${GPU_SCHEDULER_NAME}-lease`),
      rules: [
        { ...leases, verbs: ["create"] },
        { ...leases, resourceNames: [GPU_SCHEDULER_NAME], verbs: ["get", "update"] },
      ],
    },
    opts,
  );
  const binding = new kubernetes.rbac.v1.RoleBinding(
    `${name}-lease`,
    {
      metadata: metadata(`${GPU_SCHEDULER_NAME}-lease`),
      roleRef: { apiGroup: RBAC, kind: "Role", name: `${GPU_SCHEDULER_NAME}-lease` },
      subjects,
    },
    opts,
  );
  return [role, binding];
}

/** The ConfigMap, named after its content, so that another configuration rolls the pods. */
export function createSchedulerConfiguration(
  name: string,
  opts: pulumi.CustomResourceOptions,
): kubernetes.core.v1.ConfigMap {
  const data = { [CONFIGURATION_FILE]: gpuSchedulerConfiguration() };
  return new kubernetes.core.v1.ConfigMap(
    `${name}-configuration`,
    { metadata: metadata(`${GPU_SCHEDULER_NAME}-${shortHash(data)}`), immutable: true, data },
    opts,
  );
}

/** The pods, of which one leads, and the budget that keeps a drain from taking both. */
export function createSchedulerPods(
  name: string,
  args: GpuSchedulerArgs,
  configuration: kubernetes.core.v1.ConfigMap,
  opts: pulumi.CustomResourceOptions,
): kubernetes.apps.v1.Deployment {
  const replicas = args.replicas ?? 2;
  // A budget over a single pod would block every node drain.
  if (replicas > 1) {
    new kubernetes.policy.v1.PodDisruptionBudget(
      `${name}-budget`,
      { metadata: metadata(), spec: { maxUnavailable: 1, selector: { matchLabels: LABELS } } },
      { parent: opts.parent },
    );
  }
  return new kubernetes.apps.v1.Deployment(
    `${name}-deployment`,
    {
      metadata: metadata(),
      spec: {
        replicas,
        strategy: { type: "RollingUpdate", rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } },
        selector: { matchLabels: LABELS },
        template: { metadata: { labels: LABELS }, spec: podSpec(args, configuration.metadata.name) },
      },
    },
    opts,
  );
}

function podSpec(args: GpuSchedulerArgs, configuration: pulumi.Input<string>): kubernetes.types.input.core.v1.PodSpec {
  return {
    serviceAccountName: GPU_SCHEDULER_NAME,
    // It watches the API server.
    automountServiceAccountToken: true,
    enableServiceLinks: false,
    priorityClassName: "system-cluster-critical",
    securityContext: restrictedPod(USER),
    ...(args.placement?.nodeSelector === undefined ? {} : { nodeSelector: args.placement.nodeSelector }),
    tolerations: args.placement?.tolerations ?? [],
    topologySpreadConstraints: ["topology.kubernetes.io/zone", "kubernetes.io/hostname"].map((topologyKey) => ({
      maxSkew: 1,
      topologyKey,
      whenUnsatisfiable: "ScheduleAnyway",
      labelSelector: { matchLabels: LABELS },
      matchLabelKeys: ["pod-template-hash"],
    })),
    volumes: [{ name: "configuration", configMap: { name: configuration } }],
    containers: [
      {
        name: "kube-scheduler",
        image:
          args.image ?? imageReference(GPU_SCHEDULER_IMAGES[args.kubernetesVersion as KubernetesMinor], args.mirrors),
        command: ["kube-scheduler", `--config=${CONFIGURATION_PATH}/${CONFIGURATION_FILE}`, "--v=2"],
        ports: [{ name: "https", containerPort: PORT }],
        resources: args.resources ?? DEFAULT_RESOURCES,
        securityContext: restrictedContainer(),
        startupProbe: { ...probe("/readyz"), periodSeconds: 2, failureThreshold: 60 },
        readinessProbe: { ...probe("/readyz"), periodSeconds: 5 },
        livenessProbe: { ...probe("/livez"), periodSeconds: 10, failureThreshold: 6 },
        volumeMounts: [{ name: "configuration", mountPath: CONFIGURATION_PATH, readOnly: true }],
      },
    ],
  };
}

function probe(path: string) {
  return { httpGet: { path, port: PORT, scheme: "HTTPS" }, timeoutSeconds: 5 };
}
