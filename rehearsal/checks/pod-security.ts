/** A container as Kubernetes has it; only what the standard looks at. */
interface Container {
  readonly name?: string;
  readonly ports?: readonly { readonly hostPort?: number }[];
  readonly securityContext?: SecurityContext;
  readonly livenessProbe?: Handler;
  readonly readinessProbe?: Handler;
  readonly startupProbe?: Handler;
  readonly lifecycle?: { readonly postStart?: Handler; readonly preStop?: Handler };
}

interface Handler {
  readonly httpGet?: { readonly host?: string };
  readonly tcpSocket?: { readonly host?: string };
}

/** Security context of a pod or of a container. */
interface SecurityContext {
  readonly privileged?: boolean;
  readonly allowPrivilegeEscalation?: boolean;
  readonly runAsNonRoot?: boolean;
  readonly runAsUser?: number;
  readonly procMount?: string;
  readonly capabilities?: { readonly add?: readonly string[]; readonly drop?: readonly string[] };
  readonly seccompProfile?: { readonly type?: string };
  readonly appArmorProfile?: { readonly type?: string };
  readonly seLinuxOptions?: { readonly type?: string; readonly user?: string; readonly role?: string };
  readonly windowsOptions?: { readonly hostProcess?: boolean };
  readonly sysctls?: readonly { readonly name: string }[];
}

/** A pod's specification; only what the standard looks at. */
export interface PodSpec {
  readonly hostNetwork?: boolean;
  readonly hostPID?: boolean;
  readonly hostIPC?: boolean;
  readonly securityContext?: SecurityContext;
  readonly containers?: readonly Container[];
  readonly initContainers?: readonly Container[];
  readonly ephemeralContainers?: readonly Container[];
  readonly volumes?: readonly Readonly<Record<string, unknown>>[];
}

const SELINUX_TYPES = ["", "container_t", "container_init_t", "container_kvm_t", "container_engine_t"];
const VOLUME_TYPES = [
  "configMap",
  "csi",
  "downwardAPI",
  "emptyDir",
  "ephemeral",
  "persistentVolumeClaim",
  "projected",
  "secret",
];
const SYSCTLS = [
  "kernel.shm_rmid_forced",
  "net.ipv4.ip_local_port_range",
  "net.ipv4.ip_local_reserved_ports",
  "net.ipv4.ip_unprivileged_port_start",
  "net.ipv4.ping_group_range",
  "net.ipv4.tcp_fin_timeout",
  "net.ipv4.tcp_keepalive_intvl",
  "net.ipv4.tcp_keepalive_probes",
  "net.ipv4.tcp_keepalive_time",
  "net.ipv4.tcp_rmem",
  "net.ipv4.tcp_syncookies",
  "net.ipv4.tcp_wmem",
];
const PROFILES = ["RuntimeDefault", "Localhost"];

/**
 * What the admission controller of a namespace labelled `restricted` would say against a Linux pod, one line a violation:
 * the controls of the Pod Security Standards, `baseline` and `restricted`, as of Kubernetes 1.35. Annotations are left out: the fields behind them decide.
 */
export function restrictedViolations(pod: PodSpec): string[] {
  const containers = [...(pod.initContainers ?? []), ...(pod.containers ?? []), ...(pod.ephemeralContainers ?? [])];
  return [
    ...(["hostNetwork", "hostPID", "hostIPC"] as const).filter((field) => pod[field]).map((field) => `${field} is on`),
    ...sharedViolations("pod", pod.securityContext ?? {}),
    ...(pod.securityContext?.sysctls ?? [])
      .filter(({ name }) => !SYSCTLS.includes(name))
      .map(({ name }) => `sysctl ${name}`),
    ...(pod.volumes ?? []).flatMap(volumeViolations),
    ...(containers.length === 0 ? ["no containers"] : []),
    ...containers.flatMap((container) => containerViolations(container, pod.securityContext ?? {})),
  ];
}

function volumeViolations(volume: Readonly<Record<string, unknown>>): string[] {
  return Object.keys(volume)
    .filter((key) => key !== "name" && !VOLUME_TYPES.includes(key))
    .map((type) => `volume ${volume.name} is a ${type}`);
}

/** Controls on fields that a pod and its containers both have. */
function sharedViolations(owner: string, context: SecurityContext): string[] {
  const { seLinuxOptions = {}, seccompProfile, appArmorProfile } = context;
  const found: string[] = [];
  if (context.runAsNonRoot === false) found.push("runAsNonRoot is false");
  if (context.runAsUser === 0) found.push("runAsUser is 0");
  if (context.windowsOptions?.hostProcess) found.push("windowsOptions.hostProcess is on");
  if (seccompProfile && !PROFILES.includes(seccompProfile.type ?? "")) found.push(`seccomp is ${seccompProfile.type}`);
  if (appArmorProfile && !PROFILES.includes(appArmorProfile.type ?? ""))
    found.push(`AppArmor is ${appArmorProfile.type}`);
  if (!SELINUX_TYPES.includes(seLinuxOptions.type ?? "")) found.push(`SELinux type is ${seLinuxOptions.type}`);
  if (seLinuxOptions.user || seLinuxOptions.role) found.push("SELinux user or role is set");
  return found.map((problem) => `${owner}: ${problem}`);
}

function containerViolations(container: Container, pod: SecurityContext): string[] {
  const owner = `container ${container.name}`;
  const context = container.securityContext ?? {};
  const found: string[] = [];
  if (context.privileged) found.push("is privileged");
  if (context.allowPrivilegeEscalation !== false) found.push("allowPrivilegeEscalation is not false");
  if ((context.runAsNonRoot ?? pod.runAsNonRoot) !== true) found.push("runAsNonRoot is not true");
  if ((context.seccompProfile ?? pod.seccompProfile) === undefined) found.push("has no seccomp profile");
  if (!context.capabilities?.drop?.includes("ALL")) found.push("does not drop ALL capabilities");
  const added = context.capabilities?.add?.filter((capability) => capability !== "NET_BIND_SERVICE") ?? [];
  if (added.length > 0) found.push(`adds ${added.join(", ")}`);
  if ((context.procMount ?? "Default") !== "Default") found.push(`procMount is ${context.procMount}`);
  if (container.ports?.some(({ hostPort }) => hostPort)) found.push("has a host port");
  const { livenessProbe, readinessProbe, startupProbe, lifecycle } = container;
  const handlers = [livenessProbe, readinessProbe, startupProbe, lifecycle?.postStart, lifecycle?.preStop];
  if (handlers.some((handler) => handler?.httpGet?.host || handler?.tcpSocket?.host)) found.push("probes another host");
  return [...found.map((problem) => `${owner}: ${problem}`), ...sharedViolations(owner, context)];
}
