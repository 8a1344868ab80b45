import { MemoryApi } from "../../../rehearsal/api/memory-api";
import type { KubernetesObject } from "../../../rehearsal/api/objects";
import type { NodeGroup } from "../../../rehearsal/aws/observer";
import type { CheckContext } from "../../../rehearsal/checks/context";
import { Snapshot } from "../../../rehearsal/checks/snapshot";
import type { Properties } from "../../../rehearsal/providers/provider";

const ZONES = ["a", "b", "c"];
const LABELS = { app: "web" };
const CREATED = "2026-01-01T00:10:00Z";

/** A cluster of three nodes with one sound workload in namespace `app`; tests break one thing of it. */
export function smallCluster(): KubernetesObject[] {
  return [
    object("v1", "Namespace", "app", undefined, {
      metadata: {
        labels: { "pod-security.kubernetes.io/enforce": "restricted", "kubernetes.io/metadata.name": "app" },
      },
    }),
    ...ZONES.map(node),
    object("v1", "ServiceAccount", "web"),
    object("v1", "Secret", "web-keys", "app", { data: { salt: "c2FsdA==" } }),
    object("apps/v1", "Deployment", "web", "app", {
      spec: { template: { metadata: { labels: LABELS }, spec: podSpec() }, replicas: 3 },
      status: { readyReplicas: 3 },
    }),
    object("apps/v1", "ReplicaSet", "web-1", "app", { spec: { replicas: 3 }, ...ownedBy("Deployment", "web") }),
    ...ZONES.map((zone) => pod(`web-1-${zone}`, zone)),
    object("v1", "Service", "web", "app", {
      metadata: { labels: LABELS },
      spec: { selector: LABELS, ports: [{ name: "http", port: 3000, targetPort: "http" }] },
    }),
    object("policy/v1", "PodDisruptionBudget", "web", "app", {
      spec: { selector: { matchLabels: LABELS }, minAvailable: 2 },
    }),
    object("networking.k8s.io/v1", "NetworkPolicy", "web", "app", {
      spec: { podSelector: { matchLabels: LABELS }, ingress: [{ from: [{ podSelector: { matchLabels: LABELS } }] }] },
    }),
    object("networking.k8s.io/v1", "Ingress", "web", "app", {
      spec: { rules: [{ http: { paths: [{ backend: { service: { name: "web", port: { number: 3000 } } } }] } }] },
    }),
    object("monitoring.coreos.com/v1", "ServiceMonitor", "web", "app", {
      spec: { selector: { matchLabels: LABELS }, endpoints: [{ port: "http" }] },
    }),
    object("autoscaling/v2", "HorizontalPodAutoscaler", "web", "app", {
      spec: { scaleTargetRef: { kind: "Deployment", name: "web" }, minReplicas: 3, maxReplicas: 6 },
    }),
  ];
}

/** What checks look at, with these objects in the cluster. */
export function contextOf(objects: readonly KubernetesObject[], other: Partial<CheckContext> = {}): CheckContext {
  return {
    api: new MemoryApi(),
    snapshot: new Snapshot(objects),
    plannedObjects: [planned("core/v1:Namespace", { metadata: { name: "app" } })],
    releases: [],
    permissiveKinds: [],
    nodeGroups: [GROUP],
    associations: [{ namespace: "app", serviceAccount: "web", effectiveAt: Date.parse(CREATED) - 1 }],
    secrets: ["generated-secret-0123456789"],
    texts: [],
    ...other,
  };
}

/** A Kubernetes object of the stack, as the engine's state has it. */
export function planned(token: string, inputs: Properties) {
  return { urn: `urn:${token}`, type: `kubernetes:${token}`, name: "logical", inputs, outputs: {} };
}

/** The objects with one changed: the fields of `change` are merged into it, field by field. */
export function changed(
  objects: KubernetesObject[],
  kind: string,
  name: string,
  change: Properties,
): KubernetesObject[] {
  const found = objects.filter((one) => one.kind === kind && one.metadata.name === name);
  if (found.length !== 1) throw new Error(`${found.length} objects are ${kind} ${name}`);
  return objects.map((one) => (one === found[0] ? (merged(one, change) as KubernetesObject) : one));
}

/** The objects without one. */
export function lacking(objects: KubernetesObject[], kind: string, name: string): KubernetesObject[] {
  return objects.filter((one) => one.kind !== kind || one.metadata.name !== name);
}

/** An object, in namespace `app` unless told otherwise. */
export function object(
  apiVersion: string,
  kind: string,
  name: string,
  namespace: string | undefined = kind === "Namespace" || kind === "Node" ? undefined : "app",
  fields: Properties = {},
): KubernetesObject {
  const metadata = { name, ...(namespace === undefined ? {} : { namespace }), creationTimestamp: CREATED };
  return merged({ apiVersion, kind, metadata }, fields) as KubernetesObject;
}

const GROUP: NodeGroup = {
  name: "group-1",
  pool: "pool-cpu",
  instanceType: "m7i.large",
  zones: ZONES,
  minSize: 1,
  maxSize: 3,
  size: 3,
  spot: false,
  labels: { "workload-type": "general" },
  taints: [],
  version: "1.35",
};

function node(zone: string): KubernetesObject {
  return object("v1", "Node", `node-${zone}`, undefined, {
    metadata: {
      creationTimestamp: "2026-01-01T00:00:00Z",
      labels: {
        "kubernetes.io/hostname": `node-${zone}`,
        "topology.kubernetes.io/zone": zone,
        "eks.amazonaws.com/nodegroup": GROUP.name,
        ...GROUP.labels,
      },
    },
    status: { allocatable: { cpu: "2", memory: "4Gi", pods: "10" }, conditions: [{ type: "Ready", status: "True" }] },
  });
}

function pod(name: string, zone: string): KubernetesObject {
  return object("v1", "Pod", name, "app", {
    ...ownedBy("ReplicaSet", "web-1", { labels: LABELS }),
    spec: { ...podSpec(), nodeName: `node-${zone}` },
    status: { phase: "Running", conditions: [{ type: "Ready", status: "True" }] },
  });
}

function podSpec(): Properties {
  return {
    serviceAccountName: "web",
    securityContext: { runAsNonRoot: true, seccompProfile: { type: "RuntimeDefault" } },
    nodeSelector: { "workload-type": "general" },
    topologySpreadConstraints: [
      {
        maxSkew: 1,
        topologyKey: "topology.kubernetes.io/zone",
        whenUnsatisfiable: "DoNotSchedule",
        labelSelector: { matchLabels: LABELS },
      },
    ],
    containers: [
      {
        name: "web",
        image: "registry.example.com:5000/web:1.2.3",
        ports: [{ name: "http", containerPort: 3000 }],
        env: [{ name: "SALT", valueFrom: { secretKeyRef: { name: "web-keys", key: "salt" } } }],
        resources: { requests: { cpu: "500m", memory: "1Gi" } },
        securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } },
      },
    ],
  };
}

function ownedBy(kind: string, name: string, metadata: Properties = {}): Properties {
  return {
    metadata: { ...metadata, ownerReferences: [{ apiVersion: "apps/v1", kind, name, uid: name, controller: true }] },
  };
}

function merged(value: unknown, change: unknown): unknown {
  const isRecord = (one: unknown) => typeof one === "object" && one !== null && !Array.isArray(one);
  if (!isRecord(value) || !isRecord(change)) return change;
  const result = { ...(value as Properties) };
  for (const [key, field] of Object.entries(change as Properties)) result[key] = merged(result[key], field);
  return result;
}
