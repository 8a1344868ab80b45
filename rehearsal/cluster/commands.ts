import type { Tools } from "../install/install-tools";
import type { Credentials } from "./credentials";
import type { Command } from "./process-group";

/** What the processes of one control plane share. */
export interface PlaneLayout {
  readonly tools: Tools;
  readonly credentials: Credentials;
  /** For what need not outlive the plane. */
  readonly stateFolder: string;
  readonly kubeconfig: string;
  readonly ports: PlanePorts;
}

/** Ports of 127.0.0.1. */
export interface PlanePorts {
  readonly etcd: number;
  readonly etcdPeers: number;
  readonly apiserver: number;
  readonly controllerManager: number;
  readonly scheduler: number;
}

const LOOPBACK = "127.0.0.1";
/** As EKS has it. */
const SERVICE_RANGE = "172.20.0.0/16";

/** One member, which need not survive a power cut. */
export function etcd({ tools, stateFolder, ports }: PlaneLayout): Command {
  const clients = `http://${LOOPBACK}:${ports.etcd}`;
  const peers = `http://${LOOPBACK}:${ports.etcdPeers}`;
  return command("etcd", tools.etcd, {
    name: "rehearsal",
    "data-dir": `${stateFolder}/etcd`,
    "listen-client-urls": clients,
    "advertise-client-urls": clients,
    "listen-peer-urls": peers,
    "initial-advertise-peer-urls": peers,
    "initial-cluster": `rehearsal=${peers}`,
    "unsafe-no-fsync": "true",
    "log-level": "warn",
  });
}

/** With the authorization and the admission of a cluster as it comes: RBAC, nobody anonymous, Pod Security, quotas. */
export function apiserver({ tools, credentials, ports }: PlaneLayout): Command {
  const issuer = "https://kubernetes.default.svc.cluster.local";
  return command("kube-apiserver", tools.kubeApiserver, {
    "etcd-servers": `http://${LOOPBACK}:${ports.etcd}`,
    "bind-address": LOOPBACK,
    "advertise-address": LOOPBACK,
    "secure-port": String(ports.apiserver),
    ...servingFlags(credentials),
    "authorization-mode": "RBAC",
    "anonymous-auth": "false",
    "token-auth-file": credentials.tokenFile,
    "service-account-issuer": issuer,
    "service-account-signing-key-file": credentials.serviceAccountKeyFile,
    "service-account-key-file": credentials.serviceAccountPublicKeyFile,
    "service-cluster-ip-range": SERVICE_RANGE,
    "allow-privileged": "true",
    // The endpoint of the Service `kubernetes` may not be a loopback address, and nobody uses it here.
    "endpoint-reconciler-type": "none",
    // One user asks for everything; fairness among users would only make it wait.
    "enable-priority-and-fairness": "false",
    "max-requests-inflight": "0",
    "max-mutating-requests-inflight": "0",
    "shutdown-delay-duration": "0s",
    profiling: "false",
  });
}

/** Every controller but those that need a kubelet or a cloud. */
export function controllerManager({ tools, credentials, kubeconfig, ports }: PlaneLayout): Command {
  return command("kube-controller-manager", tools.kubeControllerManager, {
    kubeconfig,
    "bind-address": LOOPBACK,
    "secure-port": String(ports.controllerManager),
    ...servingFlags(credentials),
    "service-account-private-key-file": credentials.serviceAccountKeyFile,
    "root-ca-file": credentials.certificateFile,
    // Volumes are attached by drivers on nodes, which the nodes here do not have.
    controllers: "*,-persistentvolume-attach-detach-controller",
    "leader-elect": "false",
    // A busy machine delays the nodes' heartbeats, which says nothing about the platform.
    "node-monitor-grace-period": "300s",
    "pvclaimbinder-sync-period": "2s",
    "horizontal-pod-autoscaler-sync-period": "5s",
    "kube-api-qps": "500",
    "kube-api-burst": "1000",
    profiling: "false",
  });
}

/** The scheduler that every cluster has. */
export function scheduler(layout: PlaneLayout): Command {
  return command("kube-scheduler", layout.tools.kubeScheduler, {
    kubeconfig: layout.kubeconfig,
    "leader-elect": "false",
    "kube-api-qps": "500",
    "kube-api-burst": "1000",
    ...schedulerServing(layout, layout.ports.scheduler),
  });
}

/** Another scheduler, with a configuration of its own. */
export function configuredScheduler(layout: PlaneLayout, name: string, file: string, port: number): Command {
  return command(name, layout.tools.kubeScheduler, { config: file, ...schedulerServing(layout, port) });
}

/** Plays the kubelets of all nodes. */
export function kwok({ tools, kubeconfig, stateFolder }: PlaneLayout): Command {
  return command("kwok", tools.kwok, {
    kubeconfig,
    // Without one it would read that of whoever runs the rehearsal.
    config: `${stateFolder}/kwok.yaml`,
    "manage-all-nodes": "true",
    v: "WARN",
    "node-lease-duration-seconds": "40",
    // Wide enough for a pod address each.
    cidr: "10.64.0.1/12",
  });
}

function schedulerServing({ credentials }: PlaneLayout, port: number): Record<string, string> {
  return { "bind-address": LOOPBACK, "secure-port": String(port), ...servingFlags(credentials) };
}

function servingFlags({ certificateFile, certificateKeyFile }: Credentials): Record<string, string> {
  return { "tls-cert-file": certificateFile, "tls-private-key-file": certificateKeyFile };
}

function command(name: string, program: string, flags: Readonly<Record<string, string>>): Command {
  return { name, program, parameters: Object.entries(flags).map(([flag, value]) => `--${flag}=${value}`) };
}
