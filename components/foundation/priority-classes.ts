import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { ready } from "../internal/gates";
import { Problems } from "../internal/problems";

/** The ranks, highest first: stores before what serves requests before what can wait. All below Kubernetes' `system-` classes. */
export const PriorityRank = { Data: "data", Serving: "serving", Batch: "batch" } as const;
export type PriorityRank = (typeof PriorityRank)[keyof typeof PriorityRank];

/** The name of the class of a rank, e.g. `platform-data`. */
export function priorityClassName(rank: PriorityRank, prefix = "platform"): string {
  return `${prefix}-${rank}`;
}

export interface PriorityClassesArgs {
  /**
   * What the classes' names start with, a DNS label of at most 50 characters that is not `system`; they are shared by the
   * whole cluster. Default `platform`. Changing it replaces them.
   */
  readonly prefix?: string;
}

/** One priority class for each rank of `PriorityRank`. */
export class PriorityClasses extends pulumi.ComponentResource {
  /** Gate: the classes exist; a pod that names a missing class is rejected. */
  readonly ready: pulumi.Output<string>;

  constructor(name: string, args: PriorityClassesArgs, opts?: pulumi.ComponentResourceOptions) {
    super("llm-platform:index:PriorityClasses", name, {}, opts);
    const problems = new Problems();
    problems.check(/^(?!system(-|$))[a-z0-9]([-a-z0-9]{0,48}[a-z0-9])?$/.test(args.prefix ?? "platform"), {
      path: "prefix",
      rule: "must be at most 50 lower-case letters, digits and dashes, and not system, which Kubernetes keeps for itself",
      got: args.prefix,
      fix: "Use platform.",
    });
    problems.throwIfAny("PriorityClasses", name);

    const priorityClass = (rank: PriorityRank, value: number, preempts: boolean, description: string) =>
      new kubernetes.scheduling.v1.PriorityClass(
        `${name}-${rank}`,
        {
          metadata: { name: priorityClassName(rank, args.prefix) },
          value,
          description,
          preemptionPolicy: preempts ? "PreemptLowerPriority" : "Never",
        },
        { parent: this },
      );
    this.ready = ready([
      priorityClass(PriorityRank.Data, 300_000, true, "Stores: lost last."),
      priorityClass(PriorityRank.Serving, 200_000, true, "Pods that answer requests."),
      priorityClass(PriorityRank.Batch, 100_000, false, "What can wait; never evicts others."),
    ]);
    this.registerOutputs({ ready: this.ready });
  }
}
