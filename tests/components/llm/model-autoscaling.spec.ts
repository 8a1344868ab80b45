import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { IngressControllerKind, ingressContract } from "../../../components/edge/ingress-contract";
import { ingressControllerValues } from "../../../components/edge/ingress-controller";
import { modelScaledObject } from "../../../components/llm/model-autoscaling";
import { modelVerticalPodAutoscaler } from "../../../components/llm/model-autoscaling-advice";
import { modelAdviceProblems, modelAutoscalingProblems } from "../../../components/llm/model-autoscaling-checks";
import { ModelTrigger, modelScalerQueries } from "../../../components/llm/model-autoscaling-triggers";
import type { ModelAutoscalingArgs } from "../../../components/llm/model-server-args";
import { ModelWakeUp, ModelWorkloadKind } from "../../../components/llm/model-server-kinds";
import type { Properties } from "../../../rehearsal/providers/provider";

const PROMETHEUS = "http://kube-prometheus-stack-prometheus.monitoring.svc.cluster.local:9090";
const CONTEXT = { namespace: "models", concurrency: 36, workloadKind: ModelWorkloadKind.Deployment };
const PROD: ModelAutoscalingArgs = { minReplicas: 3, maxReplicas: 12, prometheusUrl: PROMETHEUS };
const ASLEEP: ModelAutoscalingArgs = { ...PROD, minReplicas: 0, wakeUp: ModelWakeUp.Gateway };
const SERIES = '{namespace="models",model_server="llama-70b",app="llama-70b",job="models/model-servers"}';

interface Trigger {
  readonly type: string;
  readonly name: string;
  readonly metricType: string;
  readonly metadata: Record<string, string>;
}

function triggersOf(args: ModelAutoscalingArgs, context = CONTEXT): Trigger[] {
  return modelScaledObject("llama-70b", args, context).spec.triggers as unknown as Trigger[];
}

function trigger(args: ModelAutoscalingArgs, name: string): Trigger {
  return triggersOf(args).find((each) => each.name === name) ?? assert.fail(`no trigger ${name}`);
}

