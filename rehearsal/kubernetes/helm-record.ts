import { gunzipSync, gzipSync } from "node:zlib";
import type { KubernetesApi } from "../api/api";
import { type KubernetesObject, referenceTo } from "../api/objects";

/** How far a revision of a release is. */
export type ReleaseStatus =
  | "pending-install"
  | "pending-upgrade"
  | "deployed"
  | "superseded"
  | "failed"
  | "uninstalling";

/** One revision of a release, as Helm writes it into a Secret of the release's namespace. */
export interface ReleaseRecord {
  readonly name: string;
  readonly namespace: string;
  /** Revision, from 1. */
  readonly version: number;
  readonly info: { readonly status: ReleaseStatus; readonly description: string; readonly last_deployed: string };
  readonly chart: { readonly metadata: { readonly name: string; readonly version: string } };
  /** The values that the program gave. */
  readonly config: Readonly<Record<string, unknown>>;
  /** Objects of the revision, as YAML documents. */
  readonly manifest: string;
}

/** All revisions of a release that Helm remembers, oldest first. */
export async function history(api: KubernetesApi, namespace: string, name: string): Promise<ReleaseRecord[]> {
  const secrets = await api.list("v1", "Secret", { namespace, labelSelector: `owner=helm,name=${name}` });
  return secrets.map(recordIn).sort((one, other) => one.version - other.version);
}

/** The record in a Secret of type `helm.sh/release.v1`. */
export function recordIn(secret: KubernetesObject): ReleaseRecord {
  const encoded = Buffer.from(String(secret.data?.release), "base64").toString();
  return JSON.parse(gunzipSync(Buffer.from(encoded, "base64")).toString());
}

/** The Secret that Helm keeps a record in; its content is base64 twice, once by Helm and once by Kubernetes. */
export function secretOf(record: ReleaseRecord): KubernetesObject {
  const encoded = gzipSync(JSON.stringify(record)).toString("base64");
  const { name, version, namespace, info } = record;
  return {
    apiVersion: "v1",
    kind: "Secret",
    type: "helm.sh/release.v1",
    metadata: {
      name: `sh.helm.release.v1.${name}.v${version}`,
      namespace,
      labels: { name, owner: "helm", status: info.status, version: String(version) },
    },
    data: { release: Buffer.from(encoded).toString("base64") },
  };
}

/** Writes a record down under another status and returns it. */
export async function marked(
  api: KubernetesApi,
  record: ReleaseRecord,
  status: ReleaseStatus,
  description: string,
): Promise<ReleaseRecord> {
  const now = { ...record, info: { ...record.info, status, description } };
  const secret = secretOf(now);
  await api.patch(referenceTo(secret), { metadata: { labels: secret.metadata.labels }, data: secret.data });
  return now;
}

/** The text of a manifest. JSON is YAML, and is read back faster. */
export function manifestOf(objects: readonly KubernetesObject[]): string {
  return objects.map((object) => `---\n${JSON.stringify(object)}\n`).join("");
}

/** The objects that a manifest made here names. */
export function objectsIn(manifest: string): KubernetesObject[] {
  const documents = manifest.split("---\n").filter((document) => document.trim() !== "");
  return documents.map((document) => JSON.parse(document));
}
