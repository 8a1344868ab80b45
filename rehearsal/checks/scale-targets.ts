import { described, type KubernetesObject } from "../api/objects";
import { type Verdict, verdict } from "../verdict";
import { type CheckContext, objectBasis } from "./context";
import { named } from "./pods";
import type { Snapshot } from "./snapshot";

const MADE_BY_KEDA = "scaledobject.keda.sh/name";
/** Flagger holds the target of a canary at a number of its own between two versions. */
const PAUSED = "autoscaling.keda.sh/paused-replicas";

/** Every autoscaler scales something that exists, one for a workload, and nothing else sets the number of its pods. */
export function checkAutoscalers(context: CheckContext): Verdict[] {
  const { snapshot } = context;
  const scalers = autoscalers(snapshot);
  const advisers = snapshot.all("VerticalPodAutoscaler");
  const findings = [
    ...[...scalers, ...advisers].flatMap((scaler) => missingTarget(snapshot, scaler)),
    ...scalers.flatMap((scaler, index) => rivals(snapshot, scaler, scalers.slice(0, index))),
    ...scalers.flatMap((scaler) => outOfBounds(snapshot, scaler)),
    ...fixedReplicas(context),
  ];
  const figure = `${scalers.length} autoscalers, ${advisers.length} advisers`;
  return [
    verdict("autoscalers have a workload of their own", figure, findings, objectBasis(context, ["ScaledObject"])),
  ];
}

/** What sets the number of pods of a workload; the HPA that KEDA makes of a ScaledObject is not counted beside it. */
export function autoscalers(snapshot: Snapshot): KubernetesObject[] {
  const horizontal = snapshot.all("HorizontalPodAutoscaler").filter(({ metadata }) => {
    const owner = metadata.ownerReferences?.find(({ kind }) => kind === "ScaledObject")?.name;
    const source = owner ?? metadata.labels?.[MADE_BY_KEDA];
    return source === undefined || snapshot.find("ScaledObject", source, metadata.namespace) === undefined;
  });
  return [...horizontal, ...snapshot.all("ScaledObject")];
}

/** The workload that an autoscaler scales; undefined when it does not exist. */
export function targetOf(snapshot: Snapshot, scaler: KubernetesObject): KubernetesObject | undefined {
  const { kind, name } = targetReference(scaler);
  return snapshot.find(kind, name, scaler.metadata.namespace);
}

function targetReference({ spec }: KubernetesObject): { kind: string; name: string } {
  const { kind = "Deployment", name = "" } = spec?.scaleTargetRef ?? spec?.targetRef ?? {};
  return { kind, name };
}

function missingTarget(snapshot: Snapshot, scaler: KubernetesObject): string[] {
  if (targetOf(snapshot, scaler) !== undefined) return [];
  const target = described({ apiVersion: "", ...targetReference(scaler), namespace: scaler.metadata.namespace });
  return [`${named(scaler)}: scales ${target}, which does not exist. Mend the name, or leave the autoscaler out.`];
}

function rivals(snapshot: Snapshot, scaler: KubernetesObject, others: readonly KubernetesObject[]): string[] {
  const target = targetOf(snapshot, scaler);
  const rival = others.find((other) => target !== undefined && targetOf(snapshot, other) === target);
  if (rival === undefined || target === undefined) return [];
  return [`${named(scaler)}: ${named(rival)} scales ${named(target)} too, and they fight. Keep one.`];
}

function outOfBounds(snapshot: Snapshot, scaler: KubernetesObject): string[] {
  const target = targetOf(snapshot, scaler);
  if (target === undefined || scaler.metadata.annotations?.[PAUSED] !== undefined) return [];
  const { spec } = scaler;
  const fewest = spec?.minReplicas ?? spec?.minReplicaCount ?? (scaler.kind === "ScaledObject" ? 0 : 1);
  const most = spec?.maxReplicas ?? spec?.maxReplicaCount ?? 100;
  const replicas = target.spec?.replicas ?? 1;
  if (replicas >= fewest && replicas <= most) return [];
  return [
    `${named(target)}: has ${replicas} replicas, but ${named(scaler)} allows ${fewest} to ${most}. Find who sets them.`,
  ];
}

/** What is applied with a fixed number puts the autoscaler back with every `up`. Stand-ins are not judged: no post-renderer saw them. */
function fixedReplicas({ snapshot, plannedObjects, releases }: CheckContext): string[] {
  const sent = [
    ...plannedObjects.map(({ type, inputs }) => ({ ...inputs, kind: type.split(":").at(-1) })),
    ...releases.filter(({ rendered }) => rendered).flatMap(({ objects }) => [...objects]),
  ] as KubernetesObject[];
  return autoscalers(snapshot).flatMap((scaler) => {
    const target = targetReference(scaler);
    const { namespace } = scaler.metadata;
    const fixed = sent.find(
      ({ kind, metadata, spec }) =>
        kind === target.kind &&
        // Of a Rollout it is the first number alone: the program leaves it out of every later `up` (ignoreChanges).
        kind !== "Rollout" &&
        metadata?.name === target.name &&
        (metadata.namespace ?? namespace) === namespace &&
        spec?.replicas !== undefined,
    );
    if (fixed === undefined) return [];
    return [
      `${named(fixed)}: is applied with ${fixed.spec.replicas} replicas although ${named(scaler)} sets them. Leave the field out.`,
    ];
  });
}
