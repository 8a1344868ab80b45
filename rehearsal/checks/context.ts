import type { KubernetesApi } from "../api/api";
import type { NodeGroup } from "../aws/observer";
import type { ReleaseObjects } from "../charts/chart-installer";
import type { Properties } from "../providers/provider";
import type { Basis, Verdict } from "../verdict";
import type { Snapshot } from "./snapshot";

/** A resource of the stack, as the engine's state has it. Secrets may be opened, or closed as the engine closes them. */
export interface PlannedObject {
  readonly urn: string;
  /** Type token, e.g. `kubernetes:apps/v1:Deployment`. */
  readonly type: string;
  /** Logical name. */
  readonly name: string;
  readonly inputs: Properties;
  readonly outputs: Properties;
}

/** A Helm release and what it was made of. */
export interface ReleaseRecord extends Pick<ReleaseObjects, "objects" | "recorded" | "rendered"> {
  readonly name: string;
  readonly namespace: string;
}

/** An EKS Pod Identity association. */
export interface Association {
  readonly namespace: string;
  readonly serviceAccount: string;
  /** Milliseconds since 1970: only pods that were admitted later get credentials. */
  readonly effectiveAt: number;
}

/** A text in which no secret may stand. */
export interface SearchedText {
  /** e.g. `state export`. */
  readonly where: string;
  readonly text: string;
}

/** What checks look at. */
export interface CheckContext {
  readonly api: KubernetesApi;
  readonly snapshot: Snapshot;
  readonly plannedObjects: readonly PlannedObject[];
  readonly releases: readonly ReleaseRecord[];
  /** Kinds whose CRD accepts anything, because the real one was not to be had. The kind may follow a group: `keda.sh/ScaledObject`. */
  readonly permissiveKinds: readonly string[];
  readonly nodeGroups: readonly NodeGroup[];
  readonly associations: readonly Association[];
  /** Generated secrets, as texts. */
  readonly secrets: readonly string[];
  readonly texts: readonly SearchedText[];
}

/** One check, or several that look at the same things. */
export type Check = (context: CheckContext) => Verdict[] | Promise<Verdict[]>;

const OPERATED = ["ClickHouseInstallation", "ClickHouseKeeperInstallation", "Prometheus", "Alertmanager"];

/** What a verdict about pods rests on: pods of releases that were not rendered, and those of operators, are stand-ins. */
export function podBasis({ api, releases, snapshot }: CheckContext): Basis[] {
  const standIns = releases.some(({ rendered }) => !rendered) || OPERATED.some((kind) => snapshot.all(kind).length > 0);
  return [...(standIns ? (["stand-in pods"] as const) : []), ...(api.real ? [] : (["in-memory API"] as const))];
}

/** What a verdict about objects of `kinds` and pods rests on. */
export function objectBasis(context: CheckContext, kinds: readonly string[]): Basis[] {
  const permissive = kinds.some((kind) => isPermissive(context, kind) && context.snapshot.all(kind).length > 0);
  return [...podBasis(context), ...(permissive ? (["permissive CRDs"] as const) : [])];
}

/** Whether the API server takes any object of this kind. */
export function isPermissive({ permissiveKinds }: CheckContext, kind: string): boolean {
  return permissiveKinds.some((permissive) => permissive.split(/[/ ]/).at(-1) === kind);
}

/** Namespaces that the stack makes. */
export function ownNamespaces({ plannedObjects }: CheckContext): string[] {
  return plannedObjects
    .filter(({ type }) => type === "kubernetes:core/v1:Namespace")
    .map(({ inputs, outputs, name }) => String(inputs.metadata?.name ?? outputs.metadata?.name ?? name));
}
