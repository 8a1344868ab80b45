import assert from "node:assert/strict";
import * as random from "@pulumi/random";
import { FlaggerProvider } from "../../../components/delivery/flagger-values";
import { ModelCanary } from "../../../components/delivery/model-canary";
import type { ModelCanaryArgs } from "../../../components/delivery/model-canary-args";
import { canaryDeadline, canaryReplicas } from "../../../components/delivery/model-canary-spec";
import { ready } from "../../../components/internal/gates";
import { ModelServer } from "../../../components/llm/model-server";
import { failureOf, graphOf, plainPathsWith, unknownPaths } from "../../support/graph";
import { explicitProviders } from "../../support/providers";
import { CANARY, SERVER } from "./delivery-fixtures";

const CANARIES = "kubernetes:flagger.app/v1beta1:Canary";
const TEMPLATES = "kubernetes:flagger.app/v1beta1:MetricTemplate";
const PROVIDERS = "kubernetes:flagger.app/v1beta1:AlertProvider";
const canary = (args: Partial<ModelCanaryArgs> = {}) =>
  graphOf(() => new ModelCanary("canary", { ...CANARY, ...args }, explicitProviders()));

interface Spec {
  readonly progressDeadlineSeconds: number;
  readonly provider?: string;
  readonly targetRef: object;
  readonly autoscalerRef: { primaryScalerQueries: Record<string, string>; primaryScalerReplicas: object; kind: string };
  readonly service: object;
  readonly analysis: {
    readonly interval: string;
    readonly threshold: number;
    readonly maxWeight?: number;
    readonly stepWeight?: number;
    readonly iterations?: number;
    readonly metrics: { name: string; thresholdRange: object; interval: string }[];
    readonly webhooks: { name: string; type: string; url: string; timeout?: string; metadata?: { cmd: string } }[];
    readonly alerts?: object[];
  };
}

async function specOf(args: Partial<ModelCanaryArgs> = {}): Promise<Spec> {
  return (await canary(args)).one(CANARIES).inputs.spec as Spec;
}

