import assert from "node:assert/strict";
import { ModelBlueGreen } from "../../../components/delivery/model-blue-green";
import { type ModelBlueGreenArgs, ModelColor } from "../../../components/delivery/model-blue-green-args";
import type { Graph } from "../../support/graph";
import { failureOf, graphOf, plainPathsWith, unknownPaths } from "../../support/graph";
import { explicitProviders } from "../../support/providers";
import { SERVER } from "./delivery-fixtures";

const SERVICE = "kubernetes:core/v1:Service";
const JOB = "kubernetes:batch/v1:Job";
const DEPLOYMENT = "kubernetes:apps/v1:Deployment";
const SCALER = "kubernetes:keda.sh/v1alpha1:ScaledObject";
const BASE: ModelBlueGreenArgs = { server: SERVER, activeColor: ModelColor.Blue, blue: {}, green: {} };
const colors = (args: Partial<ModelBlueGreenArgs> = {}) =>
  graphOf(() => new ModelBlueGreen("colors", { ...BASE, ...args }, explicitProviders()));
const newer = { model: { ...SERVER.model, version: "2" } };

interface Named {
  readonly metadata: { readonly name: string };
}

function named(graph: Graph, type: string, name: string) {
  const found = graph.ofType(type).find(({ inputs }) => (inputs as unknown as Named).metadata.name === name);
  return found ?? assert.fail(`no ${type} ${name}`);
}

function namesOf(graph: Graph, type: string): string[] {
  return graph
    .ofType(type)
    .map(({ inputs }) => (inputs as unknown as Named).metadata.name)
    .sort();
}

