import type { KubernetesObject } from "../api/objects";
import type { Properties } from "../providers/provider";
import { type Verdict, verdict } from "../verdict";
import { type CheckContext, podBasis } from "./context";
import { named, podTemplates } from "./pods";

/** Every image has a tag other than `latest`, or a digest. */
export function checkPinnedImages(context: CheckContext): Verdict[] {
  const used = context.snapshot.objects.filter(({ kind }) => kind !== "ReplicaSet").flatMap(imagesOf);
  const findings = used
    .filter(({ image }) => !isPinned(image))
    .map(
      ({ object, image }) => `${named(object)}: image ${image} is not pinned. Give it a version as tag, or a digest.`,
    );
  const figure = `${new Set(used.map(({ image }) => image)).size} images`;
  return [verdict("every image is pinned", figure, [...new Set(findings)], podBasis(context))];
}

/** Whether the reference always means the same version. */
export function isPinned(image: string): boolean {
  if (image.includes("@sha256:")) return true;
  // A colon before the last slash belongs to the registry's port.
  const tag = /:([^:/]+)$/.exec(image)?.[1];
  return tag !== undefined && tag !== "latest";
}

function imagesOf(object: KubernetesObject): { object: KubernetesObject; image: string }[] {
  return podTemplates(object)
    .flatMap(({ spec }) => [...(spec.initContainers ?? []), ...(spec.containers ?? [])] as Properties[])
    .map(({ image = "" }) => ({ object, image }));
}
