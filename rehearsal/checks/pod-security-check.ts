import type { KubernetesObject } from "../api/objects";
import type { Properties } from "../providers/provider";
import { type Verdict, verdict } from "../verdict";
import { type CheckContext, objectBasis, ownNamespaces } from "./context";
import { type PodSpec, restrictedViolations } from "./pod-security";
import { named, podTemplates } from "./pods";
import type { Snapshot } from "./snapshot";

const ENFORCE = "pod-security.kubernetes.io/enforce";
const REASON = "llm-platform/pod-security-reason";

/** Each namespace of the stack enforces `restricted` or says why not, and every pod template in those that do would be let in. */
export function checkPodSecurity(context: CheckContext): Verdict[] {
  const { snapshot } = context;
  const own = ownNamespaces(context);
  const strict = own.filter((name) => level(snapshot, name) === "restricted");
  const templates = strict.flatMap((namespace) => templatesIn(snapshot, namespace));
  const findings = [
    ...own.flatMap((name) => labelFindings(snapshot, name)),
    ...templates.flatMap(({ object, path, spec }) =>
      restrictedViolations(spec).map(
        (violation) =>
          `${named(object)}: ${path}: ${violation}. Pod Security refuses such pods: mend the security context.`,
      ),
    ),
  ];
  const custom = [...new Set(templates.map(({ object }) => object.kind))];
  const figure = `${templates.length} pod templates in ${strict.length} of ${own.length} namespaces`;
  return [verdict("pods pass Pod Security `restricted`", figure, findings, objectBasis(context, custom))];
}

function level(snapshot: Snapshot, namespace: string): string | undefined {
  return snapshot.find("Namespace", namespace)?.metadata.labels?.[ENFORCE];
}

function labelFindings(snapshot: Snapshot, name: string): string[] {
  const namespace = snapshot.find("Namespace", name);
  if (namespace === undefined) return [`Namespace ${name}: does not exist. Look at what its create answered.`];
  const enforced = level(snapshot, name);
  if (enforced === "restricted" || (enforced && namespace.metadata.annotations?.[REASON])) return [];
  return [
    `Namespace ${name}: enforces ${enforced ?? "nothing"}. Set the label ${ENFORCE} to restricted, or say why not in ${REASON}.`,
  ];
}

/** Pods that something makes are judged by its template; the workloads of an operator by themselves as well. */
function templatesIn(snapshot: Snapshot, namespace: string) {
  return snapshot.objects
    .filter(({ metadata }) => metadata.namespace === namespace)
    .filter(({ kind, metadata }) => kind !== "ReplicaSet" && !(kind === "Pod" && metadata.ownerReferences?.length))
    .flatMap((object) =>
      [...podTemplates(object), ...operatedTemplates(object)].map(({ path, spec }) => ({ object, path, spec })),
    );
}

/** The Prometheus operator makes restricted containers by itself; the pod's own context is the resource's. */
function operatedTemplates({ kind, spec = {} }: KubernetesObject): { path: string; spec: PodSpec & Properties }[] {
  if (kind !== "Prometheus" && kind !== "Alertmanager") return [];
  const securityContext = { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } };
  const containers = [{ name: kind.toLowerCase(), securityContext }];
  return [{ path: "spec", spec: { securityContext: spec.securityContext, volumes: spec.volumes, containers } }];
}