describe("a model server's ScaledObject", () => {
  it("L32, L33: has the bounds, the speed and the fallback of the seed's autoscaler", () => {
    const { triggers: _, ...spec } = modelScaledObject("llama-70b", PROD, CONTEXT).spec;
    assert.deepEqual(spec, {
      scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: "llama-70b" },
      minReplicaCount: 3,
      maxReplicaCount: 12,
      pollingInterval: 15,
      cooldownPeriod: 600,
      fallback: { failureThreshold: 3, replicas: 3, behavior: "currentReplicasIfHigher" },
      advanced: {
        horizontalPodAutoscalerConfig: {
          behavior: {
            scaleDown: {
              stabilizationWindowSeconds: 300,
              policies: [{ type: "Percent", value: 10, periodSeconds: 60 }],
            },
            scaleUp: {
              stabilizationWindowSeconds: 60,
              selectPolicy: "Max",
              policies: [
                { type: "Percent", value: 50, periodSeconds: 60 },
                { type: "Pods", value: 2, periodSeconds: 60 },
              ],
            },
          },
        },
      },
    });
  });

  it("L32: scales by what waits, what runs and how full the KV cache is, each of one element of this server alone", () => {
    const common = { serverAddress: PROMETHEUS, ignoreNullValues: "false" };
    assert.deepEqual(triggersOf(PROD), [
      {
        type: "prometheus",
        name: "waiting-requests",
        metricType: "AverageValue",
        metadata: { ...common, query: `sum(vllm:num_requests_waiting${SERIES})`, threshold: "5" },
      },
      {
        type: "prometheus",
        name: "running-requests",
        metricType: "AverageValue",
        metadata: { ...common, query: `sum(vllm:num_requests_running${SERIES})`, threshold: "27" },
      },
      {
        type: "prometheus",
        name: "key-value-cache",
        metricType: "Value",
        metadata: { ...common, query: `max(vllm:kv_cache_usage_perc${SERIES})`, threshold: "0.85" },
      },
    ]);
  });

  it("takes its threshold of running requests from what fits, and never below one", () => {
    const threshold = (concurrency: number) =>
      triggersOf(PROD, { ...CONTEXT, concurrency }).find(({ name }) => name === "running-requests")?.metadata.threshold;
    assert.deepEqual([100, 3, 1].map(threshold), ["75", "2", "1"]);
    assert.equal(trigger({ ...PROD, runningRequests: 9 }, "running-requests").metadata.threshold, "9");
    assert.equal(trigger({ ...PROD, waitingRequests: 2 }, "waiting-requests").metadata.threshold, "2");
    assert.equal(trigger({ ...PROD, keyValueCacheUsage: 0.7 }, "key-value-cache").metadata.threshold, "0.7");
  });

  it("L32: has the seed's triggers on CPU, memory and requests a second on request", () => {
    const seed = { ...PROD, cpuPercent: 70, memoryPercent: 80, requestsPerSecond: 50 };
    assert.deepEqual(trigger(seed, "cpu"), {
      type: "cpu",
      name: "cpu",
      metricType: "Utilization",
      metadata: { value: "70" },
    });
    assert.deepEqual(trigger(seed, "memory").metadata, { value: "80" });
    const { metricType, metadata } = trigger(seed, "requests-per-second");
    assert.equal(metricType, "AverageValue");
    assert.equal(metadata.threshold, "50");
    assert.equal(metadata.query, `sum(rate(vllm:request_success_total${SERIES}[1m]))`);
  });

  it("names the kind of the workload", () => {
    const target = (workloadKind: ModelWorkloadKind) =>
      modelScaledObject("llama-70b", PROD, { ...CONTEXT, workloadKind }).spec.scaleTargetRef;
    assert.deepEqual(target(ModelWorkloadKind.StatefulSet), {
      apiVersion: "apps/v1",
      kind: "StatefulSet",
      name: "llama-70b",
    });
    assert.deepEqual(target(ModelWorkloadKind.MultiNode), {
      apiVersion: "leaderworkerset.x-k8s.io/v1",
      kind: "LeaderWorkerSet",
      name: "llama-70b",
    });
  });

  it("leaves a namespace that is known later for later", async () => {
    const context = { ...CONTEXT, namespace: pulumi.output("models") };
    const { triggers } = modelScaledObject("llama-70b", PROD, context).spec;
    assert.ok(pulumi.Output.isInstance(triggers));
    const known = await new Promise((done) => pulumi.output(triggers).apply(done));
    assert.deepEqual(known, triggersOf(PROD));
  });

  describe("that may sleep", () => {
    it("is woken and kept awake by requests at the gateway, refused ones excepted, for one replica and no more", () => {
      const { metadata, metricType } = trigger(ASLEEP, "asked-at-gateway");
      assert.equal(metricType, "AverageValue");
      assert.equal(metadata.threshold, "1");
      assert.equal(metadata.activationThreshold, "0");
      const counter =
        'traefik_router_requests_total{router=~"models-llama-70b-[0-9a-f]{20}@kubernetescrd",code!~"4.."}';
      assert.equal(
        metadata.query,
        [
          `(sum(increase(${counter}[2m])) or vector(0))`,
          `(count(${counter} unless ${counter} offset 2m) or vector(0)) > bool 0`,
        ].join(" + "),
      );
      assert.ok(!triggersOf(ASLEEP).some(({ name }) => name === "asked-at-router"));
    });

    it("can be seen at the gateway: Traefik keeps routes without a server, and counts by route where there are models", () => {
      const contract = ingressContract(IngressControllerKind.Traefik) ?? assert.fail();
      const values = (routeNamespaces: string[]) =>
        ingressControllerValues(IngressControllerKind.Traefik, contract, {
          serviceMonitors: true,
          routeNamespaces,
        }) as Properties;
      assert.equal(values(["models"]).metrics.prometheus.addRoutersLabels, true);
      assert.equal(values(["models"]).providers.kubernetesCRD.allowEmptyServices, true);
      assert.notEqual(values([]).metrics.prometheus.addRoutersLabels, true);
    });

    it("is woken by the router as well when there is one, under every name of the model", () => {
      const servedNames = ["llama", "llama-1.5"];
      const spec = modelScaledObject(
        "llama-70b",
        { ...ASLEEP, wakeUp: ModelWakeUp.Router },
        { ...CONTEXT, servedNames },
      );
      const triggers = spec.spec.triggers as unknown as Trigger[];
      const query = triggers.find(({ name }) => name === "asked-at-router")?.metadata.query ?? "";
      assert.ok(
        query.includes(
          String.raw`vllm:num_incoming_requests_total{job="models/model-router",model=~"llama|llama-1\\.5"}`,
        ),
        query,
      );
      assert.ok(triggers.some(({ name }) => name === "asked-at-gateway"));
    });

    it("takes no series for no requests, but does not fall asleep because Prometheus is away", () => {
      for (const { metadata } of triggersOf(ASLEEP)) assert.equal(metadata.ignoreNullValues, "true");
      const { minReplicaCount, fallback } = modelScaledObject("llama-70b", ASLEEP, CONTEXT).spec;
      assert.equal(minReplicaCount, 0);
      assert.equal(fallback.replicas, 1);
    });
  });

  it("tells a canary's controller the queries of its primary, by the names of the triggers", () => {
    const queries = modelScalerQueries({ namespace: "models", modelServer: "llama-70b", app: "llama-70b-primary" });
    assert.deepEqual(
      Object.keys(queries).sort(),
      triggersOf({ ...PROD, requestsPerSecond: 50 })
        .map(({ name }) => name)
        .sort(),
    );
    assert.match(queries[ModelTrigger.RunningRequests], /app="llama-70b-primary"/);
  });
});

