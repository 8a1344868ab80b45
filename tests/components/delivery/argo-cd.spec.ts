import assert from "node:assert/strict";
import * as random from "@pulumi/random";
import { parse } from "yaml";
import { ArgoCd, type ArgoCdArgs } from "../../../components/delivery/argo-cd";
import { DELIVERED_GROUPS } from "../../../components/delivery/argo-cd-kinds";
import { argoCdValues } from "../../../components/delivery/argo-cd-values";
import { ready } from "../../../components/internal/gates";
import { failureOf, graphOf, secretPaths } from "../../support/graph";
import { explicitProviders } from "../../support/providers";

const RELEASE = "kubernetes:helm.sh/v3:Release";
const ROLE = "kubernetes:rbac.authorization.k8s.io/v1:Role";
const argoCd = (args: Partial<ArgoCdArgs> = {}) =>
  graphOf(
    () => new ArgoCd("argocd", { namespace: "argocd", managedNamespaces: ["models"], ...args }, explicitProviders()),
  );

describe("ArgoCd", () => {
  it("makes one pinned release, and rights in each namespace that it is given (L56)", async () => {
    const graph = await argoCd({ managedNamespaces: ["models", "others"] });
    const { inputs } = graph.one(RELEASE);
    assert.equal(inputs.name, "argocd");
    assert.equal(inputs.chart, "argo-cd");
    assert.equal(inputs.version, "10.1.1");
    assert.equal(inputs.waitForJobs, true);
    assert.deepEqual(secretPaths(graph.one(RELEASE)), []);
    const roles = graph.ofType(ROLE).map(({ inputs }) => inputs as { metadata: { namespace: string }; rules: Rule[] });
    assert.deepEqual(roles.map(({ metadata }) => metadata.namespace).sort(), ["models", "others"]);
    for (const { rules } of roles) {
      assert.ok(!rules.some(({ resources }) => resources.includes("secrets") || resources.includes("*")));
      assert.ok(rules.some(({ resources, verbs }) => resources.includes("deployments") && verbs.includes("create")));
    }
    assert.deepEqual(graph.component("ArgoCd").outputs, { ready: "ready" });
  });

  it("keeps its kinds, its own policies off, and nobody's way in by default", () => {
    const values = argoCdValues({});
    assert.deepEqual(values.crds, { install: true, keep: true });
    assert.equal(values.global.networkPolicy.create, false);
    assert.deepEqual(values.server.ingress, { enabled: false });
    assert.equal(values.configs.params["server.insecure"], false);
    assert.equal(values.dex.enabled, false);
    assert.equal(values.notifications.enabled, false);
    assert.equal(values.configs.cm["exec.enabled"], false);
    for (const part of [values.server, values.repoServer, values.applicationSet]) {
      assert.equal(part.replicas, 2);
      assert.deepEqual(part.pdb, { enabled: true, minAvailable: 1 });
      assert.equal(part.metrics.serviceMonitor.enabled, false);
    }
    assert.deepEqual(argoCdValues({ replicas: 1 }).server.pdb, { enabled: false });
  });

  it("reads no Secret of the cluster, and writes nothing by its cluster roles", () => {
    const { controller, server, configs } = argoCdValues({});
    const rules: Rule[] = [...controller.clusterRoleRules.rules, ...server.clusterRoleRules.rules];
    for (const { resources, verbs } of rules) {
      assert.ok(!resources.includes("secrets") && !resources.includes("*"));
      assert.deepEqual(
        verbs.filter((verb) => !["get", "list", "watch"].includes(verb)),
        [],
      );
    }
    const watched = parse(configs.cm["resource.inclusions"]) as { kinds: string[] }[];
    const kinds = watched.flatMap((each) => each.kinds);
    for (const { kinds: delivered } of DELIVERED_GROUPS) {
      for (const kind of Object.keys(delivered)) assert.ok(kinds.includes(kind), kind);
    }
    for (const kind of ["Secret", "Namespace", "Role", "ServiceAccount"]) assert.ok(!kinds.includes(kind), kind);
  });

  it("takes everything that can be set", async () => {
    const resources = { requests: { cpu: "1", memory: "1Gi" }, limits: { cpu: "2", memory: "2Gi" } };
    const toleration = { key: "pool", operator: "Exists" };
    const values = argoCdValues({
      replicas: 3,
      controllerResources: resources,
      ingress: {
        className: "traefik",
        host: "cd.example.com",
        tlsSecretName: "cd-tls",
        annotations: { "cert-manager.io/cluster-issuer": "letsencrypt" },
      },
      dex: true,
      serviceMonitors: true,
      placement: { nodeSelector: { pool: "system" }, tolerations: [toleration] },
      priorityClassName: "platform-serving",
      mirrors: { images: "mirror.example.com/pull" },
    });
    assert.equal(values.repoServer.replicas, 3);
    assert.deepEqual(values.controller.resources, resources);
    // TLS ends before the server, and only then.
    assert.equal(values.configs.params["server.insecure"], true);
    assert.deepEqual(values.server.ingress, {
      enabled: true,
      ingressClassName: "traefik",
      hostname: "cd.example.com",
      annotations: { "cert-manager.io/cluster-issuer": "letsencrypt" },
      extraTls: [{ hosts: ["cd.example.com"], secretName: "cd-tls" }],
    });
    assert.equal(values.dex.enabled, true);
    assert.equal(values.controller.metrics.serviceMonitor.enabled, true);
    assert.deepEqual(values.global.nodeSelector, { "kubernetes.io/os": "linux", pool: "system" });
    assert.deepEqual(values.global.tolerations, [toleration]);
    assert.equal(values.global.priorityClassName, "platform-serving");
    for (const { repository } of [
      values.global.image,
      values.dex.image,
      values.redis.image,
      values.redisSecretInit.image,
    ]) {
      assert.match(repository, /^mirror\.example\.com\/pull\//);
    }
    const release = (await argoCd({ mirrors: { charts: "./charts" } })).one(RELEASE);
    assert.equal(release.inputs.chart, "./charts/argo-cd-10.1.1.tgz");
  });

  it("refuses what cannot work, all at once", async () => {
    assert.equal(
      await failureOf(() => new ArgoCd("argocd", { namespace: "argocd", managedNamespaces: [], replicas: 0 })),
      [
        'ArgoCd "argocd" cannot be built from these arguments:',
        "  replicas: must be a whole number of at least 1 (got 0). Use 2.",
        "  managedNamespaces: must name at least one namespace (got none). Name the namespace of the model servers.",
      ].join("\n"),
    );
    assert.match(
      await failureOf(() => new ArgoCd("argocd", { namespace: "argocd", managedNamespaces: ["a", "a"] })),
      /managedNamespaces: must not name a namespace twice/,
    );
  });

  it("waits for its gates, and what it delivers waits for it", async () => {
    const graph = await graphOf(() => {
      const gate = (name: string) => ready([new random.RandomId(name, { byteLength: 2 })]);
      const made = new ArgoCd(
        "argocd",
        {
          namespace: "argocd",
          managedNamespaces: ["models"],
          monitorsReady: gate("monitors"),
          policiesReady: gate("policies"),
          managedReady: gate("managed"),
        },
        explicitProviders(),
      );
      new random.RandomId("application", { byteLength: 2, keepers: { argocd: made.ready } });
    });
    const id = (name: string) => graph.one("random:index/randomId:RandomId", name);
    for (const gate of ["monitors", "policies"]) assert.ok(graph.waitsFor(graph.one(RELEASE), id(gate)), gate);
    assert.ok(graph.waitsFor(graph.one(ROLE), id("managed")));
    assert.ok(graph.waitsFor(id("application"), graph.one(RELEASE)));
    assert.ok(graph.waitsFor(id("application"), graph.one(ROLE)));
  });
});

interface Rule {
  readonly resources: string[];
  readonly verbs: string[];
}
