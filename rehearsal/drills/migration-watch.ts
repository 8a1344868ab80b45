import type { KubernetesObject } from "../api/objects";
import { complete, runsTag } from "./watch";

/** Where Langfuse runs. */
export const NAMESPACE = "langfuse";

/** What a watch is about, as the table calls it. */
export const MIGRATED_FIRST = "the migration is over before any pod of its version";

/** Sees whether pods of a version come before its migration is over. */
export class MigrationWatch {
  private readonly seen = new Set<string>();
  private readonly early = new Set<string>();
  private readonly jobs = new Set<string>();

  constructor(private readonly version: string) {}

  /** What was seen, in a few words. */
  get figure(): string {
    return `${this.jobs.size} Job, ${this.seen.size} pods of ${this.version}`;
  }

  readonly look = (pods: KubernetesObject[], jobs: KubernetesObject[]): void => {
    const migrations = jobs.filter(
      (job) => job.metadata.name.includes("-migrations-") && runsTag(job.spec.template, this.version),
    );
    for (const { metadata } of migrations) this.jobs.add(metadata.name);
    const over = migrations.some(complete);
    for (const pod of pods) {
      if (!runsTag(pod, this.version) || pod.metadata.ownerReferences?.[0]?.kind === "Job") continue;
      this.seen.add(pod.metadata.name);
      if (!over) this.early.add(pod.metadata.name);
    }
  };

  findings(): string[] {
    return [
      ...(this.jobs.size === 0 ? [`no migration Job of version ${this.version} was seen`] : []),
      ...(this.seen.size === 0 ? [`no pod of version ${this.version} was seen`] : []),
      ...[...this.early].map((pod) => `pod ${pod} of ${this.version} existed before the migration was over`),
    ];
  }
}
