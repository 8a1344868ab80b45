import { stableJson } from "../../../../components/internal/stable-json";
import { COMMIT, modelSourceProblems } from "../../../../components/llm/model-source-checks";
import { coloredVersions } from "../../colored-models";
import { storedName } from "../../model-server";
import { zonesOfNetwork } from "../../pool-zones";
import type { ParsedSections } from "../../settings";
import { adapterServers, mentionedModels, type StoredModel, versionKey } from "../../stored-models";
import { rule, when } from "../rule";

type Llm = ParsedSections["llm"];
type Server = Llm["models"][string];

const BLOCKS = ["s3Streamer", "s3Mount", "efs", "image"] as const;

/** The servers that are made, with the path of each. */
function servers({ enabled, models }: Llm): [path: string, server: Server][] {
  return enabled ? Object.entries(models).map(([name, server]) => [`llm.models.${name}`, server]) : [];
}

const kinds = rule(["llm"], ({ llm }) =>
  servers(llm).flatMap(([path, { weights, source, promotion }]) => {
    const { kind, digest } = weights;
    const inImage = kind === "image";
    return [
      ...BLOCKS.filter((block) => block !== kind && weights[block] !== undefined).map((block) => ({
        path: `${path}.weights.${block}`,
        rule: `must be left out with kind ${kind}`,
        fix: `Remove it, or set kind to ${block}.`,
      })),
      ...Object.entries({ source, promotion, "weights.digest": digest }).flatMap(([key, value]) =>
        when(inImage && value !== undefined, {
          path: `${path}.${key}`,
          rule: "must be left out with weights in the image, which are in no store",
          fix: "Remove it.",
        }),
      ),
    ];
  }),
);

const pinnedImage = rule(["llm", "lifecycle"], ({ llm, lifecycle }) =>
  servers(llm).flatMap(([path, { weights, image }]) =>
    when(
      lifecycle === "durable" &&
        weights.kind === "image" &&
        image !== undefined &&
        !/@sha256:[0-9a-f]{64}$/.test(image),
      {
        path: `${path}.image`,
        rule: "must be pinned by its digest when lifecycle is durable: nothing else vouches for weights in an image",
        got: image,
        fix: "Add @sha256:… as the registry shows it.",
      },
    ),
  ),
);

const sources = rule(["llm", "lifecycle"], ({ llm, lifecycle }) =>
  mentionedModels(llm).flatMap(({ source, path, fromCatalogue, ...version }) => {
    if (source === undefined) {
      return when(llm.store.bucket.existing === undefined && !isImported(llm, version), {
        path: `${path}.source`,
        rule: "is required: nothing else brings this version into a store of our own",
        fix: "Add source.huggingFace or source.bucket, or take a model of the catalogue.",
      });
    }
    const durable = lifecycle === "durable";
    return fromCatalogue ? [] : modelSourceProblems(`${path}.source`, source, durable);
  }),
);

function isImported({ store }: Llm, { model, version }: { model: string; version: string }): boolean {
  return store.imports.some((each) => each.model === model && each.version === version);
}

/** What two mentions of a version must have in common, by the key that says it. */
const COMMON = ["source", "promotion"] as const;

const agreement = rule(["llm"], ({ llm }) => {
  const mentions = mentionedModels(llm);
  return mentions.flatMap((mention, index) =>
    COMMON.flatMap((key) => {
      if (mention[key] === undefined) return [];
      const sameVersion = (other: StoredModel) => versionKey(other) === versionKey(mention) && other[key] !== undefined;
      const first = mentions.slice(0, index).find(sameVersion);
      return when(first !== undefined && stableJson(first[key]) !== stableJson(mention[key]), {
        path: `${mention.path}.${key}`,
        rule: `must be that of ${first?.path}, which has the same version (${versionKey(mention)}): a version never changes`,
        fix: "Take another version, or make them equal.",
      });
    }),
  );
});

const adapters = rule(["llm"], ({ llm }) =>
  servers(llm).flatMap(([path, { loraAdapters }]) =>
    loraAdapters.flatMap((adapter, index) =>
      when(
        llm.store.bucket.existing === undefined &&
          !mentionedModels(llm).some((each) => versionKey(each) === versionKey(adapter)),
        {
          path: `${path}.loraAdapters[${index}]`,
          rule: "must be among llm.store.imports: nothing else brings it into a store of our own",
          got: versionKey(adapter),
          fix: "Add it there with its source.",
        },
      ),
    ),
  ),
);

const imports = rule(["llm"], ({ llm }) =>
  llm.store.imports.flatMap((each, index) => {
    const first = llm.store.imports.findIndex((other) => versionKey(other) === versionKey(each));
    return when(first !== index, {
      path: `llm.store.imports[${index}]`,
      rule: "must name each version once",
      got: versionKey(each),
      fix: `Remove it: llm.store.imports[${first}] is the same.`,
    });
  }),
);

