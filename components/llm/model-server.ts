import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { after, ready } from "../internal/gates";
import { modelServerNames } from "./model-names";
import type { ModelServerArgs, ModelServerGates } from "./model-server-args";
import { checkModelServerArgs } from "./model-server-checks";
import { concurrentSequences, type ModelServerManifests, modelServerManifests } from "./model-server-manifests";
import { mayBeEmpty, rolloutTimeout } from "./model-server-workload";

/**
 * Replicas of one model on GPUs, behind a Service: vLLM with its arguments, and what starts, drains, scales and spreads them.
 * That the model fits on the machines is judged before anything is made. Weights, the API key, the way in from outside and the
 * machines are not managed here.
 */
export class ModelServer extends pulumi.ComponentResource {
  /** ClusterIP Service on port 8000, available at once; for the gateway. Empty when somebody else makes it. */
  readonly serviceName: pulumi.Output<string>;
  /** Deployment, StatefulSet or LeaderWorkerSet. */
  readonly workloadName: pulumi.Output<string>;
  /** Sequences of full length that one replica holds at once; 0 where nothing is known of the machines. */
  readonly concurrentSequences: pulumi.Output<number>;
  /** Gate: the replicas answer; where none may run, they are only declared. */
  readonly ready: pulumi.Output<string>;

  constructor(name: string, args: ModelServerArgs, opts?: pulumi.ComponentResourceOptions) {
    super("llm-platform:index:ModelServer", name, {}, opts);
    checkModelServerArgs(name, args);
    const manifests = modelServerManifests(args);
    const child = { parent: this };
    const config = new kubernetes.core.v1.ConfigMap(`${name}-engine`, manifests.config, child);
    createServices(name, manifests, child);
    new kubernetes.policy.v1.PodDisruptionBudget(`${name}-budget`, manifests.disruptionBudget, child);
    const workload = createWorkload(name, args, manifests, { ...child, dependsOn: workloadGates(args.gates, config) });
    createScaling(name, args, manifests, workload, child);
    this.serviceName = pulumi.output(manifests.service?.metadata.name ?? "");
    const { workload: workloadName } = modelServerNames(args.server, args.workload);
    this.workloadName = pulumi.all([workload.urn]).apply(() => workloadName);
    this.concurrentSequences = pulumi.output(concurrentSequences(args));
    this.ready = ready([workload]);
    this.registerOutputs({
      serviceName: this.serviceName,
      workloadName: this.workloadName,
      concurrentSequences: this.concurrentSequences,
      ready: this.ready,
    });
  }
}

/** What pods wait for; everything else waits for the provider alone. */
function workloadGates(gates: ModelServerGates = {}, config: kubernetes.core.v1.ConfigMap) {
  return after(
    ready([config]),
    gates.weightsReady,
    gates.identityReady,
    gates.policiesReady,
    gates.gpusReady,
    gates.secretsReady,
    gates.groupsReady,
  );
}

/** Services do not wait for pods: those take longer than anybody waits for a Service, and have a wait of their own. */
function createServices(name: string, manifests: ModelServerManifests, opts: pulumi.CustomResourceOptions): void {
  for (const [role, service] of [
    ["service", manifests.service],
    ["pods", manifests.podsService],
  ] as const) {
    if (service !== undefined) {
      new kubernetes.core.v1.Service(`${name}-${role}`, annotated(service, { "pulumi.com/skipAwait": "true" }), opts);
    }
  }
}

function createWorkload(
  name: string,
  args: ModelServerArgs,
  { deployment, statefulSet, leaderWorkerSet }: ModelServerManifests,
  opts: pulumi.CustomResourceOptions,
) {
  const seconds = rolloutTimeout(args);
  const options = {
    ...opts,
    // By default an `up` gives up after ten minutes, long before a large model has loaded.
    customTimeouts: { create: `${seconds}s`, update: `${seconds}s`, delete: "30m" },
  };
  const empty: Record<string, string> = mayBeEmpty(args) ? { "pulumi.com/skipAwait": "true" } : {};
  if (deployment) return new kubernetes.apps.v1.Deployment(`${name}-workload`, annotated(deployment, empty), options);
  if (statefulSet) {
    return new kubernetes.apps.v1.StatefulSet(`${name}-workload`, annotated(statefulSet, empty), options);
  }
  if (leaderWorkerSet === undefined) throw new pulumi.RunError(`ModelServer "${name}" has no workload`);
  // Nothing in a group's status names the specification that it is about, so on an update the wait may end before the rollout.
  const groups = mayBeEmpty(args) ? empty : { "pulumi.com/waitFor": "condition=Available" };
  return new kubernetes.apiextensions.CustomResource(`${name}-workload`, annotated(leaderWorkerSet, groups), options);
}

function createScaling(
  name: string,
  { gates = {} }: ModelServerArgs,
  { scaledObject, verticalPodAutoscaler }: ModelServerManifests,
  workload: pulumi.Resource,
  opts: pulumi.CustomResourceOptions,
): void {
  const { CustomResource } = kubernetes.apiextensions;
  if (scaledObject) {
    const dependsOn = after(gates.autoscalerReady, ready([workload]));
    new CustomResource(`${name}-scaling`, scaledObject, { ...opts, dependsOn });
  }
  if (verticalPodAutoscaler) {
    const dependsOn = after(gates.adviceReady, ready([workload]));
    new CustomResource(`${name}-advice`, verticalPodAutoscaler, { ...opts, dependsOn });
  }
}

/** What Pulumi alone reads is no part of the manifests. */
function annotated<Object_ extends { readonly metadata: object }>(
  manifest: Object_,
  annotations: Record<string, string>,
): Object_ {
  return Object.keys(annotations).length === 0
    ? manifest
    : { ...manifest, metadata: { ...manifest.metadata, annotations } };
}
