import { type KubernetesObject, referenceTo } from "../api/objects";
import type { Properties } from "../providers/provider";
import { type Operator, ownedBy, setConditions, type Work } from "./operator";

const CANARY = "flagger.app/v1beta1";
const MESH_PROVIDER = "-mesh-provider=";
const PAUSED = "autoscaling.keda.sh/paused-replicas";

/**
 * Flagger: keeps the proven version of each Canary as a Deployment of its own, with its Services and its scaler, and the target at
 * no pod. There are no requests here to judge a new version by, so that it is promoted at once.
 */
export const FLAGGER: Operator = {
  name: "flagger",
  pods: "app.kubernetes.io/name=flagger",
  kinds: [[CANARY, "Canary"]],
  reconcile: reconcileCanary,
};

async function reconcileCanary(canary: KubernetesObject, work: Work): Promise<void> {
  const { api } = work;
  const { namespace = "" } = canary.metadata;
  const { apiVersion, kind, name } = canary.spec.targetRef;
  const target = await api.read({ apiVersion, kind, name, namespace });
  if (target === undefined) return report(canary, work, `deployment ${name}.${namespace} get query error: not found`);
  const primary = primaryOf(canary, target);
  await work.apply(canary, primary);
  for (const service of servicesOf(canary)) await work.apply(canary, service);
  if ((canary.spec.provider ?? usualProvider(work)) === "traefik") await work.apply(canary, divisionOf(canary));
  await scalers(canary, work);
  const live = await api.read(referenceTo(primary));
  const ready: number = live?.status?.availableReplicas ?? 0;
  if (ready < 1) return report(canary, work, `waiting for ${primary.metadata.name}: ${ready} pods are available`);
  if (target.spec.replicas > 0) await api.patch(referenceTo(target), { spec: { replicas: 0 } });
  await setConditions(
    api,
    canary,
    [{ type: "Promoted", status: "True", reason: "Initialized", message: "Deployment initialization completed." }],
    { phase: "Initialized", canaryWeight: 0, failedChecks: 0, iterations: 0 },
  );
}

async function report(canary: KubernetesObject, { api }: Work, message: string): Promise<void> {
  await setConditions(api, canary, [{ type: "Promoted", status: "False", reason: "Initializing", message }], {
    phase: "Initializing",
    canaryWeight: 0,
    failedChecks: 0,
    iterations: 0,
  });
}

/** The target's twin, whose pods differ in the label that the target selects by. */
function primaryOf(canary: KubernetesObject, target: KubernetesObject): KubernetesObject {
  const { name, namespace } = target.metadata;
  const { replicas: _, selector, template, ...spec } = target.spec;
  const app = `${selector.matchLabels.app}-primary`;
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name: `${name}-primary`, ...(namespace === undefined ? {} : { namespace }), ...ownedBy(canary) },
    spec: {
      ...spec,
      selector: { matchLabels: { app } },
      template: { ...template, metadata: { ...template.metadata, labels: { ...template.metadata?.labels, app } } },
    },
  };
}

function servicesOf(canary: KubernetesObject): KubernetesObject[] {
  const { namespace } = canary.metadata;
  const { name: target } = canary.spec.targetRef;
  const { name = target, port, targetPort = port, portName = "http" } = canary.spec.service;
  const selected = {
    [name]: `${target}-primary`,
    [`${name}-primary`]: `${target}-primary`,
    [`${name}-canary`]: target,
  };
  return Object.entries(selected).map(([service, app]) => ({
    apiVersion: "v1",
    kind: "Service",
    metadata: { name: service, ...(namespace === undefined ? {} : { namespace }), ...ownedBy(canary) },
    spec: { type: "ClusterIP", selector: { app }, ports: [{ name: portName, port, targetPort, protocol: "TCP" }] },
  }));
}

/** What canaries that name no provider work by: an option of the controller. */
function usualProvider({ controller }: Work): string | undefined {
  const words = ((controller.spec.containers ?? []) as Properties[]).flatMap(
    ({ command = [], args = [] }): string[] => [...command, ...args],
  );
  return words.find((word) => word.startsWith(MESH_PROVIDER))?.slice(MESH_PROVIDER.length);
}

/** What Traefik shares requests out by; without a new version all of them go to the proven one. */
function divisionOf(canary: KubernetesObject): KubernetesObject {
  const { namespace } = canary.metadata;
  const { name = canary.spec.targetRef.name, port } = canary.spec.service;
  const share = (version: string, weight: number) => ({ name: `${name}-${version}`, namespace, port, weight });
  return {
    apiVersion: "traefik.io/v1alpha1",
    kind: "TraefikService",
    metadata: { name, ...(namespace === undefined ? {} : { namespace }), ...ownedBy(canary) },
    spec: { weighted: { services: [share("primary", 100), share("canary", 0)] } },
  };
}

/** The primary gets a scaler with bounds and queries of its own; the target's is paused at no pod. */
async function scalers(canary: KubernetesObject, work: Work): Promise<void> {
  const {
    kind,
    apiVersion,
    name,
    primaryScalerQueries = {},
    primaryScalerReplicas = {},
  } = canary.spec.autoscalerRef ?? {};
  if (kind !== "ScaledObject") return;
  const { namespace } = canary.metadata;
  const scaler = await work.api.read({ apiVersion, kind, name, ...(namespace === undefined ? {} : { namespace }) });
  if (scaler === undefined) return;
  const { minReplicas, maxReplicas } = primaryScalerReplicas;
  await work.apply(canary, {
    apiVersion,
    kind,
    metadata: { name: `${name}-primary`, ...(namespace === undefined ? {} : { namespace }), ...ownedBy(canary) },
    spec: {
      ...scaler.spec,
      scaleTargetRef: { ...scaler.spec.scaleTargetRef, name: `${scaler.spec.scaleTargetRef.name}-primary` },
      ...(minReplicas === undefined ? {} : { minReplicaCount: minReplicas }),
      ...(maxReplicas === undefined ? {} : { maxReplicaCount: maxReplicas }),
      triggers: (scaler.spec.triggers as Properties[]).map((trigger) => ({
        ...trigger,
        metadata: { ...trigger.metadata, ...queryOf(primaryScalerQueries[trigger.name]) },
      })),
    },
  });
  if (scaler.metadata.annotations?.[PAUSED] === undefined) {
    await work.api.patch(referenceTo(scaler), { metadata: { annotations: { [PAUSED]: "0" } } });
  }
}

function queryOf(query: string | undefined): Properties {
  return query === undefined ? {} : { query };
}