const token = rule(["llm", "secrets"], ({ llm, secrets }) =>
  mentionedModels(llm).flatMap(({ source, path, fromCatalogue }) =>
    when(source?.huggingFace?.token === true && secrets.huggingFaceToken === undefined, {
      path: "secrets.huggingFaceToken",
      rule: fromCatalogue
        ? `is required for ${path}: Hugging Face gives that model only to those who accepted its terms`
        : `is required for ${path}.source, which asks for a token`,
      fix: "Run `pulumi config set --secret --path llm-platform:secrets.huggingFaceToken`.",
    }),
  ),
);

const wayOut = rule(["llm", "network"], ({ llm, network }) =>
  mentionedModels(llm).flatMap(({ source, path }) =>
    when(source?.huggingFace !== undefined && network?.create?.natGateways === "none", {
      path: `${path}.source`,
      rule: "must be a bucket without NAT gateways (network.create.natGateways): Hugging Face is out of reach",
      got: "huggingFace",
      fix: "Copy the model to a bucket and give source.bucket, or add a NAT gateway.",
    }),
  ),
);

const fileSystem = rule(["llm", "storage"], ({ llm, storage }) =>
  servers(llm).flatMap(([path, { weights }]) =>
    when(weights.kind === "efs" && !storage.sharedFileSystem.enabled, {
      path: "storage.sharedFileSystem.enabled",
      rule: `must be true for ${path}.weights of kind efs`,
      got: false,
      fix: "Set it to true.",
    }),
  ),
);

const lustre = rule(["llm", "network"], ({ llm, network }) => {
  const users = servers(llm).filter(([, { weights }]) => weights.kind === "fsxLustre");
  const zones = zonesOfNetwork(network);
  const zone = llm.store.lustre?.zone;
  return [
    ...when(users.length > 0 && llm.store.lustre === undefined, {
      path: "llm.store.lustre",
      rule: `is required for ${users[0]?.[0]}.weights of kind fsxLustre`,
      fix: "Add it; {} makes the smallest file system, which is billed by the hour.",
    }),
    ...when(llm.enabled && users.length === 0 && llm.store.lustre !== undefined, {
      path: "llm.store.lustre",
      rule: "serves nobody: no server has weights of kind fsxLustre, and it is billed by the hour",
      fix: "Remove it.",
    }),
    ...when(network !== undefined && zone !== undefined && !zones.includes(zone), {
      path: "llm.store.lustre.zone",
      rule: `must be one of the network's zones: ${zones.join(", ")}`,
      got: zone,
      fix: "Choose that of the GPU machines.",
    }),
  ];
});

/** GiB that vLLM's image, unpacked, and what else is on a machine take. */
const LEAST_DISK = 60;

const disk = rule(["llm", "nodePools"], ({ llm, nodePools }) => {
  const pool = nodePools.cpu?.capacityType === "spot" ? "system" : "cpu";
  const size = nodePools[pool]?.diskSizeGiB;
  const used = mentionedModels(llm).some(({ source }) => source !== undefined);
  return when(used && size !== undefined && size < LEAST_DISK, {
    path: `nodePools.${pool}.diskSizeGiB`,
    rule: `must be at least ${LEAST_DISK}: imports of models run there, in vLLM's image`,
    got: size,
    fix: "Raise it, or leave it out for 100.",
  });
});

const lustreRegion = rule(["llm", "aws"], ({ llm, aws }) => {
  const region = llm.store.bucket.existing?.region;
  const used = servers(llm).some(([, { weights }]) => weights.kind === "fsxLustre");
  return when(used && region !== undefined && region !== aws.region, {
    path: "llm.store.bucket.existing.region",
    rule: `must be that of the stack (${aws.region}) with weights of kind fsxLustre: the file system takes in new files of its own region alone`,
    got: region,
    fix: "Take a bucket of that region, or another kind of weights.",
  });
});

export const WEIGHTS_RULES = [
  kinds,
  pinnedImage,
  sources,
  agreement,
  adapters,
  imports,
  token,
  wayOut,
  fileSystem,
  lustre,
  disk,
  lustreRegion,
];

/** Whether a server has the version in one of its colours. */
function isColor(llm: Llm, { model, version }: StoredModel): boolean {
  return Object.entries(llm.models).some(
    ([server, settings]) => storedName(server, settings) === model && coloredVersions(settings).includes(version),
  );
}

/** What the owner of a stack should know of its weights although nothing is wrong. */
export function weightsNotices(llm: Llm): string[] {
  return mentionedModels(llm).flatMap((mention) => {
    const { source, path } = mention;
    const revision = source?.huggingFace?.revision;
    return [
      ...(revision === undefined || COMMIT.test(revision)
        ? []
        : [
            `${path}.source: ${revision} is no commit; ${versionKey(mention)} is what it names on the day of the import.`,
          ]),
      ...(mention.quantization === undefined &&
      adapterServers(llm, mention.model, mention.version).length === 0 &&
      !isColor(llm, mention)
        ? [`${path}: ${versionKey(mention)} is imported and not served yet.`]
        : []),
    ];
  });
}
