import { join } from "node:path";
import type { Project } from "../preview/project";
import type { ReportedPool } from "../preview/rehearsal-report";
import { checksAfterUp, openSecrets } from "./checks-after-up";
import type { LocalControlPlane } from "./cluster/start-control-plane";
import { endpointChange, poolBounds } from "./drills/drift";
import { judged, type NamedDrill, skipped } from "./drills/drill";
import { apiFaults, singleFaults, waveFaults } from "./drills/faults";
import { firstUp, secondPreview } from "./drills/first-up";
import { interrupted, killed } from "./drills/interruption";
import { rotations, secretsChangeInPlace } from "./drills/rotation";
import { slowStore } from "./drills/slow-store";
import { durableRefusal, teardown } from "./drills/teardown";
import { versionChange } from "./drills/upgrades";
import type { Tools } from "./install/install-tools";
import { poolsOf } from "./report/pools";
import { Stage, type StageOptions } from "./stage";
import type { Verdict } from "./verdict";

/** What a stack is rehearsed with. */
export interface StackRehearsal {
  readonly project: Project;
  readonly stack: string;
  readonly tools: Tools;
  readonly plane: LocalControlPlane;
  /** For everything that the rehearsal keeps. */
  readonly folder: string;
  /** Where the embedded preview of the stack was written. */
  readonly preview: string;
  /** Folder of CRDs. */
  readonly crds: string | undefined;
  readonly charts: string | undefined;
  readonly realProviders: boolean;
  readonly languageHost: boolean;
  /** What was tried already, here or with another stack, and need not be tried again; grows. */
  readonly tried: Tried;
}

/** Drills whose outcome does not depend on the size of a stack are done once in a rehearsal of several. */
export interface Tried {
  /** Types of which a resource has failed. */
  readonly types: Set<string>;
  /** Titles of drills. */
  readonly drills: Set<string>;
}

/** What came of it. */
export interface StackResult {
  readonly verdicts: readonly Verdict[];
  readonly pools: readonly ReportedPool[];
  /** Types of AWS that the stand-in took as they came. */
  readonly unmodelled: readonly string[];
}

/** Told as a rehearsal goes on. */
export type Listener = (verdict: Verdict) => void;

/** What a deployed stack goes through on a real API server, in this order. */
const LIFE: readonly NamedDrill[] = [
  ["second previews", secondPreview],
  ["checks after up", checksAfterUp],
  ["a pool's bound changes", poolBounds],
  ["the cluster's endpoint moves", endpointChange],
  ["a new version of Langfuse", versionChange],
  ["rotations", rotations],
  ["no secret is in plain text after all of it", openSecrets],
];

/** Lives that begin and end with nothing, each with a deployment under other conditions. */
const FURTHER_LIVES: readonly NamedDrill[] = [
  ["up again under the same names, with ten faults of the API server", apiFaults],
  ["Ctrl-C half-way", interrupted],
  ["a machine lost half-way", killed],
];

/** Lives of a stack with the engine and stand-ins alone, each in an account of its own. */
const engineDrills = ({ types }: Tried): readonly (readonly NamedDrill[])[] => [
  [
    ["a slow store", slowStore],
    ["a rotation in place", secretsChangeInPlace],
  ],
  [["faults by wave", waveFaults]],
  [["faults by type", singleFaults(types)]],
];

/** Deploys a stack on the control plane and drills it, then again with the engine and stand-ins alone. */
export async function rehearseStack(rehearsal: StackRehearsal, tell: Listener): Promise<StackResult> {
  const { folder, tools, plane, preview, crds, charts } = rehearsal;
  const { project, stack: name, realProviders, languageHost } = rehearsal;
  const common = { project, stack: name, pulumiRoot: tools.pulumiRoot };
  const cluster = { plane, helm: tools.helm, preview, crds, charts };
  const stage = await Stage.open({ ...common, folder: join(folder, "life"), cluster, realProviders, languageHost });
  const fromCluster: Verdict[] = [];
  const fromEngine: Verdict[] = [];
  const into = (list: Verdict[]) => (verdict: Verdict) => {
    list.push(verdict);
    tell(verdict);
  };
  try {
    // Side by side: the cluster makes the one wait, the engine the other.
    const [pools] = await Promise.all([
      clusterLives(stage, rehearsal.tried, into(fromCluster)),
      engineLives({ ...common, folder }, rehearsal.tried, into(fromEngine)),
    ]);
    return { verdicts: [...fromCluster, ...fromEngine], pools, unmodelled: [...stage.cloud.unmodelled] };
  } finally {
    await stage.close();
  }
}

/**
 * Drills with the engine and stand-ins alone: what goes wrong between the program and the engine. The program runs in process:
 * a hundred runs of an installed Pulumi would take an hour.
 */
async function engineLives(options: StageOptions, tried: Tried, tell: Listener): Promise<void> {
  for (const [number, life] of engineDrills(tried).entries()) {
    const stage = await Stage.open({ ...options, folder: join(options.folder, `engine-${number}`) });
    try {
      for (const [title, drill] of life) (await judged(title, stage, drill)).forEach(tell);
    } finally {
      await stage.close();
    }
  }
}

/** All lives of a stack on the real API server; answers how its node pools were used while nothing was drilled. */
async function clusterLives(stage: Stage, tried: Tried, tell: Listener): Promise<readonly ReportedPool[]> {
  const failed = async ([title, drill]: NamedDrill) => {
    const verdicts = await judged(title, stage, drill);
    verdicts.forEach(tell);
    return verdicts.some(({ outcome }) => outcome === "failed");
  };
  if (await failed(["first up", firstUp])) {
    const missed = [...LIFE, ...FURTHER_LIVES].map(([title]) => title);
    skipped(missed, "the first up failed").forEach(tell);
    return [];
  }
  const pools = await poolsOf(stage);
  for (const drill of LIFE) await failed(drill);
  if (stage.setting("lifecycle") === "durable") await failed(["a durable stack", durableRefusal]);
  let dirty = await failed(["destroy", teardown("destroy")]);
  for (const [title, drill] of FURTHER_LIVES) {
    const reason = dirty ? "the destroy before it left something" : "tried with another stack";
    if (dirty || tried.drills.has(title)) {
      skipped([title], reason).forEach(tell);
      continue;
    }
    tried.drills.add(title);
    await failed([title, drill]);
    dirty = await failed(["destroy", teardown(`destroy after: ${title}`)]);
  }
  return pools;
}
