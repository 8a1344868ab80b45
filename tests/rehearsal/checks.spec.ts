import assert from "node:assert/strict";
import type { KubernetesObject } from "../../rehearsal/api/objects";
import { runChecks } from "../../rehearsal/checks/checks";
import type { CheckContext } from "../../rehearsal/checks/context";
import type { Properties } from "../../rehearsal/providers/provider";
import { changed, contextOf, object, planned, smallCluster } from "./support/small-cluster";

const SECRET = "generated-secret-0123456789";

/** All findings of all checks. */
async function findings(objects: readonly KubernetesObject[], other: Partial<CheckContext> = {}): Promise<string[]> {
  return (await runChecks(contextOf(objects, other))).flatMap((verdict) => verdict.findings);
}

function release(fields: Properties) {
  return { name: "web", namespace: "app", rendered: true, objects: [], recorded: [], ...fields };
}

const WAITING = {
  phase: "Pending",
  conditions: [{ type: "PodScheduled", status: "False", message: "Insufficient memory." }],
};

describe("checks after up", () => {
  it("find nothing in a sound cluster, and say what they could not try", async () => {
    const verdicts = await runChecks(contextOf(smallCluster()));
    assert.deepEqual(
      verdicts.flatMap((verdict) => verdict.findings),
      [],
    );
    assert.deepEqual(
      verdicts.filter(({ outcome }) => outcome === "not run").map(({ figure }) => figure),
      ["no chart was rendered that brings one", "the API in memory has no disruption controller"],
    );
  });

  it("name the pool whose nodes are too small for a pod", async () => {
    const sound = changed(smallCluster(), "Pod", "web-1-b", { status: WAITING, spec: { nodeName: undefined } });
    assert.match(
      (await findings(sound)).join("\n"),
      /^Pod app\/web-1-b: would go to node group group-1 \(3 of at most 3 nodes\), but: Insufficient memory/m,
    );
  });

  it("find an image that is not pinned", async () => {
    const sound = [
      ...smallCluster(),
      object("batch/v1", "CronJob", "tidy", "app", { spec: { containers: [{ name: "tidy", image: "tidy:latest" }] } }),
    ];
    const found = (await findings(sound)).filter((line) => line.includes("pinned"));
    assert.deepEqual(found, [
      "CronJob app/tidy: image tidy:latest is not pinned. Give it a version as tag, or a digest.",
    ]);
  });

  it("find a pod template that Pod Security refuses inside a custom resource", async () => {
    const custom = object("clickhouse.altinity.com/v1", "ClickHouseInstallation", "store", "app", {
      spec: { templates: { podTemplates: [{ spec: { containers: [{ name: "server", image: "server:1" }] } }] } },
    });
    const found = await findings([...smallCluster(), custom]);
    assert.ok(
      found.includes(
        "ClickHouseInstallation app/store: spec.templates.podTemplates[0].spec: container server: does not drop ALL capabilities. Pod Security refuses such pods: mend the security context.",
      ),
      found.join("\n"),
    );
  });

  it("find pods that were admitted before their identity", async () => {
    const late = { namespace: "app", serviceAccount: "web", effectiveAt: Date.parse("2026-01-01T00:10:01Z") };
    const found = await findings(smallCluster(), { associations: [late] });
    assert.equal(found.length, 3);
    assert.match(found[0] ?? "", /^Pod app\/web-1-a: was admitted before the association/);
  });

  it("find a secret in the state", async () => {
    const found = await findings(smallCluster(), {
      texts: [{ where: "state export", text: `{"password": "${SECRET}"}` }],
    });
    assert.deepEqual(found, [
      "state export: shows a generated secret. Keep it an Output marked secret, and out of messages.",
    ]);
  });

  it("find objects that are gone, and fields that somebody changed", async () => {
    const plannedObjects = [
      ...contextOf([]).plannedObjects,
      planned("core/v1:ConfigMap", { metadata: { name: "settings", namespace: "app" } }),
      planned("core/v1:Secret", { metadata: { name: "web-keys", namespace: "app" }, stringData: { salt: "pepper" } }),
    ];
    assert.deepEqual(await findings(smallCluster(), { plannedObjects }), [
      "ConfigMap app/settings: is not in the API server. Look at what its create answered.",
      "Secret app/web-keys: data.salt is not as it was sent. Find who changed or dropped it.",
    ]);
  });

  it("do not compare what the engine's state keeps closed", async () => {
    const stringData = { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", ciphertext: "v1:x" };
    const closed = planned("core/v1:Secret", { metadata: { name: "web-keys", namespace: "app" }, stringData });
    const plannedObjects = [...contextOf([]).plannedObjects, closed];
    assert.deepEqual(await findings(smallCluster(), { plannedObjects }), []);
  });

  it("do not pass off the schema of a permissive CRD as judged", async () => {
    const plannedObjects = [
      ...contextOf([]).plannedObjects,
      planned("monitoring.coreos.com/v1:ServiceMonitor", { metadata: { name: "web", namespace: "app" } }),
    ];
    const verdicts = await runChecks(
      contextOf(smallCluster(), { plannedObjects, permissiveKinds: ["monitoring.coreos.com/ServiceMonitor"] }),
    );
    assert.equal(verdicts.find(({ drill }) => drill === "schema of ServiceMonitor")?.outcome, "not run");
    assert.ok(
      verdicts.find(({ drill }) => drill === "monitors find what they measure")?.basis?.includes("permissive CRDs"),
    );
  });

  it("find a chart that sets the replicas of an autoscaled workload", async () => {
    const made = object("apps/v1", "Deployment", "web", "app", { spec: { replicas: 3 } });
    const found = await findings(smallCluster(), { releases: [release({ objects: [made] })] });
    assert.deepEqual(found, [
      "Deployment app/web: is applied with 3 replicas although HorizontalPodAutoscaler app/web sets them. Leave the field out.",
    ]);
  });

  describe("of webhooks", () => {
    const hook = (fields: Properties) =>
      object("admissionregistration.k8s.io/v1", "ValidatingWebhookConfiguration", "web", undefined, {
        metadata: { namespace: undefined },
        webhooks: [
          {
            name: "pods.web",
            clientConfig: { service: { namespace: "app", name: "web", port: 3000 } },
            rules: [{ apiGroups: [""], resources: ["pods"], operations: ["CREATE"] }],
            ...fields,
          },
        ],
      });

    it("find one that must admit its own pods", async () => {
      const found = await findings(smallCluster(), { releases: [release({ recorded: [hook({})] })] });
      assert.equal(found.length, 1);
      assert.match(
        found[0] ?? "",
        /^ValidatingWebhookConfiguration web: pods.web must admit Pod app\/web-1-a, which serves it/,
      );
    });

    it("take one that leaves its namespace out", async () => {
      const namespaceSelector = {
        matchExpressions: [{ key: "kubernetes.io/metadata.name", operator: "NotIn", values: ["app"] }],
      };
      assert.deepEqual(
        await findings(smallCluster(), { releases: [release({ recorded: [hook({ namespaceSelector })] })] }),
        [],
      );
    });

    it("find one without a Service", async () => {
      const clientConfig = { service: { namespace: "app", name: "hook" } };
      const found = await findings(smallCluster(), { releases: [release({ recorded: [hook({ clientConfig })] })] });
      assert.deepEqual(found, [
        "ValidatingWebhookConfiguration web: is served by Service app/hook, which does not exist. Mend the reference.",
      ]);
    });
  });
});
