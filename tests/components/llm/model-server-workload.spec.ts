import assert from "node:assert/strict";
import { MODEL_PORT } from "../../../components/llm/model-names";
import type { ModelServerArgs } from "../../../components/llm/model-server-args";
import { ModelWorkloadKind } from "../../../components/llm/model-server-kinds";
import { concurrentSequences, modelServerManifests } from "../../../components/llm/model-server-manifests";
import { rolloutTimeout } from "../../../components/llm/model-server-workload";
import { AUTOSCALING, multiNodeArgs, serverArgs } from "./model-server-fixtures";

// biome-ignore lint/suspicious/noExplicitAny: tests read manifests as the API server does.
type Loose = any;
const manifestsOf = (args: Partial<ModelServerArgs> = {}): Loose => modelServerManifests(serverArgs(args));
const ADVICE = { minAllowed: { cpu: "4", memory: "16Gi" }, maxAllowed: { cpu: "32", memory: "128Gi" } };

describe("a model server's objects", () => {
  it("L10: are a Deployment by default, its files, a Service and a budget, all named and placed", () => {
    const made = manifestsOf();
    assert.deepEqual(Object.keys(made).sort(), ["config", "deployment", "disruptionBudget", "service"]);
    for (const { metadata } of Object.values<Loose>(made)) {
      assert.equal(metadata.namespace, "models");
      assert.equal(metadata.labels["llm-platform/model-server"], "llama-70b");
    }
    assert.equal(made.config.immutable, true);
    const [volume] = made.deployment.spec.template.spec.volumes;
    assert.equal(volume.configMap.name, made.config.metadata.name);
  });

  it("roll without a spare GPU: a new pod would wait for the old one, which waits for the new", () => {
    const strategy = (args: Partial<ModelServerArgs>) => manifestsOf(args).deployment.spec.strategy;
    assert.deepEqual(strategy({}), { type: "Recreate" });
    const rolling = { type: "RollingUpdate", rollingUpdate: { maxSurge: 0, maxUnavailable: 1 } };
    assert.deepEqual(strategy({ replicas: 3 }), rolling);
    assert.deepEqual(strategy({ autoscaling: { ...AUTOSCALING, minReplicas: 1 } }), rolling);
    const { progressDeadlineSeconds } = manifestsOf({ timing: { startupBudget: 3600 } }).deployment.spec;
    assert.equal(progressDeadlineSeconds, 4200);
  });

  it("are waited for longer than any step of a rollout may take", () => {
    const timeout = (args: Partial<ModelServerArgs>) => rolloutTimeout(serverArgs(args));
    assert.equal(timeout({}), 2400);
    assert.equal(timeout({ replicas: 3 }), 2400 + 2 * (1800 + 165));
    assert.equal(timeout({ autoscaling: AUTOSCALING }), 2400 + 11 * (1800 + 165));
  });

  it("leave the number of replicas to load where load decides", () => {
    assert.equal(manifestsOf({ replicas: 3 }).deployment.spec.replicas, 3);
    assert.equal(manifestsOf().deployment.spec.replicas, 1);
    for (const workload of [ModelWorkloadKind.Deployment, ModelWorkloadKind.StatefulSet]) {
      const made = manifestsOf({ autoscaling: AUTOSCALING, workload });
      assert.ok(!("replicas" in (made.deployment ?? made.statefulSet).spec));
    }
    const groups: Loose = modelServerManifests(multiNodeArgs({ autoscaling: AUTOSCALING }));
    assert.ok(!("replicas" in groups.leaderWorkerSet.spec));
  });

  it("L26, L27: offer one ClusterIP Service on the pods' own port, and a headless one for a StatefulSet alone", () => {
    const { service } = manifestsOf();
    assert.equal(service.spec.type, "ClusterIP");
    assert.deepEqual(service.spec.ports, [{ name: "http", port: MODEL_PORT, targetPort: "http" }]);
    assert.deepEqual(service.spec.selector, { app: "llama-70b" });
    assert.equal(manifestsOf({ service: false }).service, undefined);
    const stateful = manifestsOf({ workload: ModelWorkloadKind.StatefulSet });
    assert.equal(stateful.podsService.spec.clusterIP, "None");
    assert.equal(stateful.statefulSet.spec.serviceName, stateful.podsService.metadata.name);
    assert.deepEqual(
      [stateful.statefulSet.spec.podManagementPolicy, stateful.statefulSet.spec.updateStrategy.type],
      ["Parallel", "RollingUpdate"],
    );
  });

  it("L25: claim no volume of their own, whatever the kind", () => {
    const stateful = manifestsOf({ workload: ModelWorkloadKind.StatefulSet });
    assert.equal(stateful.statefulSet.spec.volumeClaimTemplates, undefined);
  });

  it("are a group of pods a stage where a model spans machines, reached by its leader", () => {
    const made: Loose = modelServerManifests(multiNodeArgs({ replicas: 2 }));
    const { spec, apiVersion, metadata } = made.leaderWorkerSet;
    assert.equal(apiVersion, "leaderworkerset.x-k8s.io/v1");
    assert.deepEqual([spec.replicas, spec.leaderWorkerTemplate.size], [2, 2]);
    assert.equal(spec.leaderWorkerTemplate.restartPolicy, "RecreateGroupOnPodRestart");
    assert.deepEqual(spec.rolloutStrategy.rollingUpdateConfiguration, { maxUnavailable: 1, maxSurge: 0 });
    // The controller makes a headless Service of the set's name, by which the pods find each other.
    assert.notEqual(made.service.metadata.name, metadata.name);
    assert.equal(made.service.spec.selector["leaderworkerset.sigs.k8s.io/worker-index"], "0");
    for (const template of [spec.leaderWorkerTemplate.leaderTemplate, spec.leaderWorkerTemplate.workerTemplate]) {
      assert.equal(template.metadata.labels.app, "llama-70b");
    }
  });

  it("may lose one pod at a time to a drain, and any that never became ready", () => {
    const { spec } = manifestsOf().disruptionBudget;
    assert.deepEqual([spec.maxUnavailable, spec.unhealthyPodEvictionPolicy], [1, "AlwaysAllow"]);
    assert.deepEqual(spec.selector.matchLabels, { "llm-platform/model-server": "llama-70b" });
    assert.equal(manifestsOf({ maxUnavailable: 2 }).disruptionBudget.spec.maxUnavailable, 2);
  });

  it("L34: advise on CPU and memory within the seed's bounds, and change nothing", () => {
    const { spec } = manifestsOf({ advice: ADVICE }).verticalPodAutoscaler;
    assert.equal(spec.updatePolicy.updateMode, "Off");
    const [policy] = spec.resourcePolicy.containerPolicies;
    assert.deepEqual([policy.minAllowed, policy.maxAllowed], [ADVICE.minAllowed, ADVICE.maxAllowed]);
    assert.equal(spec.targetRef.name, "llama-70b");
  });

  it("scale by the sequences that fit, or by the batch where nobody knows the machines", () => {
    const threshold = (args: Partial<ModelServerArgs>) =>
      manifestsOf({ autoscaling: AUTOSCALING, ...args }).scaledObject.spec.triggers.find(
        ({ name }: Loose) => name === "running-requests",
      ).metadata.threshold;
    const sequences = concurrentSequences(serverArgs());
    assert.equal(threshold({}), String(Math.floor(sequences * 0.75)));
    assert.equal(threshold({ instanceTypes: [] }), "192");
    assert.equal(concurrentSequences(serverArgs({ instanceTypes: [] })), 0);
    const groups: Loose = modelServerManifests(multiNodeArgs({ autoscaling: AUTOSCALING }));
    assert.equal(groups.scaledObject.spec.scaleTargetRef.name, groups.leaderWorkerSet.metadata.name);
  });
});
