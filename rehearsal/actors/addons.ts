import type { KubernetesApi } from "../api/api";
import { described, type KubernetesObject, referenceTo } from "../api/objects";
import { readiness } from "../kubernetes/readiness";
import {
  type AddonTable,
  addonAccount,
  addonContainer,
  addonDeployment,
  addonObject,
  type Configuration,
} from "./addon-objects";
import { HEALTH_ADDONS } from "./addons-health";
import { NETWORK_ADDONS } from "./addons-network";
import { STORAGE_ADDONS } from "./addons-storage";
import { eventually } from "./loop";

const PATIENCE_SECONDS = 45;
const FIELD_MANAGER = "eks";
const METRICS = { "app.kubernetes.io/name": "metrics-server", "app.kubernetes.io/instance": "metrics-server" };

const ADDONS: AddonTable = {
  ...NETWORK_ADDONS,
  ...STORAGE_ADDONS,
  ...HEALTH_ADDONS,
  "metrics-server": (configuration) => [
    addonAccount("metrics-server"),
    addonObject("v1", "Service", "metrics-server", METRICS, {
      spec: { selector: METRICS, ports: [{ name: "https", port: 443, targetPort: "https" }] },
    }),
    ...addonDeployment({
      name: "metrics-server",
      labels: METRICS,
      serviceAccount: "metrics-server",
      containers: [
        addonContainer("metrics-server", { cpu: "100m", memory: "200Mi" }, { memory: "400Mi" }, [
          { name: "https", containerPort: 10251 },
        ]),
      ],
      configuration,
    }),
  ],
};

/** What EKS puts into kube-system for an add-on. */
export function addonObjects(name: string, configuration: Configuration): KubernetesObject[] {
  const objects = ADDONS[name];
  if (objects === undefined) {
    throw new Error(
      `The rehearsal does not know what EKS installs for the add-on ${name}; it knows ${Object.keys(ADDONS).join(", ")}. Add it to rehearsal/actors/addons.ts.`,
    );
  }
  return objects(configuration);
}

/** Installs add-ons as EKS does. */
export class Addons {
  constructor(private readonly api: KubernetesApi) {}

  /** The add-on's pods are up when this resolves. */
  async install(name: string, configuration: Configuration): Promise<void> {
    const objects = addonObjects(name, configuration);
    for (const object of objects) await this.api.apply(object, FIELD_MANAGER);
    let missing = "";
    const isActive = await eventually(PATIENCE_SECONDS, async () => {
      missing = (await Promise.all(objects.map((object) => this.missing(object))))
        .filter((why) => why !== "")
        .join("; ");
      return missing === "";
    });
    if (!isActive) throw new Error(`InsufficientNumberOfReplicas: add-on ${name} is DEGRADED: ${missing}`);
  }

  async remove(name: string): Promise<void> {
    await Promise.all(addonObjects(name, {}).map((object) => this.api.delete(referenceTo(object))));
  }

  /** What an object still waits for; empty when for nothing. */
  private async missing(object: KubernetesObject): Promise<string> {
    const reference = referenceTo(object);
    // Services of an add-on wait for the pods that are waited for anyway.
    if (!["Deployment", "DaemonSet"].includes(reference.kind)) return "";
    const live = await this.api.read(reference);
    const { state, why } = live === undefined ? { state: "waiting", why: "it is gone" } : readiness(live);
    return state === "ready" ? "" : `${described(reference)}: ${why}`;
  }
}
