import { isCreated, type Plan, planOf } from "./plan";
import { type QuotaNeed, quotaNeeds, uncountedInstanceTypes } from "./quotas";
import { type Reachability, reachabilityOf } from "./reachability";
import type { Recording } from "./recorder";
import type { KeptRehearsal } from "./rehearsal-report";
import { type Schedule, scheduleOf } from "./schedule";
import { type TreeNode, treeOf } from "./tree";

/** Everything that the terminal, the page and the files show about a stack. */
export interface StackView {
  readonly plan: Plan;
  readonly tree: TreeNode;
  readonly schedule: Schedule;
  /** What the settings make worth knowing; not faults. */
  readonly notices: readonly string[];
  readonly quotas: readonly QuotaNeed[];
  /** Instance types for which no vCPUs could be counted. */
  readonly uncounted: readonly string[];
  readonly reachability: Reachability;
  readonly counts: Counts;
  /** How the last rehearsal of the stack ended; undefined when there was none. */
  readonly rehearsal?: ShownRehearsal | undefined;
}

/** A report as the preview shows it. */
export interface ShownRehearsal extends KeptRehearsal {
  /** Whether the settings have changed since. */
  readonly outdated: boolean;
}

/** How many there are of what. */
export interface Counts {
  /** What `pulumi up` creates at a provider. */
  readonly resources: number;
  readonly components: number;
  /** What Pulumi itself counts: components, providers and the stack too. */
  readonly all: number;
}

/** What `pulumi up` cannot be told from here, said wherever a plan is shown. */
export const BLIND_SPOTS: readonly { readonly what: string; readonly why: string }[] = [
  {
    what: "What charts contain",
    why: "a Helm release shows its values, not the objects that its templates make of them.",
  },
  { what: "What providers check", why: "AWS and the Kubernetes API may refuse a value that looks right here." },
  {
    what: "Generated names",
    why: "names with a random suffix, ids, ARNs and addresses are stand-ins of the right shape.",
  },
  {
    what: "Post-rendering",
    why: "what Langfuse's post-renderer changes in the chart's output happens during the deployment.",
  },
  { what: "Drift and state", why: "nothing is compared with what exists: every resource is shown as if it were new." },
  {
    what: "The engine's own order",
    why: "it may register or create later than the edges demand, and runs a limited number of steps at once.",
  },
  { what: "True durations", why: "times are typical values; waves and totals are a lower bound, never a promise." },
];

/** The view of one recorded stack. */
export function viewOf(project: string, stack: string, recording: Recording, notices: readonly string[]): StackView {
  const plan = planOf(project, stack, recording);
  return {
    plan,
    tree: treeOf(plan),
    schedule: scheduleOf(recording.resources),
    notices,
    quotas: quotaNeeds(plan, regionOf(plan)),
    uncounted: uncountedInstanceTypes(plan),
    reachability: reachabilityOf(plan),
    counts: {
      resources: plan.resources.filter(isCreated).length,
      components: plan.resources.filter(({ custom, type }) => !custom && !type.startsWith("pulumi:")).length,
      all: plan.resources.filter(({ read }) => !read).length,
    },
  };
}

function regionOf(plan: Plan): string | undefined {
  const provider = plan.resources.find(({ type }) => type === "pulumi:providers:aws");
  const region = provider?.inputs.region;
  return typeof region === "string" ? region : undefined;
}