describe("ModelCanary", () => {
  it("shifts traffic by the seed's numbers (L58)", async () => {
    const { analysis, targetRef } = await specOf();
    assert.deepEqual(targetRef, { apiVersion: "apps/v1", kind: "Deployment", name: "llama-70b" });
    const { interval, threshold, maxWeight, stepWeight } = analysis;
    assert.deepEqual(
      { interval, threshold, maxWeight, stepWeight },
      { interval: "60s", threshold: 5, maxWeight: 50, stepWeight: 10 },
    );
    assert.deepEqual(
      analysis.metrics.map(({ name, thresholdRange }) => [name, thresholdRange]),
      [
        ["time-to-first-token", { max: 2 }],
        ["error-rate", { max: 1 }],
      ],
    );
  });

  it("waits for a model to load: the deadline holds the start and a new node", async () => {
    assert.equal((await specOf()).progressDeadlineSeconds, 2400);
    assert.equal((await specOf({ startupBudget: 3600 })).progressDeadlineSeconds, 4200);
    for (const startupBudget of [60, 1800, 7200]) assert.ok(canaryDeadline({ startupBudget }) >= startupBudget + 600);
    const { customTimeouts } = (await canary()).one(CANARIES).options;
    assert.match(JSON.stringify(customTimeouts), /45m|2700/);
  });

  it("measures the pods of the new version alone, by what the engine counts", async () => {
    const graph = await canary();
    const queries = Object.fromEntries(
      graph.ofType(TEMPLATES).map(({ inputs }) => {
        const { provider, query } = inputs.spec as { provider: object; query: string };
        assert.deepEqual(provider, { type: "prometheus", address: CANARY.prometheusUrl });
        return [(inputs.metadata as { name: string }).name, query];
      }),
    );
    assert.deepEqual(Object.keys(queries).sort(), ["llama-70b-error-rate", "llama-70b-time-to-first-token"]);
    for (const query of Object.values(queries)) {
      // Flagger's template language puts in the namespace, the target's name (which its pods bear) and the window.
      assert.match(query, /namespace="\{\{ namespace \}\}",model_server="llama-70b",app="\{\{ target \}\}"/);
      assert.match(query, /\[\{\{ interval \}\}\]/);
    }
    assert.match(
      queries["llama-70b-time-to-first-token"] ?? "",
      /^histogram_quantile\(0\.95, .*vllm:time_to_first_token_seconds_bucket/,
    );
    assert.match(queries["llama-70b-error-rate"] ?? "", /^100 \* \(/);
  });

  it("scales the proven version by its own pods, within the server's bounds", async () => {
    const { autoscalerRef } = await specOf();
    assert.equal(autoscalerRef.kind, "ScaledObject");
    assert.deepEqual(autoscalerRef.primaryScalerReplicas, { minReplicas: 3, maxReplicas: 12 });
    for (const query of Object.values(autoscalerRef.primaryScalerQueries)) {
      assert.match(query, /namespace="models",model_server="llama-70b",app="llama-70b-primary"/);
    }
  });

  it("names a query for every trigger of the server's scaler that has one", async () => {
    const graph = await graphOf(() => {
      const options = explicitProviders();
      new ModelServer("server", { ...SERVER, service: false }, options);
      new ModelCanary("canary", CANARY, options);
    });
    const scaler = graph.one("kubernetes:keda.sh/v1alpha1:ScaledObject").inputs.spec as {
      triggers: { name: string; type: string; metadata: { query: string } }[];
    };
    const { primaryScalerQueries } = (graph.one(CANARIES).inputs.spec as Spec).autoscalerRef;
    for (const { name, type, metadata } of scaler.triggers) {
      if (type !== "prometheus") continue;
      // The target's scaler counts the target's pods; with the primary's name in its place it is the primary's query.
      assert.equal(primaryScalerQueries[name], metadata.query.replaceAll('app="llama-70b"', 'app="llama-70b-primary"'));
    }
    // One owner of the Service.
    assert.equal(graph.ofType("kubernetes:core/v1:Service").length, 0);
    assert.deepEqual((graph.one(CANARIES).inputs.spec as Spec).service, {
      name: "llama-70b",
      port: 8000,
      targetPort: 8000,
      portName: "http",
      portDiscovery: false,
    });
  });

  it("asks a new version as callers do, and holds no key: the load tester's shell reads it", async () => {
    const { analysis } = await specOf({ servedName: "meta/llama" });
    const [answer, load, rollback] = analysis.webhooks;
    assert.equal(answer?.type, "pre-rollout");
    assert.match(
      answer?.metadata?.cmd ?? "",
      /^curl .*--fail .*http:\/\/llama-70b-canary\.models:8000\/v1\/chat\/completions/,
    );
    assert.equal(load?.type, "rollout");
    assert.match(load?.metadata?.cmd ?? "", /^hey -z 1m -q 10 -c 2 -t 60 -m POST /);
    for (const { metadata } of [answer, load].flatMap((hook) => hook ?? [])) {
      assert.match(metadata?.cmd ?? "", /"Authorization: Bearer \$\(cat \/etc\/model-api-keys\/llama-70b\)"/);
      assert.match(metadata?.cmd ?? "", /'\{"model":"meta\/llama","messages":\[.*\],"max_tokens":16\}'/);
    }
    assert.equal(rollback?.type, "rollback");
    assert.equal(rollback?.url, "http://flagger-loadtester.models:8080/rollback/check");
    // Those of the analysis end before its next step begins.
    assert.equal(load?.timeout, "5s");
  });

  it("alerts by a Secret's name", async () => {
    assert.equal((await canary()).ofType(PROVIDERS).length, 0);
    const graph = await canary({ alert: { type: "slack", channel: "models", secretName: "slack-hook" } });
    assert.deepEqual(graph.one(PROVIDERS).inputs.spec, {
      type: "slack",
      username: "flagger",
      channel: "models",
      secretRef: { name: "slack-hook" },
    });
    assert.deepEqual((graph.one(CANARIES).inputs.spec as Spec).analysis.alerts, [
      { name: "llama-70b", severity: "warn", providerRef: { name: "llama-70b" } },
    ]);
    for (const resource of graph.resources) assert.deepEqual(plainPathsWith(resource, "hooks.slack.com"), []);
  });

  it("takes everything that can be set; without weights it counts checks", async () => {
    const { analysis, provider } = await specOf({
      provider: FlaggerProvider.Kubernetes,
      analysis: { intervalSeconds: 120, threshold: 3, iterations: 5 },
      objectives: { timeToFirstTokenSeconds: 0.5, successPercent: 99.5 },
      load: { ...CANARY.load, requestsPerSecond: 3, workers: 4, maxTokens: 8 },
    });
    assert.equal(provider, "kubernetes");
    const { interval, threshold, iterations, maxWeight } = analysis;
    assert.deepEqual(
      { interval, threshold, iterations, maxWeight },
      {
        interval: "120s",
        threshold: 3,
        iterations: 5,
        maxWeight: undefined,
      },
    );
    assert.deepEqual(
      analysis.metrics.map(({ thresholdRange }) => thresholdRange),
      [{ max: 0.5 }, { max: 0.5 }],
    );
    assert.match(analysis.webhooks[1]?.metadata?.cmd ?? "", /-q 3 -c 4 .*"max_tokens":8/);
  });

  it("runs as large a share of pods as of the traffic", () => {
    assert.deepEqual(canaryReplicas({ minReplicas: 3, maxReplicas: 12 }), { minReplicas: 2, maxReplicas: 6 });
    assert.deepEqual(canaryReplicas({ minReplicas: 1, maxReplicas: 1 }), { minReplicas: 1, maxReplicas: 1 });
    assert.deepEqual(canaryReplicas({ minReplicas: 10, maxReplicas: 20 }, { maxWeight: 10 }), {
      minReplicas: 1,
      maxReplicas: 2,
    });
  });

  it("refuses what cannot work, all at once", async () => {
    assert.equal(
      await failureOf(
        () =>
          new ModelCanary("canary", {
            ...CANARY,
            server: "a-name-that-is-longer-than-forty-characters-are",
            servedName: "it's",
            autoscaler: { minReplicas: 0, maxReplicas: 3 },
            analysis: { intervalSeconds: 5, maxWeight: 20, stepWeight: 30 },
            objectives: { timeToFirstTokenSeconds: 0, successPercent: 100 },
            alert: { type: "pager", secretName: "s", severity: "loud" },
          }),
      ),
      [
        'ModelCanary "canary" cannot be built from these arguments:',
        "  server: must be a DNS label of at most 40 characters (got a-name-that-is-longer-than-forty-characters-are). Shorten it: Flagger adds -primary and -canary.",
        "  servedName: must be letters, digits, dots, dashes, slashes and colons (got it's). Rename it; it becomes part of the load tester's command.",
        "  analysis.intervalSeconds: must be a whole number from 30 to 3600 (got 5). Leave it out, or use 60.",
        "  analysis.stepWeight: must not be above maxWeight (20) (got 30). Lower it, or raise maxWeight.",
        "  autoscaler.minReplicas: must be a whole number from 1 to maxReplicas (got 0). Raise it to 1: a sleeping server has nothing that a new version could be compared with.",
        "  objectives.timeToFirstTokenSeconds: must be above 0 (got 0). Leave it out, or use 2.",
        "  objectives.successPercent: must be above 0 and below 100 (got 100). Leave it out, or use 99.",
        "  alert.type: must be one of slack, msteams, rocket, discord (got pager). Choose one of them.",
        "  alert.severity: must be one of info, warn, error (got loud). Choose warn.",
      ].join("\n"),
    );
  });

  it("comes after Flagger, its templates and the server, and is waited for until the proven version serves", async () => {
    const graph = await graphOf(() => {
      const gate = (name: string) => ready([new random.RandomId(name, { byteLength: 2 })]);
      const made = new ModelCanary(
        "canary",
        { ...CANARY, controllerReady: gate("flagger"), serverReady: gate("server") },
        explicitProviders(),
      );
      new random.RandomId("gateway", { byteLength: 2, keepers: { service: made.serviceName } });
    });
    const id = (name: string) => graph.one("random:index/randomId:RandomId", name);
    const made = graph.one(CANARIES);
    for (const earlier of [id("flagger"), id("server"), ...graph.ofType(TEMPLATES)]) {
      assert.ok(graph.waitsFor(made, earlier), earlier.name);
    }
    assert.ok(graph.waitsFor(id("gateway"), made));
    const { annotations } = made.inputs.metadata as { annotations: Record<string, string> };
    assert.equal(annotations["pulumi.com/waitFor"], "condition=Promoted");
    assert.equal(graph.component("ModelCanary").outputs?.serviceName, "llama-70b");
  });

  it("plans with nothing known, twice in one stack", async () => {
    const graph = await graphOf(
      () => {
        const options = explicitProviders();
        new ModelCanary("one", CANARY, options);
        new ModelCanary("two", { ...CANARY, server: "mistral" }, options);
      },
      { outputs: "unknown" },
    );
    for (const type of [CANARIES, TEMPLATES]) {
      for (const resource of graph.ofType(type)) assert.deepEqual(unknownPaths(resource), []);
    }
  });
});
