import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { RestApi } from "../api/rest-api";
import type { Tools } from "../install/install-tools";
import { apiserver, configuredScheduler, controllerManager, etcd, kwok, type PlaneLayout, scheduler } from "./commands";
import type { ControlPlane } from "./control-plane";
import { type Credentials, kubeconfigText, makeCredentials } from "./credentials";
import { isHealthy } from "./health";
import { freePorts } from "./ports";
import { ProcessGroup, type RunningProcess } from "./process-group";
import { waitUntilReady } from "./readiness";
import { fittedConfiguration } from "./scheduler-configuration";

/** What a control plane is started with. */
export interface ControlPlaneOptions {
  readonly tools: Tools;
  /** For its logs and, while it runs, everything that it keeps. */
  readonly folder: string;
  /** Told what happens. */
  readonly log?: (line: string) => void;
}

/** A control plane of this machine. */
export interface LocalControlPlane extends ControlPlane {
  readonly api: RestApi;
  /** Bearer token of a user with every right. */
  readonly token: string;
}

/** Starts etcd, kube-apiserver, kube-controller-manager, kube-scheduler and kwok on 127.0.0.1, and waits until all are ready. */
export async function startControlPlane(options: ControlPlaneOptions): Promise<LocalControlPlane> {
  const layout = await layOut(options);
  const { credentials, kubeconfig, ports, stateFolder } = layout;
  const endpoint = `https://127.0.0.1:${ports.apiserver}`;
  await writeFile(kubeconfig, kubeconfigText(endpoint, credentials), { mode: 0o600 });
  const processes = new ProcessGroup(options.folder, { PATH: process.env.PATH, HOME: stateFolder });
  const api = new RestApi({ ...credentials, endpoint });
  const stop = async () => {
    api.close();
    await processes.stop();
    await rm(stateFolder, { recursive: true, force: true });
  };
  try {
    const started = Date.now();
    await startAll(layout, processes, api);
    options.log?.(`Kubernetes answers at ${endpoint} after ${((Date.now() - started) / 1000).toFixed(1)} s.`);
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    ...{ api, endpoint, kubeconfig, stop },
    certificateAuthority: credentials.certificateAuthority,
    token: credentials.token,
    startScheduler: (configuration) => startScheduler(layout, processes, configuration),
  };
}

/** Folders, credentials and ports of a plane. */
async function layOut({ folder, tools }: ControlPlaneOptions): Promise<PlaneLayout> {
  const stateFolder = join(folder, "state");
  // A plane that was killed has left its own behind.
  await rm(stateFolder, { recursive: true, force: true });
  await mkdir(stateFolder, { recursive: true, mode: 0o700 });
  await writeFile(join(stateFolder, "kwok.yaml"), "");
  const credentials = await makeCredentials(stateFolder, tools.generateCertificate);
  const [etcdPort = 0, etcdPeers = 0, apiserver = 0, controllerManager = 0, scheduler = 0] = await freePorts(5);
  const ports = { etcd: etcdPort, etcdPeers, apiserver, controllerManager, scheduler };
  return { tools, credentials, stateFolder, kubeconfig: join(stateFolder, "kubeconfig"), ports };
}

async function startAll(layout: PlaneLayout, processes: ProcessGroup, api: RestApi): Promise<void> {
  const { ports, credentials } = layout;
  // kube-apiserver waits for etcd by itself.
  const store = processes.start(etcd(layout));
  const server = processes.start(apiserver(layout));
  await waitUntilReady(server, () => isHealthy(`https://127.0.0.1:${ports.apiserver}/readyz`, credentials), [store]);
  const [manager, first] = [processes.start(controllerManager(layout)), processes.start(scheduler(layout))];
  const nodes = processes.start(kwok(layout));
  await Promise.all([
    untilHealthy(manager, ports.controllerManager, credentials),
    untilHealthy(first, ports.scheduler, credentials),
    // Its health says only that the manager runs; this, that its controllers do.
    waitUntilReady(manager, async () => {
      const account = { apiVersion: "v1", kind: "ServiceAccount", namespace: "default", name: "default" };
      return (await api.read(account)) !== undefined;
    }),
  ]);
  const end = nodes.ended();
  if (end !== undefined) throw new Error(end);
}

async function startScheduler(layout: PlaneLayout, processes: ProcessGroup, configuration: string): Promise<void> {
  const { text, schedulerName } = fittedConfiguration(configuration, layout.kubeconfig);
  const name = `kube-scheduler-${schedulerName}`;
  // Two of one name would both place the same pods.
  await processes.end(name);
  const file = join(layout.stateFolder, `${name}.yaml`);
  await writeFile(file, text);
  const [port = 0] = await freePorts(1);
  const process = processes.start(configuredScheduler(layout, name, file, port));
  await untilHealthy(process, port, layout.credentials);
}

function untilHealthy(process: RunningProcess, port: number, credentials: Credentials): Promise<void> {
  return waitUntilReady(process, () => isHealthy(`https://127.0.0.1:${port}/healthz`, credentials));
}
