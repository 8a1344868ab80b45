import assert from "node:assert/strict";
import { allowanceOf } from "../../rehearsal/checks/disruption-budgets";
import { withoutRoom } from "../../rehearsal/checks/headroom";
import { isTolerated, isWanted } from "../../rehearsal/checks/node-affinity";
import { referencesOf } from "../../rehearsal/checks/object-references";
import { isPinned } from "../../rehearsal/checks/pinned-images";
import { requestsOf } from "../../rehearsal/checks/requests";
import { selects } from "../../rehearsal/checks/selectors";
import { Snapshot } from "../../rehearsal/checks/snapshot";
import { missingPaths } from "../../rehearsal/checks/subset";
import { changed, object, smallCluster } from "./support/small-cluster";

describe("parts of the checks", () => {
  describe("a label selector", () => {
    it("takes in all when empty, and none when missing", () => {
      assert.equal(selects({}, { app: "web" }), true);
      assert.equal(selects(undefined, { app: "web" }), false);
      assert.equal(selects(null, { app: "web" }), false);
    });

    it("wants every requirement to hold", () => {
      const expressions = [
        { key: "app", operator: "In", values: ["web", "worker"] },
        { key: "tier", operator: "NotIn", values: ["db"] },
        { key: "app", operator: "Exists" },
        { key: "paused", operator: "DoesNotExist" },
      ];
      assert.equal(selects({ matchExpressions: expressions }, { app: "web" }), true);
      assert.equal(selects({ matchExpressions: expressions }, { app: "web", tier: "db" }), false);
      assert.equal(selects({ matchExpressions: expressions }, { app: "web", paused: "" }), false);
      assert.equal(selects({ matchExpressions: expressions }, {}), false);
    });
  });

  describe("a live object", () => {
    it("may have more than was sent, and write it another way", () => {
      const sent = { spec: { cpu: "1000m", memory: "0.5Gi", empty: [], off: false, ports: [{ port: 80 }] } };
      const live = {
        spec: { cpu: "1", memory: "512Mi", ports: [{ port: 443 }, { port: 80, protocol: "TCP" }] },
        status: {},
      };
      assert.deepEqual(missingPaths(sent, live), []);
    });

    it("shows the path of what differs", () => {
      const sent = { spec: { env: [{ name: "A", value: "1" }], on: true, cpu: "1" } };
      const live = { spec: { env: [{ name: "B" }, { name: "A", value: "2" }], cpu: "2" } };
      assert.deepEqual(missingPaths(sent, live), ["spec.env[0].value", "spec.on", "spec.cpu"]);
    });

    it("is not compared with a secret that the engine has closed", () => {
      const signature = { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270" };
      assert.deepEqual(missingPaths({ data: { ...signature, ciphertext: "v1:x" } }, { data: "other" }), []);
      assert.deepEqual(missingPaths({ data: { ...signature, plaintext: '"one"' } }, { data: "other" }), ["data"]);
    });
  });

  it("count what a pod asks for: the larger of starting and running, sidecars in both", () => {
    const container = (cpu: string, memory: string) => ({ resources: { requests: { cpu, memory } } });
    const { cpu, memory, gpu, pods } = requestsOf({
      initContainers: [{ ...container("100m", "128Mi"), restartPolicy: "Always" }, container("2", "64Mi")],
      containers: [container("500m", "1Gi"), { resources: { limits: { "nvidia.com/gpu": "1", cpu: "250m" } } }],
    });
    assert.deepEqual({ cpu, memory, gpu, pods }, { cpu: 2100, memory: 1152, gpu: 1, pods: 1 });
  });

  it("place pods node by node, not in one heap", () => {
    const amount = (memory: number) => ({ cpu: 0, memory, pods: 1, gpu: 0, disk: 0 });
    const nodes = [1, 2].map(() => ({ cpu: 10, memory: 5, pods: 10, gpu: 0, disk: 0 }));
    assert.equal(withoutRoom([3, 3, 2].map(amount), nodes), 0);
    assert.equal(withoutRoom([3, 3, 3].map(amount), nodes), 1);
  });

  describe("a node", () => {
    it("is wanted when selector and one term of the affinity take it in", () => {
      const term = (zone: string) => ({ matchExpressions: [{ key: "zone", operator: "In", values: [zone] }] });
      const affinity = {
        nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [term("a"), term("b")] } },
      };
      assert.equal(isWanted({ nodeSelector: { pool: "cpu" }, affinity }, { pool: "cpu", zone: "b" }), true);
      assert.equal(isWanted({ nodeSelector: { pool: "cpu" }, affinity }, { pool: "cpu", zone: "c" }), false);
      assert.equal(isWanted({ nodeSelector: { pool: "cpu" }, affinity }, { pool: "gpu", zone: "b" }), false);
    });

    it("is open to pods that tolerate its taints", () => {
      const taints = [{ key: "type", value: "data", effect: "NoSchedule" }];
      assert.equal(isTolerated({}, taints), false);
      assert.equal(isTolerated({ tolerations: [{ key: "type", value: "data" }] }, taints), true);
      assert.equal(isTolerated({ tolerations: [{ key: "type", value: "gpu" }] }, taints), false);
      assert.equal(isTolerated({ tolerations: [{ operator: "Exists" }] }, taints), true);
      assert.equal(isTolerated({}, [{ key: "type", effect: "PreferNoSchedule" }]), true);
    });
  });

  describe("a PodDisruptionBudget", () => {
    const allowed = (spec: object) => {
      const objects = changed(smallCluster(), "PodDisruptionBudget", "web", {
        spec: { minAvailable: undefined, ...spec },
      });
      const snapshot = new Snapshot(objects);
      const budget = snapshot.find("PodDisruptionBudget", "web", "app");
      assert.ok(budget);
      return allowanceOf(snapshot, budget).allowed;
    };

    it("allows what its numbers leave", () => {
      assert.equal(allowed({ minAvailable: 2 }), 1);
      assert.equal(allowed({ minAvailable: 5 }), 0);
      assert.equal(allowed({ maxUnavailable: 2 }), 2);
    });

    it("rounds percentages up, as the controller does", () => {
      assert.equal(allowed({ minAvailable: "50%" }), 1);
      assert.equal(allowed({ maxUnavailable: "50%" }), 2);
    });
  });

  it("know a pinned image from one that moves", () => {
    for (const image of ["web:1.2", "registry:5000/web:1.2", "web@sha256:0123"])
      assert.equal(isPinned(image), true, image);
    for (const image of ["web", "web:latest", "registry:5000/web", ""]) assert.equal(isPinned(image), false, image);
  });

  describe("references", () => {
    it("leave out what is optional", () => {
      const pod = object("v1", "Pod", "one", "app", {
        spec: {
          containers: [
            {
              name: "one",
              envFrom: [{ secretRef: { name: "maybe", optional: true } }, { configMapRef: { name: "settings" } }],
            },
          ],
          volumes: [{ name: "keys", secret: { secretName: "keys", items: [{ key: "tls.crt", path: "tls.crt" }] } }],
        },
      });
      assert.deepEqual(
        referencesOf(pod).map(({ kind, name, key }) => [kind, name, key]),
        [
          ["ConfigMap", "settings", undefined],
          ["Secret", "keys", "tls.crt"],
        ],
      );
    });

    it("leave out certificates that cert-manager makes, and names that none is made for", () => {
      const ingress = (host: string, annotations = {}) =>
        referencesOf(
          object("networking.k8s.io/v1", "Ingress", "one", "app", {
            metadata: { annotations },
            spec: { tls: [{ hosts: [host], secretName: "one-tls" }] },
          }),
        ).map(({ name }) => name);
      assert.deepEqual(ingress("app.company.org"), ["one-tls"]);
      assert.deepEqual(ingress("app.company.org", { "cert-manager.io/cluster-issuer": "public" }), []);
      assert.deepEqual(ingress("app.example.com"), []);
    });

    it("are found anywhere in the configuration of ClickHouse", () => {
      const store = object("clickhouse.altinity.com/v1", "ClickHouseInstallation", "store", "app", {
        spec: {
          configuration: { users: { "a/password": { valueFrom: { secretKeyRef: { name: "keys", key: "a" } } } } },
        },
      });
      assert.deepEqual(referencesOf(store), [
        { kind: "Secret", name: "keys", key: "a", where: "configuration.users.a/password.valueFrom" },
      ]);
    });
  });
});
