import assert from "node:assert/strict";
import { IMAGES } from "../../components/internal/images";
import type { RecordedResource } from "../../preview/recorder";
import { isObject, members } from "../support/dig";
import type { Graph } from "../support/graph";
import { KINDS_ALONE, STACKS, stackOf } from "../support/stacks";
import { MIRRORS, recordedVariant, VARIANTS, type VariantName } from "../support/variants";

const RELEASE = "kubernetes:helm.sh/v3:Release";
/** `registry/repository:tag`, with a tag or a digest. */
const REFERENCE = /^[a-z0-9.-]+\.[a-z]{2,}(?::\d+)?(?:\/[a-z0-9._-]+)+(?::[\w.-]+|@sha256:[0-9a-f]{64})$/;
/** Everything that a public registry could be meant by. */
const PUBLIC_REGISTRY =
  /\b(docker\.io|quay\.io|ghcr\.io|gcr\.io|registry\.k8s\.io|public\.ecr\.aws|docker\.langfuse\.com|mcr\.microsoft\.com)\b/;
const EXACT_TAG = /\d+\.\d+|^([0-9a-f]{40}|[0-9a-f]{64})$/;

interface Found {
  readonly where: string;
  readonly reference: string;
}

/** Every image that a resource names: in one text, or in parts as charts want it. */
function imagesOf({ name, inputs }: RecordedResource): Found[] {
  return [...members(inputs)].flatMap(({ path, key, value }): Found[] => {
    const where = `${name} ${path}`;
    if (typeof value === "string") {
      // Also inside arguments: `--reloader=quay.io/…:v1`.
      const text = value.includes("=") ? (value.split("=").at(-1) ?? "") : value;
      return REFERENCE.test(text) || key === "image" ? [{ where, reference: text }] : [];
    }
    if (!isObject(value) || typeof value.repository !== "string") return [];
    const { registry, repository, tag, digest } = value;
    const home = typeof registry === "string" && registry !== "" ? `${registry}/${repository}` : repository;
    return [{ where, reference: digest ? `${home}@${digest}` : `${home}:${tag ?? ""}` }];
  });
}

function allImages(graph: Graph): Found[] {
  return graph.resources.filter(({ type }) => type.startsWith("kubernetes:")).flatMap(imagesOf);
}

describe("images and charts", () => {
  for (const stack of STACKS) {
    it(`are exact in ${stack}`, async () => {
      const { graph } = await stackOf(stack);
      const images = allImages(graph);
      assert.ok(images.length > 30);
      for (const { where, reference } of images) {
        assert.match(reference, REFERENCE, where);
        const tag = reference.split(":").at(-1) ?? "";
        assert.match(tag, EXACT_TAG, `${where}: ${reference}`);
        assert.doesNotMatch(tag, /latest/, where);
      }
    });

    it(`are named by the table of pins in ${stack}, or by a version in the settings`, async () => {
      const { graph } = await stackOf(stack);
      const pinned = new Set(
        Object.values(IMAGES).map(({ registry, repository, tag }) => `${registry}/${repository}:${tag}`),
      );
      for (const { where, reference } of allImages(graph)) assert.ok(pinned.has(reference), `${where}: ${reference}`);
    });
  }

  it("name an image for every release", async () => {
    const { graph } = await stackOf("prod");
    for (const release of graph.ofType(RELEASE)) {
      if (KINDS_ALONE.includes(String(release.inputs.name))) continue;
      assert.notEqual(imagesOf(release).length, 0, release.name);
    }
  });

  it("come from the mirrors alone, when there are mirrors", async () => {
    const { graph } = await recordedVariant("no NAT gateway, all from mirrors");
    for (const { where, reference } of allImages(graph)) {
      assert.ok(reference.startsWith(`${MIRRORS.images}/`), `${where}: ${reference}`);
    }
    for (const { name, type, inputs } of graph.resources) {
      if (!type.startsWith("kubernetes:")) continue;
      for (const { path, value } of members(inputs)) {
        if (typeof value !== "string") continue;
        const unmirrored = PUBLIC_REGISTRY.test(value.replaceAll(/\S*\.amazonaws\.com\/mirror\/\S+/g, ""));
        assert.ok(!unmirrored || /^mirror\//.test(value), `${name} ${path}: ${value}`);
      }
    }
    for (const { name, inputs } of graph.ofType(RELEASE)) {
      const { chart, version, repositoryOpts } = inputs;
      assert.match(String(chart), new RegExp(`^\\./charts/[a-z0-9-]+-${version}\\.tgz$`), name);
      assert.equal(repositoryOpts, undefined, name);
    }
  });

  for (const variant of Object.keys(VARIANTS) as VariantName[]) {
    it(`never move: ${variant}`, async () => {
      const { graph } = await recordedVariant(variant);
      for (const { where, reference } of allImages(graph)) {
        assert.match(reference, REFERENCE, where);
        assert.match(reference.split(":").at(-1) ?? "", EXACT_TAG, where);
      }
    });
  }
});