describe("ModelBlueGreen", () => {
  it("runs both colours under names of their own, and one Service that selects the active one (L59)", async () => {
    const graph = await colors();
    assert.deepEqual(namesOf(graph, DEPLOYMENT), ["llama-70b-blue", "llama-70b-green"]);
    assert.deepEqual(namesOf(graph, SERVICE), ["llama-70b", "llama-70b-blue", "llama-70b-green"]);
    const { spec } = named(graph, SERVICE, "llama-70b").inputs as { spec: { selector: object; ports: object[] } };
    assert.deepEqual(spec.selector, { app: "llama-70b-blue" });
    assert.deepEqual(spec.ports, [{ name: "http", port: 8000, targetPort: 8000, protocol: "TCP" }]);
  });

  it("switches, and goes back, by one word: nothing else changes but who scales", async () => {
    const blue = await colors({ green: newer });
    const green = await colors({ green: newer, activeColor: ModelColor.Green });
    const inputs = (graph: Graph, type: string) =>
      Object.fromEntries(graph.ofType(type).map((each) => [each.name, each.inputs]));
    assert.deepEqual(inputs(blue, DEPLOYMENT), inputs(green, DEPLOYMENT));
    // The Jobs have passed already, so that the way back waits for nothing.
    assert.deepEqual(inputs(blue, JOB), inputs(green, JOB));
    const selector = (graph: Graph) =>
      (named(graph, SERVICE, "llama-70b").inputs as { spec: { selector: object } }).spec.selector;
    assert.deepEqual([selector(blue), selector(green)], [{ app: "llama-70b-blue" }, { app: "llama-70b-green" }]);
  });

  it("lets the active colour scale, and holds the idle one at the least that the switch needs", async () => {
    const graph = await colors();
    const bounds = (name: string) => {
      const { minReplicaCount, maxReplicaCount } = named(graph, SCALER, name).inputs.spec as Record<string, number>;
      return [minReplicaCount, maxReplicaCount];
    };
    assert.deepEqual(
      [bounds("llama-70b-blue"), bounds("llama-70b-green")],
      [
        [3, 12],
        [3, 3],
      ],
    );
    // A number in the workload would fall to 1 when it changes hands.
    for (const { inputs } of graph.ofType(DEPLOYMENT))
      assert.equal((inputs.spec as { replicas?: number }).replicas, undefined);
    const plain = await colors({ server: { ...SERVER, autoscaling: undefined, replicas: 4 } });
    assert.equal(plain.ofType(SCALER).length, 0);
    for (const { inputs } of plain.ofType(DEPLOYMENT)) assert.equal((inputs.spec as { replicas?: number }).replicas, 4);
  });

  it("asks each version once before callers may reach it, by the server's own key", async () => {
    const graph = await colors({ green: newer });
    const jobs = graph.ofType(JOB);
    assert.equal(jobs.length, 2);
    for (const { inputs } of jobs) {
      const { metadata, spec } = inputs as {
        metadata: { name: string; annotations: Record<string, string> };
        spec: Record<string, unknown> & { template: { spec: { containers: Container[] } } };
      };
      assert.match(metadata.name, /^llama-70b-(blue|green)-smoke-[0-9a-f]{8}$/);
      assert.equal(metadata.annotations["pulumi.com/replaceUnready"], "true");
      assert.equal(spec.ttlSecondsAfterFinished, undefined);
      assert.equal(spec.backoffLimit, 0);
      const [container] = spec.template.spec.containers;
      const env = Object.fromEntries((container?.env ?? []).map(({ name, ...rest }) => [name, rest]));
      assert.match(String(env.MODEL_URL?.value), /^http:\/\/llama-70b-(blue|green):8000$/);
      assert.deepEqual(JSON.parse(String(env.MODEL_REQUEST?.value)).model, "llama-70b");
      assert.deepEqual(env.MODEL_API_KEY?.valueFrom, { secretKeyRef: { name: "llama-70b-api-key", key: "api-key" } });
      assert.match(container?.image ?? "", /flagger-loadtester:0\.38\.0$/);
    }
    // One key for both, or callers would have to change theirs at the switch.
    for (const deployment of graph.ofType(DEPLOYMENT)) {
      assert.notDeepEqual(plainPathsWith(deployment, "llama-70b-api-key"), [], deployment.name);
      assert.deepEqual(plainPathsWith(deployment, "llama-70b-blue-api-key"), []);
    }
  });

  it("asks again when the version is another one, and only then", async () => {
    const jobOf = async (args: Partial<ModelBlueGreenArgs>) => namesOf(await colors(args), JOB);
    const before = await jobOf({});
    assert.deepEqual(await jobOf({ activeColor: ModelColor.Green }), before);
    assert.deepEqual(await jobOf({ server: { ...SERVER, autoscaling: undefined, replicas: 2 } }), before);
    const after = await jobOf({ green: newer });
    assert.equal(after[0], before[0]);
    assert.notEqual(after[1], before[1]);
    assert.notEqual((await jobOf({ green: { image: "docker.io/vllm/vllm-openai:v0.33.0" } }))[1], before[1]);
    assert.notEqual((await jobOf({ green: { engine: { maxSequences: 8 } } }))[1], before[1]);
  });

  it("turns the Service only after the active colour's Job, which waits for its pods; an idle colour holds nobody up", async () => {
    const graph = await colors();
    const service = named(graph, SERVICE, "llama-70b");
    const [blue, green] = ["blue", "green"].map((color) => graph.one(JOB, `colors-${color}-smoke`));
    assert.ok(blue && green);
    assert.ok(graph.waitsFor(blue, named(graph, DEPLOYMENT, "llama-70b-blue")));
    assert.ok(graph.waitsFor(service, blue));
    assert.ok(!graph.waitsFor(service, green));
    assert.ok(!graph.waitsFor(service, named(graph, DEPLOYMENT, "llama-70b-green")));
  });

  it("makes one colour where one is given", async () => {
    const graph = await colors({ green: undefined });
    assert.deepEqual(namesOf(graph, DEPLOYMENT), ["llama-70b-blue"]);
    assert.equal(graph.ofType(JOB).length, 1);
  });

  it("refuses what cannot work, all at once", async () => {
    assert.equal(
      await failureOf(
        () =>
          new ModelBlueGreen("colors", {
            ...BASE,
            activeColor: ModelColor.Green,
            green: undefined,
            server: {
              ...SERVER,
              server: "a-name-of-more-than-thirty-four-chars",
              service: false,
              workload: "multiNode",
            },
            smoke: { timeoutSeconds: 5 },
          }),
      ),
      [
        'ModelBlueGreen "colors" cannot be built from these arguments:',
        "  green: must be given: it is the active colour. Add green, empty for the server as it is, or change activeColor.",
        "  server.server: must be at most 34 characters, since each colour is added to it (got a-name-of-more-than-thirty-four-chars). Shorten it.",
        "  server.workload: must not be multiNode: the Service of both colours selects pods, and only the first pod of a group answers (got multiNode). Use deployment, or one version at a time.",
        "  server.service: must not be false: each colour is asked by its own Service (got false). Leave it out.",
        "  smoke.timeoutSeconds: must be a whole number from 30 to 3600 (got 5). Leave it out, or use 300.",
      ].join("\n"),
    );
    assert.match(
      await failureOf(() => new ModelBlueGreen("colors", { ...BASE, activeColor: "red" as ModelColor })),
      /activeColor: must be one of blue, green \(got red\)/,
    );
  });

  it("plans with nothing known, twice in one stack", async () => {
    const graph = await graphOf(
      () => {
        const options = explicitProviders();
        new ModelBlueGreen("one", BASE, options);
        new ModelBlueGreen("two", { ...BASE, server: { ...SERVER, server: "mistral" } }, options);
      },
      { outputs: "unknown" },
    );
    for (const type of [SERVICE, JOB, DEPLOYMENT, SCALER]) {
      for (const resource of graph.ofType(type)) assert.deepEqual(unknownPaths(resource), []);
    }
  });
});

interface Container {
  readonly image: string;
  readonly env: { name: string; value?: string; valueFrom?: object }[];
}
