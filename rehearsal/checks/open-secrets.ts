import { gunzipSync } from "node:zlib";
import { encodedForms, TextSearch } from "../../preview/text-search";
import type { KubernetesObject } from "../api/objects";
import { notRun, type Verdict, verdict } from "../verdict";
import type { CheckContext } from "./context";
import { named } from "./pods";

const DRILL = "no generated secret is in plain text";
const HELM_RECORD = "helm.sh/release.v1";

/** No generated secret stands in state, logs, files, or any object but the data of a Secret, plain or encoded. */
export function checkOpenSecrets({ snapshot, secrets, texts }: CheckContext): Verdict[] {
  if (secrets.length === 0) return [notRun(DRILL, "no generated secret is known: an installed plugin made them")];
  const search = new TextSearch(secrets.flatMap(encodedForms));
  const findings = [
    ...texts
      .filter(({ text }) => search.foundIn(text))
      .map(({ where }) => `${where}: shows a generated secret. Keep it an Output marked secret, and out of messages.`),
    ...snapshot.objects.filter((object) => search.foundIn(visibleText(object))).map(openIn),
  ];
  const figure = `${secrets.length} secrets, ${texts.length} texts, ${snapshot.objects.length} objects`;
  return [verdict(DRILL, figure, findings)];
}

function openIn(object: KubernetesObject): string {
  return object.type === HELM_RECORD
    ? `${named(object)}: a generated secret is among the values of this Helm release. Name its Secret in the values instead.`
    : `${named(object)}: shows a generated secret. Refer to it by secretKeyRef.`;
}

/** What anybody who may read the object, or the history of a release, sees of it. */
function visibleText(object: KubernetesObject): string {
  if (object.kind !== "Secret") return JSON.stringify(object);
  const record = object.type === HELM_RECORD ? releaseText(String(object.data?.release ?? "")) : "";
  return JSON.stringify(object.metadata) + record;
}

/** Helm packs a release by gzip and writes it in Base64, which the API server does once more. */
function releaseText(data: string): string {
  let bytes = Buffer.from(data, "base64");
  if (!isGzip(bytes)) bytes = Buffer.from(bytes.toString(), "base64");
  return isGzip(bytes) ? gunzipSync(bytes).toString() : bytes.toString();
}

function isGzip(bytes: Buffer): boolean {
  return bytes[0] === 0x1f && bytes[1] === 0x8b;
}
