import assert from "node:assert/strict";
import { gzipSync } from "node:zlib";
import type { KubernetesObject } from "../../rehearsal/api/objects";
import { runChecks } from "../../rehearsal/checks/checks";
import { changed, contextOf, lacking, object, smallCluster } from "./support/small-cluster";

const SECRET = "generated-secret-0123456789";

const CRASHED = { phase: "Running", conditions: [{ type: "Ready", status: "False", message: "containers not ready" }] };
/** One fault each: what is changed, and what begins the one finding that it makes. */
const FAULTS: readonly [fault: string, objects: (sound: KubernetesObject[]) => KubernetesObject[], finding: RegExp][] =
  [
    [
      "a pod that does not get ready",
      (sound) => changed(sound, "Pod", "web-1-b", { status: CRASHED }),
      /^Pod app\/web-1-b: is on node-b but not ready: containers not ready\./,
    ],
    [
      "a Job that failed",
      (sound) => [
        ...sound,
        object("batch/v1", "Job", "migrate", "app", {
          status: { conditions: [{ type: "Failed", message: "Job has reached the specified backoff limit" }] },
        }),
      ],
      /^Job app\/migrate: 0 of 1 pods succeeded: Job has reached/,
    ],
    [
      "a claim that nothing binds",
      (sound) => [...sound, object("v1", "PersistentVolumeClaim", "data", "app", { status: { phase: "Pending" } })],
      /^PersistentVolumeClaim app\/data: is Pending, not bound\./,
    ],
    [
      "a node that did not join",
      (sound) => lacking(changed(sound, "Pod", "web-1-c", { spec: { nodeName: "node-b" } }), "Node", "node-c"),
      /^Node group group-1: has 2 nodes in the cluster, 3 in AWS\./,
    ],
    [
      "pods in one zone",
      (sound) => changed(sound, "Pod", "web-1-c", { spec: { nodeName: "node-b" } }),
      /^Deployment app\/web: pods by topology.kubernetes.io\/zone: a 1, b 2, c 0; at most 1/,
    ],
    [
      "a policy for nobody",
      (sound) => changed(sound, "NetworkPolicy", "web", { spec: { podSelector: { matchLabels: { app: "wbe" } } } }),
      /^NetworkPolicy app\/web: selects no pod \(app=wbe\)\./,
    ],
    [
      "a policy that lets nobody in",
      (sound) =>
        changed(sound, "NetworkPolicy", "web", {
          spec: { ingress: [{ from: [{ podSelector: { matchLabels: { app: "wbe" } } }] }] },
        }),
      /^NetworkPolicy app\/web: a peer in app: selects no pod \(app=wbe\)\./,
    ],
    [
      "a budget that forbids every eviction",
      (sound) => changed(sound, "PodDisruptionBudget", "web", { spec: { minAvailable: 3 } }),
      /^PodDisruptionBudget app\/web: minAvailable 3 of 3 pods forbids every eviction/,
    ],
    [
      "a Service with a port that pods lack",
      (sound) =>
        changed(sound, "Service", "web", { spec: { ports: [{ name: "http", port: 3000, targetPort: 3001 }] } }),
      /^Service app\/web: port http leads to 3001, which no container/,
    ],
    [
      "a Service of a workload that lost all its pods, which no canary explains",
      (sound) => [
        ...sound,
        object("apps/v1", "Deployment", "idle", "app", {
          spec: {
            replicas: 0,
            selector: { matchLabels: { app: "idle" } },
            template: { metadata: { labels: { app: "idle" } }, spec: { containers: [] } },
          },
        }),
        object("v1", "Service", "idle", "app", { spec: { selector: { app: "idle" }, ports: [{ port: 80 }] } }),
      ],
      /^Service app\/idle: selects no pod \(app=idle\)\./,
    ],
    [
      "a Service under another number than the pod's",
      (sound) =>
        changed(sound, "Service", "web", {
          spec: {
            ports: [
              { name: "http", port: 3000, targetPort: "http" },
              { name: "plain", port: 80, targetPort: "http" },
            ],
          },
        }),
      /^Service app\/web: port 80 leads to http, so that network policies/,
    ],
    [
      "a monitor of a port that is not there",
      (sound) => changed(sound, "ServiceMonitor", "web", { spec: { endpoints: [{ port: "metrics" }] } }),
      /^ServiceMonitor app\/web: reads port metrics, which Service app\/web does not have\./,
    ],
    [
      "an Ingress to a Service that is not there",
      (sound) =>
        changed(sound, "Ingress", "web", {
          spec: { defaultBackend: { service: { name: "site", port: { number: 80 } } } },
        }),
      /^Ingress app\/web: leads to Service app\/site, which does not exist\./,
    ],
    [
      "an autoscaler of nothing",
      (sound) => changed(sound, "HorizontalPodAutoscaler", "web", { spec: { scaleTargetRef: { name: "wbe" } } }),
      /^HorizontalPodAutoscaler app\/web: scales Deployment app\/wbe, which does not exist\./,
    ],
    [
      "autoscalers that fight",
      (sound) => [
        ...sound,
        object("keda.sh/v1alpha1", "ScaledObject", "queue", "app", {
          spec: { scaleTargetRef: { name: "web" }, minReplicaCount: 1, maxReplicaCount: 4 },
        }),
      ],
      /^ScaledObject app\/queue: HorizontalPodAutoscaler app\/web scales Deployment app\/web too/,
    ],
    [
      "an autoscaler that outgrows its pool",
      (sound) => changed(sound, "HorizontalPodAutoscaler", "web", { spec: { maxReplicas: 13 } }),
      /^Node pool pool-cpu: 3 nodes have no room for 1 of the pods when HorizontalPodAutoscaler app\/web reach/,
    ],
    [
      "a missing key of a Secret",
      (sound) => sound.map((one) => (one.kind === "Secret" ? { ...one, data: {} } : one)),
      /^Deployment app\/web: env SALT of container web needs key salt of Secret app\/web-keys, which has none\./,
    ],
    [
      "a missing ServiceAccount",
      (sound) => lacking(sound, "ServiceAccount", "web"),
      /^Deployment app\/web: serviceAccountName needs ServiceAccount app\/web, which does not exist\./,
    ],
    [
      "a secret in a pod's environment",
      (sound) => [
        ...sound,
        object("v1", "ConfigMap", "notes", "app", { data: { notes: `key=${Buffer.from(SECRET).toString("base64")}` } }),
      ],
      /^ConfigMap app\/notes: shows a generated secret\./,
    ],
    [
      "a secret in an annotation of a Secret",
      (sound) => changed(sound, "Secret", "web-keys", { metadata: { annotations: { last: SECRET } } }),
      /^Secret app\/web-keys: shows a generated secret\./,
    ],
    [
      "a secret in the values of a release",
      (sound) => [
        ...sound,
        object("v1", "Secret", "sh.helm.release.v1.web.v1", "app", {
          type: "helm.sh/release.v1",
          data: { release: helmRecord({ config: { password: SECRET } }) },
        }),
      ],
      /^Secret app\/sh\.helm\.release\.v1\.web\.v1: a generated secret is among the values/,
    ],
    [
      "a pod that restarted",
      (sound) =>
        changed(sound, "Pod", "web-1-a", { status: { containerStatuses: [{ name: "web", restartCount: 2 }] } }),
      /^Pod app\/web-1-a: container web restarted 2 times\./,
    ],
    [
      "a namespace that enforces nothing",
      (sound) =>
        changed(sound, "Namespace", "app", {
          metadata: { labels: { "pod-security.kubernetes.io/enforce": "privileged" } },
        }),
      /^Namespace app: enforces privileged\./,
    ],
  ];

/** Helm's own packing, and the Base64 of the API. */
function helmRecord(record: object): string {
  const packed = gzipSync(JSON.stringify(record)).toString("base64");
  return Buffer.from(packed).toString("base64");
}

describe("checks after up, in a cluster with one fault", () => {
  for (const [fault, breaking, expected] of FAULTS) {
    it(`find ${fault}`, async () => {
      const verdicts = await runChecks(contextOf(breaking(smallCluster())));
      const found = verdicts.flatMap(({ findings }) => findings);
      assert.equal(found.length, 1, found.join("\n"));
      assert.match(found[0] ?? "", expected);
    });
  }
});
