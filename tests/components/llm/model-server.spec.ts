import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import { ready } from "../../../components/internal/gates";
import { ModelServer } from "../../../components/llm/model-server";
import type { ModelServerArgs } from "../../../components/llm/model-server-args";
import { ModelWorkloadKind } from "../../../components/llm/model-server-kinds";
import { type Graph, graphOf, secretPaths, unknownPaths } from "../../support/graph";
import { explicitProviders } from "../../support/providers";
import { AUTOSCALING, multiNodeArgs, serverArgs } from "./model-server-fixtures";

const DEPLOYMENT = "kubernetes:apps/v1:Deployment";
const STATEFUL_SET = "kubernetes:apps/v1:StatefulSet";
const CONFIG_MAP = "kubernetes:core/v1:ConfigMap";
const SERVICE = "kubernetes:core/v1:Service";
const BUDGET = "kubernetes:policy/v1:PodDisruptionBudget";
const GROUPS = "kubernetes:leaderworkerset.x-k8s.io/v1:LeaderWorkerSet";
const SCALING = "kubernetes:keda.sh/v1alpha1:ScaledObject";
const ADVICE = "kubernetes:autoscaling.k8s.io/v1:VerticalPodAutoscaler";
const BOUNDS = { minAllowed: { cpu: "4", memory: "16Gi" }, maxAllowed: { cpu: "32", memory: "128Gi" } };
const SKIP = "pulumi.com/skipAwait";

const made = (args: Partial<ModelServerArgs> = {}, options = {}) =>
  graphOf(() => new ModelServer("model", serverArgs(args), explicitProviders()), options);
const annotation = (graph: Graph, type: string, key: string): unknown =>
  (graph.one(type).inputs.metadata as { annotations?: Record<string, unknown> }).annotations?.[key];

describe("ModelServer", () => {
  it("makes files, Service, budget and a Deployment, and says what it is", async () => {
    const graph = await made();
    const types = graph.childrenOf(graph.component("ModelServer")).map(({ type }) => type);
    assert.deepEqual(types.sort(), [DEPLOYMENT, CONFIG_MAP, SERVICE, BUDGET].sort());
    assert.deepEqual(graph.component("ModelServer").outputs, {
      serviceName: "llama-70b",
      workloadName: "llama-70b",
      concurrentSequences: 30,
      ready: "ready",
    });
    for (const resource of graph.childrenOf(graph.component("ModelServer"))) {
      assert.equal((resource.inputs.metadata as { namespace: string }).namespace, "models");
      assert.deepEqual(secretPaths(resource), []);
      assert.match(resource.provider, /::kubernetes::/);
    }
  });

  it("makes the workload that it is asked for, scaling and advice", async () => {
    const stateful = await made({ workload: ModelWorkloadKind.StatefulSet, service: false });
    assert.equal(stateful.one(SERVICE).name, "model-pods");
    assert.equal(stateful.ofType(STATEFUL_SET).length, 1);
    assert.equal((stateful.component("ModelServer").outputs as { serviceName: string }).serviceName, "");
    const groups = await graphOf(() => new ModelServer("model", multiNodeArgs(), explicitProviders()));
    assert.equal(annotation(groups, GROUPS, "pulumi.com/waitFor"), "condition=Available");
    const scaled = await made({ autoscaling: AUTOSCALING, advice: BOUNDS });
    const [workload] = scaled.ofType(DEPLOYMENT);
    for (const type of [SCALING, ADVICE]) {
      assert.ok(workload && scaled.waitsFor(scaled.one(type), workload), type);
    }
  });

  it("waits for pods where some must run, and for no Service's", async () => {
    const graph = await made();
    assert.equal(annotation(graph, SERVICE, SKIP), "true");
    assert.equal(annotation(graph, DEPLOYMENT, SKIP), undefined);
    for (const args of [
      { autoscaling: { ...AUTOSCALING, minReplicas: 0, wakeUp: "router" as const } },
      { replicas: 0 },
    ]) {
      assert.equal(annotation(await made(args), DEPLOYMENT, SKIP), "true");
    }
  });

  it("waits as long as the rollout may take", async () => {
    const graph = await made({ replicas: 3, timing: { startupBudget: 3600 } });
    const { customTimeouts } = graph.one(DEPLOYMENT).options;
    const seconds = (text: string | undefined) => Number(/^(\d+)s$/.exec(text ?? "")?.[1]);
    assert.ok(seconds(customTimeouts?.create) >= 4200, JSON.stringify(customTimeouts));
    assert.equal(customTimeouts?.create, customTimeouts?.update);
  });

  it("lets pods wait for every gate, and the rest for none but its own", async () => {
    const names = [
      "weightsReady",
      "identityReady",
      "policiesReady",
      "gpusReady",
      "secretsReady",
      "groupsReady",
      "autoscalerReady",
      "adviceReady",
    ] as const;
    const graph = await graphOf(() => {
      const gates = Object.fromEntries(
        names.map((name) => [name, ready([new random.RandomId(name, { byteLength: 2 })])]),
      );
      const server = new ModelServer(
        "model",
        serverArgs({ gates, autoscaling: AUTOSCALING, advice: BOUNDS }),
        explicitProviders(),
      );
      new random.RandomId("gateway", { byteLength: 2, keepers: { ready: server.ready } });
    });
    const gate = (name: string) => graph.one("random:index/randomId:RandomId", name);
    const waits = (type: string) => names.filter((name) => graph.waitsFor(graph.one(type), gate(name)));
    assert.deepEqual(waits(DEPLOYMENT), names.slice(0, 6));
    assert.deepEqual(
      waits(SCALING),
      names.filter((name) => name !== "adviceReady"),
    );
    assert.deepEqual(
      waits(ADVICE),
      names.filter((name) => name !== "autoscalerReady"),
    );
    for (const type of [CONFIG_MAP, SERVICE, BUDGET]) assert.deepEqual(waits(type), []);
    assert.ok(graph.waitsFor(gate("gateway"), graph.one(DEPLOYMENT)));
    assert.ok(graph.waitsFor(graph.one(DEPLOYMENT), graph.one(CONFIG_MAP)));
  });

  it("L41: replaces its files under another name when they change, so that running pods keep theirs", async () => {
    const name = async (args: Partial<ModelServerArgs>) =>
      ((await made(args)).one(CONFIG_MAP).inputs.metadata as { name: string }).name;
    assert.notEqual(await name({}), await name({ engine: { tensorParallelSize: 4 } }));
    assert.equal((await made()).one(CONFIG_MAP).inputs.immutable, true);
  });

  it("plans with nothing known, twice in one stack", async () => {
    const graph = await graphOf(
      () => {
        const options = explicitProviders();
        const later = new random.RandomId("later", { byteLength: 2 });
        const tracing = { endpoint: pulumi.interpolate`http://${later.hex}:4317` };
        new ModelServer("one", serverArgs({ server: "one", tracing }), options);
        new ModelServer("two", serverArgs({ server: "two" }), options);
      },
      { outputs: "unknown" },
    );
    assert.equal(graph.ofType(DEPLOYMENT).length, 2);
    assert.deepEqual(unknownPaths(graph.one(DEPLOYMENT, "two-workload")), []);
    // What is known later is an argument of the container; the files, whose name has their hash, are known.
    assert.deepEqual(unknownPaths(graph.one(CONFIG_MAP, "one-engine")), []);
    assert.deepEqual(
      unknownPaths(graph.one(DEPLOYMENT, "one-workload")).map((path) => path.replace(/\[\d+\]$/, "")),
      ["spec.template.spec.containers[0].args"],
    );
  });
});
