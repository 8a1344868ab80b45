import type { Properties } from "../providers/provider";
import type { Difference, Path } from "./differences";

/** What the provider's configuration says about kinds that are immutable unless declared otherwise. */
export interface Mutability {
  readonly secrets: boolean;
  readonly configMaps: boolean;
}

const SELECTOR = ["spec.selector"];
const ROLE_BINDING = ["roleRef"];

const CONTAINER = "args command env image imagePullPolicy lifecycle livenessProbe ports readinessProbe resources";
const CONTAINER_REST = "securityContext stdin stdinOnce tty volumeDevices volumeMounts workingDir";
const POD =
  "affinity automountServiceAccountToken dnsConfig dnsPolicy enableServiceLinks hostAliases hostIPC hostNetwork hostPID" +
  " hostname imagePullSecrets nodeName nodeSelector overhead preemptionPolicy priority priorityClassName readinessGates" +
  " restartPolicy runtimeClassName schedulerName securityContext serviceAccount serviceAccountName shareProcessNamespace" +
  " subdomain terminationGracePeriodSeconds volumes";
const VOLUME_SOURCES = "awsElasticBlockStore csi fc hostPath iscsi local nfs rbd";

/** Paths whose change replaces an object of the kind; `*` stands for any element of a list. */
const FORCED: Readonly<Record<string, readonly string[]>> = {
  "apps/v1/DaemonSet": SELECTOR,
  "apps/v1/Deployment": SELECTOR,
  "apps/v1/StatefulSet": [
    ...SELECTOR,
    "spec.podManagementPolicy",
    "spec.revisionHistoryLimit",
    "spec.serviceName",
    "spec.volumeClaimTemplates",
  ],
  "batch/v1/Job": ["spec.completions", "spec.parallelism", "spec.selector", "spec.template"],
  "rbac.authorization.k8s.io/v1/ClusterRoleBinding": ROLE_BINDING,
  "rbac.authorization.k8s.io/v1/RoleBinding": ROLE_BINDING,
  "storage.k8s.io/v1/StorageClass": ["parameters", "provisioner"],
  "v1/PersistentVolume": VOLUME_SOURCES.split(" ").map((source) => `spec.${source}`),
  "v1/PersistentVolumeClaim": ["spec.accessModes", "spec.selector", "spec.storageClassName", "spec.volumeName"],
  "v1/Pod": [
    ...POD.split(" ").map((field) => `spec.${field}`),
    ...`${CONTAINER} ${CONTAINER_REST}`
      .split(" ")
      .flatMap((field) => [`spec.containers.*.${field}`, `spec.initContainers.*.${field}`]),
  ],
  "v1/ResourceQuota": ["spec.scopes"],
  "v1/Secret": ["type"],
  "v1/Service": ["spec.clusterIP"],
};

/** Those of `found` that force a replacement of the object that `now` describes. */
export function forcing(now: Properties, found: readonly Difference[], mutability: Mutability): Difference[] {
  const forced = forcedPaths(now, mutability).map((path) => path.split("."));
  return found.filter((difference) => forced.some((path) => touches(difference, path)));
}

function forcedPaths(now: Properties, mutability: Mutability): readonly string[] {
  const kind = `${now.apiVersion}/${now.kind}`;
  const identity = ["metadata.name", "metadata.namespace"];
  if (kind === "v1/Secret" && (!mutability.secrets || now.immutable === true))
    return [...identity, "type", "stringData", "data"];
  if (kind === "v1/ConfigMap" && (!mutability.configMaps || now.immutable === true))
    return [...identity, "binaryData", "data"];
  return [...identity, ...(FORCED[kind] ?? [])];
}

/** A difference at or under the forced path, or above it with something at the path. */
function touches({ path, before, now }: Difference, forced: readonly string[]): boolean {
  const matches = (part: Path[number], index: number) => forced[index] === String(part) || forced[index] === "*";
  if (path.length >= forced.length) return path.slice(0, forced.length).every(matches);
  const rest = forced.slice(path.length);
  return path.every(matches) && [before, now].some((value) => reaches(value, rest));
}

function reaches(value: unknown, path: readonly string[]): boolean {
  const [first, ...rest] = path;
  if (first === undefined) return true;
  if (value === null || typeof value !== "object") return false;
  const members = first === "*" ? Object.values(value) : first in value ? [Reflect.get(value, first)] : [];
  return members.some((member) => reaches(member, rest));
}
