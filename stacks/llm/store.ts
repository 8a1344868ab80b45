import * as pulumi from "@pulumi/pulumi";
import {
  allReady,
  type ControllerIdentity,
  LustreFileSystem,
  MODEL_SERVICE_ACCOUNTS,
  ModelStore,
  type ModelStoreGrant,
  ModelVolume,
  modelImporterStatements,
  modelReaderStatements,
  partitionOf,
  policyDocument,
} from "../../components";
import { zonesOf } from "../cluster-foundation";
import { identityFactory } from "../identities";
import { NAMESPACES } from "../namespaces";
import type { Settings } from "../settings";
import { type StoredModel, storedModels } from "../settings/stored-models";
import type { LlmParts } from "./parts";

type Kind = Settings["llm"]["models"][string]["weights"]["kind"];

/** The store, who may use it, and the volumes that show it. */
export interface ModelStoreParts {
  readonly store: ModelStore;
  /** Gate: model servers may read the store. */
  readonly readersReady: pulumi.Output<string>;
  /** Gate: import Jobs may add to the store. */
  readonly importersReady: pulumi.Output<string>;
  /** Volumes by the kind of weights; only those that a server uses. */
  readonly volumes: Partial<Record<Kind, ModelVolume>>;
}

/** Claims in the namespace of models, by the kind of weights. */
export const MODEL_CLAIMS = { s3Mount: "model-store", efs: "llm-model-pvc", fsxLustre: "model-lustre" } as const;

/** The model store, its identities, and the volumes that servers read it by. */
export function createModelStore(parts: LlmParts): ModelStoreParts {
  const { llm, context, namespaces, stores, providers } = parts;
  const { create, existing } = llm.store.bucket;
  const store = new ModelStore(
    "model-store",
    {
      namespace: namespaces.models?.namespaceName ?? NAMESPACES.models,
      create: create && { ...create, kmsKeyArn: stores.kmsKeyArn ?? "", durable: context.durable },
      existing: existing && {
        bucketName: existing.name,
        region: existing.region ?? context.region,
        endpoint: existing.endpoint,
        kmsKeyArn: existing.kmsKeyArn,
      },
      environment: llm.store.environment ?? pulumi.getStack(),
      promotions: storedModels(llm).flatMap(({ model, version, promotion }) =>
        promotion === undefined ? [] : [{ model, version, ...promotion }],
      ),
    },
    providers.both,
  );
  return { store, ...createStoreIdentities(parts, store), volumes: createVolumes(parts, store) };
}

/** Who may do what with the store. Like all identities they need names alone, and come right after the cluster. */
function createStoreIdentities({ context, llm, foundation, providers }: LlmParts, store: ModelStore) {
  const identity = identityFactory(context, foundation.cluster, providers.aws);
  const account = (serviceAccount: string): ControllerIdentity => ({ namespace: NAMESPACES.models, serviceAccount });
  const grant: pulumi.Output<ModelStoreGrant> = pulumi
    .all([store.bucketArn, store.kmsKeyArn, store.region])
    .apply(([bucketArn, kmsKeyArn, region]) => ({ bucketArn, kmsKeyArn, region }));
  const sources = storedModels(llm).flatMap((version) => sourceGrant(version, context.region));
  return {
    readersReady: identity("model-server", account(MODEL_SERVICE_ACCOUNTS.server), {
      policy: grant.apply((of) => policyDocument(modelReaderStatements(of))),
    }),
    importersReady: identity("model-import", account(MODEL_SERVICE_ACCOUNTS.import), {
      policy: grant.apply((of) => policyDocument(modelImporterStatements(of, sources))),
    }),
  };
}

function sourceGrant({ source }: StoredModel, ownRegion: string) {
  if (source?.bucket === undefined) return [];
  const { name, prefix, region = ownRegion, kmsKeyArn = "" } = source.bucket;
  return [{ bucketArn: `arn:${partitionOf(region)}:s3:::${name}`, prefix, region, kmsKeyArn }];
}

function createVolumes(parts: LlmParts, store: ModelStore): Partial<Record<Kind, ModelVolume>> {
  const { llm, foundation, namespaces, operations, providers } = parts;
  const { addons } = foundation;
  const usersOf = (kind: Kind) => Object.values(llm.models).filter(({ weights }) => weights.kind === kind);
  const namespace = namespaces.models?.namespaceName ?? NAMESPACES.models;
  const [mounting] = usersOf("s3Mount");
  const [sharing] = usersOf("efs");
  const volume = (
    kind: keyof typeof MODEL_CLAIMS,
    args: Omit<ConstructorParameters<typeof ModelVolume>[1], "namespace" | "claimName">,
  ) =>
    new ModelVolume(
      `model-volume-${kind.toLowerCase()}`,
      { namespace, claimName: MODEL_CLAIMS[kind], ...args },
      providers.kubernetes,
    );
  const lustre = usersOf("fsxLustre").length > 0 ? createLustre(parts, store) : undefined;
  return {
    ...(mounting && {
      s3Mount: volume("s3Mount", {
        s3Mount: { bucketName: store.bucketName, region: store.region, cacheSize: mounting.weights.s3Mount?.cacheSize },
        sourceReady: store.ready,
        driverReady: addons.s3MountsReady,
      }),
    }),
    ...(sharing && {
      efs: volume("efs", {
        efs: { size: sharing.weights.efs?.size },
        sourceReady: operations.storageReady,
        driverReady: addons.sharedStorageReady,
      }),
    }),
    ...(lustre && {
      fsxLustre: volume("fsxLustre", {
        fsxLustre: {
          fileSystemId: lustre.fileSystemId,
          dnsName: lustre.dnsName,
          mountName: lustre.mountName,
          size: `${llm.store.lustre?.storageGiB ?? 1200}Gi`,
        },
        sourceReady: allReady(store.ready, lustre.ready),
        driverReady: addons.lustreReady,
      }),
    }),
  };
}

function createLustre({ context, llm, foundation, providers }: LlmParts, store: ModelStore): LustreFileSystem {
  const { zone, ...sizes } = llm.store.lustre ?? {};
  const zones = zonesOf(context);
  const index = zone === undefined ? 0 : zones.indexOf(zone);
  return new LustreFileSystem(
    "model-lustre",
    {
      ...sizes,
      vpcId: foundation.network.vpcId,
      subnetId: foundation.network.privateSubnetIds.apply((ids) => ids[index] ?? ""),
      clientSecurityGroupId: foundation.cluster.clusterSecurityGroupId,
      bucketName: store.bucketName,
      storeReady: store.ready,
    },
    providers.aws,
  );
}
