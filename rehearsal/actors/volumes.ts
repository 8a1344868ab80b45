import type { KubernetesApi } from "../api/api";
import { type KubernetesObject, referenceTo } from "../api/objects";
import { isPassing, unlessGone } from "./loop";
import { readyPods } from "./operator";
import { DRIVERS, growth, isLeaving, isWanting, nodeOfClaim, VOLUME_FINALIZER, volumeFor } from "./volume-objects";

/** What a round looks at. */
interface Storage {
  readonly classes: ReadonlyMap<string, KubernetesObject>;
  /** Provisioners whose driver has a ready pod. */
  readonly working: ReadonlySet<string>;
}

/** Makes, grows and deletes volumes as CSI drivers do, while a pod of the driver is ready. */
export class Volumes {
  constructor(private readonly api: KubernetesApi) {}

  async round(): Promise<void> {
    const claims = (await this.api.list("v1", "PersistentVolumeClaim")).filter(isWanting);
    const volumes = (await this.api.list("v1", "PersistentVolume")).filter(isLeaving);
    if (claims.length === 0 && volumes.length === 0) return;
    const { classes, working } = await this.storage();
    for (const claim of claims) {
      const storageClass = classes.get(claim.spec?.storageClassName ?? "");
      if (storageClass === undefined || !working.has(storageClass.provisioner)) continue;
      if (claim.spec?.volumeName === undefined) await this.make(claim, storageClass);
      else await this.grow(claim, storageClass);
    }
    for (const volume of volumes.filter(({ spec }) => working.has(spec?.csi?.driver))) await this.reclaim(volume);
  }

  private async storage(): Promise<Storage> {
    const classes = await this.api.list("storage.k8s.io/v1", "StorageClass");
    const working = new Set<string>();
    for (const [provisioner, { pods }] of Object.entries(DRIVERS)) {
      if ((await readyPods(this.api, pods)).length > 0) working.add(provisioner);
    }
    return { classes: new Map(classes.map((one) => [one.metadata.name, one])), working };
  }

  private async make(claim: KubernetesObject, storageClass: KubernetesObject): Promise<void> {
    const node = nodeOfClaim(claim, storageClass, await this.api.list("v1", "Node"));
    if (node === undefined) return;
    try {
      await this.api.create(volumeFor(claim, storageClass, node));
    } catch (error) {
      // It was made in the round before and is not bound yet.
      if (!isPassing(error)) throw error;
    }
  }

  private async grow(claim: KubernetesObject, storageClass: KubernetesObject): Promise<void> {
    const storage = growth(claim, storageClass);
    if (storage === undefined) return;
    const volume = { apiVersion: "v1", kind: "PersistentVolume", name: String(claim.spec?.volumeName) };
    await this.api.patch(volume, { spec: { capacity: { storage } } });
    await this.api.patchStatus(referenceTo(claim), { capacity: { storage } });
  }

  private async reclaim(volume: KubernetesObject): Promise<void> {
    const reference = referenceTo(volume);
    const { deletionTimestamp, finalizers = [], resourceVersion } = volume.metadata;
    if (deletionTimestamp === undefined) {
      await this.api.delete(reference);
    } else if (finalizers.includes(VOLUME_FINALIZER)) {
      const left = finalizers.filter((one) => one !== VOLUME_FINALIZER);
      await unlessGone(this.api.patch(reference, { metadata: { finalizers: left, resourceVersion } }));
    }
  }
}
