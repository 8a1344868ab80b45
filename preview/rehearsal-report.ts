import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import * as z from "zod";
import { UsageError } from "./errors";

/** Where the report of a stack's rehearsal is, in the folder of its preview. */
export const REPORT_FILE = "rehearsal.json";

const VERDICT = z.strictObject({
  drill: z.string().min(1),
  outcome: z.enum(["passed", "failed", "not run"]),
  figure: z.string(),
  findings: z.array(z.string()).readonly(),
  basis: z.array(z.string()).readonly().optional(),
});

/** A share of what the nodes of a pool have, 1 for all of it. */
const SHARE = z.number().min(0);

const POOL = z.strictObject({
  pool: z.string(),
  nodes: z.int().min(0),
  added: z.int().min(0),
  cpu: SHARE,
  memory: SHARE,
  pods: SHARE,
  gpu: SHARE.optional(),
});

const WAY = z.enum(["stand-in", "real"]);

const REPORT = z.strictObject({
  format: z.literal(1),
  project: z.string(),
  stack: z.string(),
  finished: z.iso.datetime(),
  seconds: z.number().min(0),
  program: z.enum(["inline program", "language host"]),
  providers: z.strictObject({ aws: z.literal("stand-in"), kubernetes: WAY, random: WAY }),
  kubernetes: z.string(),
  tools: z.record(z.string(), z.string()),
  settingsDigest: z.string().regex(/^[0-9a-f]{64}$/, "must be a SHA-256 in hexadecimal"),
  unmodelled: z.array(z.string()).readonly(),
  verdicts: z.array(VERDICT).readonly(),
  pools: z.array(POOL).readonly().optional(),
});

/**
 * How a rehearsal of a stack ended. `program` and `providers` say which path ran; `kubernetes` is the version of the API server,
 * or `in-memory API`; `tools` are versions by name; `unmodelled` are types of AWS that the stand-in took as they came.
 */
export type RehearsalReport = Readonly<z.infer<typeof REPORT>>;

/** One line of the report. */
export type ReportedVerdict = RehearsalReport["verdicts"][number];

/** Use of a node pool: its nodes, those of them that had to be added to hold the pods, and the shares that are asked for. */
export type ReportedPool = NonNullable<RehearsalReport["pools"]>[number];

/** A report as it was found. */
export interface KeptRehearsal {
  readonly report: RehearsalReport;
  /** The file's own bytes. */
  readonly text: string;
}

/** The report in the folder of a stack's preview; undefined when there is none. */
export async function readRehearsal(folder: string): Promise<KeptRehearsal | undefined> {
  const file = join(folder, REPORT_FILE);
  if (!existsSync(file)) return undefined;
  const text = await readFile(file, "utf8");
  return { report: reportFrom(text, file), text };
}

/** What must be the same for a report to speak about the settings at hand. */
export function settingsDigest(stackFile: string): string {
  return createHash("sha256").update(stackFile).digest("hex");
}

/** `31 passed, 1 failed, 2 not run`. */
export function totals(verdicts: readonly ReportedVerdict[]): string {
  return (["passed", "failed", "not run"] as const)
    .map((outcome) => `${verdicts.filter((verdict) => verdict.outcome === outcome).length} ${outcome}`)
    .join(", ");
}

/** What the verdict rests on, where that is less than the whole. */
export function basisOf({ basis = [] }: ReportedVerdict): string | undefined {
  return basis.length === 0 ? undefined : `judged on ${basis.join(" and ")}`;
}

/** Which path ran, by what was tried. */
export function pathOf(report: RehearsalReport): [label: string, text: string][] {
  const providers = Object.entries(report.providers).map(([name, way]) => `${name} ${way}`);
  const tools = Object.entries(report.tools).map(([name, version]) => `${name} ${version}`);
  const facts: [string, string[]][] = [
    ["Program", [report.program]],
    ["Providers", providers],
    ["Kubernetes", [report.kubernetes]],
    ["Tools", tools.sort()],
    ["Not modelled", [...report.unmodelled].sort()],
  ];
  return facts.flatMap(([label, parts]) => (parts.length === 0 ? [] : [[label, parts.join(", ")]]));
}

/** `2026-03-01 14:05 UTC, after 12 min`. */
export function whenOf({ finished, seconds }: RehearsalReport): string {
  const moment = new Date(finished).toISOString().slice(0, 16).replace("T", " ");
  return `${moment} UTC, after ${seconds < 90 ? `${Math.round(seconds)} s` : `${Math.round(seconds / 60)} min`}`;
}

/** What is shared in a pool, in the order in which it is shown; undefined for what there is none of. */
export function sharesOf({
  nodes,
  cpu,
  memory,
  pods,
  gpu,
}: ReportedPool): [label: string, share: number | undefined][] {
  const shares: [string, number | undefined][] = [
    ["CPU", cpu],
    ["memory", memory],
    ["pods", pods],
    ["GPUs", gpu],
  ];
  return shares.map(([label, share]) => [label, nodes === 0 ? undefined : share]);
}

/** `85 %`; nothing for what there is none of. */
export function percentage(share: number | undefined): string {
  return share === undefined ? "" : `${Math.round(share * 100)} %`;
}

function reportFrom(text: string, file: string): RehearsalReport {
  const refused = (reasons: string) =>
    new UsageError(`${file} is not a report of a rehearsal: ${reasons}. Delete it, or rehearse again.`);
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch (error) {
    throw refused((error as Error).message);
  }
  const { data, error } = REPORT.safeParse(content);
  if (error === undefined) return data;
  throw refused(error.issues.map(({ path, message }) => `${path.join(".") || "the whole"}: ${message}`).join("; "));
}