describe("advice about a model server", () => {
  const ADVICE = { minAllowed: { cpu: "4", memory: "16Gi" }, maxAllowed: { cpu: "32", memory: "128Gi" } };

  it("L34: has the seed's bounds and changes nothing", () => {
    const { kind, spec } = modelVerticalPodAutoscaler("llama-70b", ADVICE, CONTEXT);
    assert.equal(kind, "VerticalPodAutoscaler");
    assert.deepEqual(spec, {
      targetRef: { apiVersion: "apps/v1", kind: "Deployment", name: "llama-70b" },
      updatePolicy: { updateMode: "Off" },
      resourcePolicy: {
        containerPolicies: [{ containerName: "*", controlledResources: ["cpu", "memory"], ...ADVICE }],
      },
    });
  });

  it("is refused beside scaling by a share of the same request", () => {
    assert.deepEqual(modelAdviceProblems("autoscaling", ADVICE, PROD), []);
    assert.deepEqual(modelAdviceProblems("autoscaling", undefined, { ...PROD, cpuPercent: 70 }), []);
    assert.deepEqual(
      modelAdviceProblems("autoscaling", ADVICE, { ...PROD, cpuPercent: 70, memoryPercent: 80 }).map(
        ({ path }) => path,
      ),
      ["autoscaling.cpuPercent", "autoscaling.memoryPercent"],
    );
  });
});

describe("checks of a model server's scaling", () => {
  const problems = (args: Partial<ModelAutoscalingArgs>) =>
    modelAutoscalingProblems("autoscaling", { ...PROD, ...args }).map(({ path, rule }) => `${path}: ${rule}`);

  it("accept what works", () => {
    assert.deepEqual(problems({}), []);
    assert.deepEqual(problems({ minReplicas: 0, wakeUp: ModelWakeUp.Router }), []);
  });

  it("refuse bounds the wrong way round, and replicas that are no number", () => {
    assert.deepEqual(problems({ minReplicas: 13 }), ["autoscaling.minReplicas: must not be above maxReplicas (12)"]);
    assert.deepEqual(problems({ minReplicas: 0.5 }), ["autoscaling.minReplicas: must be a whole number of at least 0"]);
    assert.deepEqual(problems({ maxReplicas: 0 }), [
      "autoscaling.maxReplicas: must be a whole number of at least 1",
      "autoscaling.minReplicas: must not be above maxReplicas (0)",
    ]);
  });

  it("refuse to let a server sleep that nothing wakes, and to wake one that never sleeps", () => {
    assert.match(problems({ minReplicas: 0 })[0] ?? "", /^autoscaling\.wakeUp: is required when minReplicas is 0/);
    assert.match(problems({ wakeUp: ModelWakeUp.Gateway })[0] ?? "", /^autoscaling\.wakeUp: must be left out/);
    assert.match(
      problems({ minReplicas: 0, wakeUp: "dream" as ModelWakeUp })[0] ?? "",
      /must be one of router, gateway/,
    );
  });

  it("refuse thresholds that cannot be met or never count", () => {
    assert.equal(
      problems({
        waitingRequests: 0,
        runningRequests: -1,
        keyValueCacheUsage: 85,
        cpuPercent: 0,
        memoryPercent: 101,
        requestsPerSecond: Number.NaN,
      }).length,
      6,
    );
  });
});
