import type * as pulumi from "@pulumi/pulumi";
import {
  allReady,
  HUGGING_FACE_SECRET,
  type HuggingFaceSourceArgs,
  type ModelAccess,
  ModelImport,
  type ModelQuantization,
} from "../../components";
import { coloredVersions } from "../settings/colored-models";
import { storedName } from "../settings/model-server";
import { type ModelSourceSettings, storedModels, versionKey } from "../settings/stored-models";
import type { LlmParts } from "./parts";
import type { ModelWeightsParts } from "./servers";
import type { ModelStoreParts } from "./store";

/**
 * One import for each version that the settings name with a source. What servers wait for: their own version and their
 * adapters, the volume that shows them, and the identity to read them.
 */
export function createModelImports(parts: LlmParts, made: ModelStoreParts, access: ModelAccess): ModelWeightsParts {
  const { store, importersReady, volumes } = made;
  const { context, llm, foundation, namespaces, operations, providers } = parts;
  const ready = new Map<string, pulumi.Output<string>>();
  for (const { model, version, source, quantization, onEfs } of storedModels(llm)) {
    if (source === undefined) continue;
    const job = new ModelImport(
      `model-import-${model}-v${version}`,
      {
        namespace: namespaces.models?.namespaceName ?? "",
        model,
        version,
        ...sourceArgs(source),
        filePatterns: source.filePatterns,
        quantization: quantization as ModelQuantization | undefined,
        volumeClaimName: onEfs ? volumes.efs?.claimName : undefined,
        // The settings refuse it for a durable stack, and warn of it otherwise.
        movingRevision: !context.durable,
        deadlineMinutes: llm.store.deadlineMinutes,
        placement: context.placement("modelImport"),
        priorityClassName: operations.priorityClasses.batch,
        mirrors: context.mirrors,
        gates: {
          storeReady: store.ready,
          identityReady: allReady(importersReady, access.ready),
          policiesReady: allReady(namespaces.models?.policiesReady, foundation.addons.dnsReady),
          volumeReady: onEfs ? volumes.efs?.ready : undefined,
        },
      },
      providers.kubernetes,
    );
    ready.set(versionKey({ model, version }), job.ready);
  }
  return weightsOfServers(parts, made, ready);
}

function sourceArgs({ huggingFace, bucket }: ModelSourceSettings) {
  const { name: secretName, key: secretKey } = HUGGING_FACE_SECRET;
  const repository: HuggingFaceSourceArgs | undefined = huggingFace && {
    repository: huggingFace.repository,
    revision: huggingFace.revision,
    ...(huggingFace.token ? { token: { secretName, secretKey } } : {}),
  };
  return { huggingFace: repository, bucket: bucket && { name: bucket.name, prefix: bucket.prefix } };
}

function weightsOfServers(
  { llm }: LlmParts,
  { store, readersReady, volumes }: ModelStoreParts,
  imported: ReadonlyMap<string, pulumi.Output<string>>,
): ModelWeightsParts {
  const servers = Object.entries(llm.models);
  const gates = servers.map(([server, settings]) => {
    const { model, weights, loraAdapters } = settings;
    const own = { model: storedName(server, settings), version: model.version };
    const colors = coloredVersions(settings).map((version) => ({ ...own, version }));
    const versions = [own, ...colors, ...loraAdapters].map((each) => imported.get(versionKey(each)));
    return [server, allReady(store.ready, volumes[weights.kind]?.ready, ...versions)] as const;
  });
  const claims = servers.map(([server, { weights }]) => [server, volumes[weights.kind]?.claimName] as const);
  return {
    ready: Object.fromEntries(gates),
    claimNames: Object.fromEntries(claims),
    identityReady: readersReady,
  };
}
