import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { parseAllDocuments } from "yaml";
import { ApiError } from "../api/api";
import { type KubernetesObject, referenceTo } from "../api/objects";
import type { RestApi } from "../api/rest-api";

/** A kind that is no part of Kubernetes itself. */
export interface CustomKind {
  readonly apiVersion: string;
  readonly kind: string;
  /** As in paths, e.g. `servicemonitors`. */
  readonly plural: string;
  readonly namespaced: boolean;
}

const API_VERSION = "apiextensions.k8s.io/v1";
const KIND = "CustomResourceDefinition";
const PATIENCE_SECONDS = 60;
const PAUSE_MILLISECONDS = 50;

/** Every CRD in the YAML files below a folder. */
export async function readCrds(folder: string): Promise<KubernetesObject[]> {
  const names = (await readdir(folder, { recursive: true })).filter((name) => /\.ya?ml$/.test(name)).sort();
  const texts = await Promise.all(names.map((name) => readFile(join(folder, name), "utf8")));
  return texts
    .flatMap((text) => parseAllDocuments(text).map((document) => document.toJS() as KubernetesObject))
    .filter(isCrd);
}

function isCrd(object: KubernetesObject | null): boolean {
  return object?.kind === KIND;
}

/** A CRD that accepts whatever is written, for a kind whose own is not to be had. */
export function permissiveCrd({ apiVersion, kind, plural, namespaced }: CustomKind): KubernetesObject {
  const [group = "", version = ""] = apiVersion.split("/");
  const schema = { openAPIV3Schema: { type: "object", "x-kubernetes-preserve-unknown-fields": true } };
  return {
    apiVersion: API_VERSION,
    kind: KIND,
    metadata: {
      name: `${plural}.${group}`,
      // Groups of Kubernetes' own domain are refused without the word of a reviewer.
      annotations: { "api-approved.kubernetes.io": "unapproved, stands in for the project's own" },
    },
    spec: {
      group,
      names: { kind, plural, singular: kind.toLowerCase(), listKind: `${kind}List` },
      scope: namespaced ? "Namespaced" : "Cluster",
      versions: [{ name: version, served: true, storage: true, schema, subresources: { status: {} } }],
    },
  };
}

/** Kinds that no CRD defines: those need a permissive one. A kind that is defined in another version alone is not among them. */
export function undefinedKinds(wanted: readonly CustomKind[], crds: readonly KubernetesObject[]): CustomKind[] {
  const defined = new Set(crds.map(({ spec }) => `${spec.group}/${spec.names.kind}`));
  return wanted.filter(({ apiVersion, kind }) => !defined.has(`${apiVersion.split("/")[0]}/${kind}`));
}

/** Makes CRDs (those that are there already stay as they are) and waits until all of their kinds are served. */
export async function applyCrds(api: RestApi, crds: readonly KubernetesObject[]): Promise<void> {
  await Promise.all(crds.map((crd) => createUnlessThere(api, crd)));
  for (const crd of crds) await untilServed(api, crd);
}

async function createUnlessThere(api: RestApi, crd: KubernetesObject): Promise<void> {
  try {
    await api.create(crd);
  } catch (error) {
    if (!(error instanceof ApiError && error.code === 409)) throw error;
  }
}

/** Asks for the kind, not for the CRD: the large ones are slow to read, over and over. */
async function untilServed(api: RestApi, crd: KubernetesObject): Promise<void> {
  const version = crd.spec.versions.find(({ served }: { readonly served: boolean }) => served);
  const deadline = Date.now() + PATIENCE_SECONDS * 1000;
  while (!(await api.serves(`${crd.spec.group}/${version?.name}`, crd.spec.names.kind))) {
    if (Date.now() > deadline) {
      const { name } = crd.metadata;
      throw new Error(
        `CRD ${name} is not served after ${PATIENCE_SECONDS} s: ${obstacle(await api.read(referenceTo(crd)))}.`,
      );
    }
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MILLISECONDS));
  }
}

interface Condition {
  readonly type: string;
  readonly status: string;
  readonly message?: string;
}

/** Why a CRD's kind is not served, in the server's words. */
export function obstacle(crd: KubernetesObject | undefined): string {
  const conditions: readonly Condition[] = crd?.status?.conditions ?? [];
  const refused = conditions.find(({ type, status }) => type !== "Established" && status === "False");
  return refused?.message ?? "the server does not say why";
}
