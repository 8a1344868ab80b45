import assert from "node:assert/strict";
import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { ready } from "../../../components/internal/gates";
import { Langfuse } from "../../../components/langfuse/langfuse";
import type { LangfuseArgs } from "../../../components/langfuse/langfuse-args";
import type { RecordedResource, RecordOptions } from "../../../preview/recorder";
import { type Graph, graphOf, plainPathsWith, revealed, unknownPaths } from "../../support/graph";
import { explicitProviders } from "../../support/providers";
import { fullArgs } from "./langfuse-fixtures";

const JOB = "kubernetes:batch/v1:Job";
const RELEASE = "kubernetes:helm.sh/v3:Release";
const SCALED = "kubernetes:keda.sh/v1alpha1:ScaledObject";
const TRIGGER = "kubernetes:keda.sh/v1alpha1:TriggerAuthentication";
const INGRESS = "kubernetes:networking.k8s.io/v1:Ingress";

const build = (args: LangfuseArgs, options?: RecordOptions) =>
  graphOf(() => new Langfuse("app", args, explicitProviders()), options);
// biome-ignore lint/suspicious/noExplicitAny: objects of Kubernetes, read as they were sent
const inputs = (resource: RecordedResource) => revealed(resource.inputs) as any;

describe("Langfuse's order", () => {
  const GATES = [
    "postgresReady",
    "clickhouseReady",
    "storesReady",
    "secretsReady",
    "policiesReady",
    "identityReady",
    "autoscalerReady",
    "ingressReady",
    "metricsReady",
    "nodesReady",
  ] as const;

  async function gated(): Promise<Graph> {
    return graphOf(() => {
      const options = explicitProviders();
      const provider = (options.providers as pulumi.ProviderResource[])[1];
      const gates = Object.fromEntries(
        GATES.map((gate) => [
          gate,
          ready([
            new kubernetes.core.v1.ConfigMap(
              gate,
              { metadata: { name: "gate", namespace: "x" } },
              provider ? { provider } : {},
            ),
          ]),
        ]),
      );
      new Langfuse("app", { ...fullArgs(), gates }, options);
    });
  }
  const gatesOf = (graph: Graph, type: string, name?: string) =>
    graph
      .dependenciesOf(graph.one(type, name))
      .map((each) => each.name)
      .filter((each) => (GATES as readonly string[]).includes(each))
      .sort();

  it("is one chain: roles, migrations, release, then the rest", async () => {
    const graph = await gated();
    const chain = [graph.one(JOB, "app-roles"), graph.one(JOB, "app-migrations"), graph.one(RELEASE)];
    assert.ok(graph.waitsFor(chain[1] as RecordedResource, chain[0] as RecordedResource));
    for (const last of [graph.one(SCALED), graph.one(INGRESS), graph.one(JOB, "app-smoke")]) {
      for (const link of chain) assert.ok(graph.waitsFor(last, link), `${last.name} waits for ${link.name}`);
    }
    assert.ok(graph.waitsFor(graph.one(RELEASE), graph.one("kubernetes:core/v1:ServiceAccount")));
  });

  it("waits for no more than it needs", async () => {
    const graph = await gated();
    const base = ["nodesReady", "policiesReady", "postgresReady", "secretsReady"];
    const migrated = [...base, "clickhouseReady"];
    const released = [...migrated, "storesReady", "identityReady", "metricsReady"];
    assert.deepEqual(gatesOf(graph, "kubernetes:core/v1:ServiceAccount"), []);
    assert.deepEqual(gatesOf(graph, "kubernetes:core/v1:ConfigMap", "app-roles-scripts"), []);
    assert.deepEqual(gatesOf(graph, JOB, "app-roles"), base);
    assert.deepEqual(gatesOf(graph, JOB, "app-migrations"), migrated.sort());
    assert.deepEqual(gatesOf(graph, RELEASE), released.sort());
    assert.deepEqual(gatesOf(graph, JOB, "app-smoke"), released.sort());
    assert.deepEqual(gatesOf(graph, TRIGGER), ["autoscalerReady", "secretsReady"]);
    assert.deepEqual(gatesOf(graph, SCALED), [...released, "autoscalerReady"].sort());
    assert.deepEqual(gatesOf(graph, INGRESS), [...released, "ingressReady"].sort());
  });

  it("carries release, autoscaling and smoke test in its gate", async () => {
    const graph = await graphOf(() => {
      const options = explicitProviders();
      const provider = (options.providers as pulumi.ProviderResource[])[1];
      const langfuse = new Langfuse("app", fullArgs(), options);
      new kubernetes.core.v1.ConfigMap(
        "after",
        {
          metadata: {
            namespace: "x",
            name: "after",
            annotations: { gate: langfuse.ready, service: langfuse.webServiceName },
          },
        },
        provider ? { provider } : {},
      );
    });
    const later = graph.one("kubernetes:core/v1:ConfigMap", "after");
    for (const earlier of [graph.one(RELEASE), graph.one(SCALED), graph.one(JOB, "app-smoke")]) {
      assert.ok(graph.waitsFor(later, earlier), earlier.name);
    }
    assert.deepEqual(inputs(later).metadata.annotations, { gate: "ready", service: "langfuse-web" });
  });

  it("uses explicit providers and states namespace and name of every object", async () => {
    const graph = await build(fullArgs());
    for (const child of graph.childrenOf(graph.component("Langfuse"))) {
      assert.ok(child.provider.includes("kubernetes"), child.name);
      const { metadata, namespace, name } = inputs(child);
      assert.equal(metadata?.namespace ?? namespace, "langfuse", child.name);
      assert.ok(metadata?.name ?? name, child.name);
    }
  });

  it("survives a preview in which nothing is known, with names that are its own choice", async () => {
    const graph = await build(fullArgs(), { outputs: "unknown" });
    assert.deepEqual(unknownPaths(graph.one(RELEASE)), []);
    assert.deepEqual(unknownPaths(graph.one(JOB, "app-migrations")), []);
    assert.deepEqual(graph.component("Langfuse").outputs, {
      url: "https://langfuse.example.com",
      releaseName: "langfuse",
      webServiceName: "langfuse-web",
      ready: "ready",
    });
  });

  it("keeps what is not known yet to the leaf that needs it", async () => {
    const graph = await graphOf(
      () => {
        const options = explicitProviders();
        const provider = (options.providers as pulumi.ProviderResource[])[1];
        const store = new kubernetes.core.v1.Service(
          "store",
          { metadata: { namespace: "x", name: "y" } },
          provider ? { provider } : {},
        );
        const host = store.status.loadBalancer.ingress[0]?.hostname ?? pulumi.output("");
        new Langfuse("app", { ...fullArgs(), postgres: { ...fullArgs().postgres, host } }, options);
      },
      { outputs: "unknown" },
    );
    assert.deepEqual(unknownPaths(graph.one(RELEASE)), ["values.postgresql.host"]);
  });

  it("puts no secret into any input, even when the caller's names are secret", async () => {
    const args = fullArgs();
    const graph = await build({ ...args, postgres: { ...args.postgres, host: pulumi.secret("hidden-host") } });
    for (const child of graph.childrenOf(graph.component("Langfuse"))) {
      assert.deepEqual(plainPathsWith(child, "hidden-host"), [], child.name);
    }
  });

  it("has room for two in one stack", async () => {
    const graph = await graphOf(() => {
      const options = explicitProviders();
      new Langfuse("one", fullArgs(), options);
      new Langfuse("two", { ...fullArgs("4.4.0"), releaseName: "second" }, options);
    });
    const names = graph
      .ofType(JOB)
      .concat(
        graph.ofType(INGRESS),
        graph.ofType(SCALED),
        graph.ofType(TRIGGER),
        graph.ofType("kubernetes:core/v1:ConfigMap"),
      )
      .map((each) => `${each.type} ${inputs(each).metadata.name}`);
    assert.deepEqual(names, [...new Set(names)]);
  });
});
