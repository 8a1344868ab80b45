import picocolors from "picocolors";
import {
  basisOf,
  pathOf,
  percentage,
  type RehearsalReport,
  type ReportedPool,
  type ReportedVerdict,
  sharesOf,
  totals,
  whenOf,
} from "../../preview/rehearsal-report";
import { hanging } from "../../preview/text";
import { type Cell, column, columnWidth, row } from "./columns";

/** How the table looks. */
export interface TableOptions {
  /** Columns of the terminal, 80 to 120. */
  readonly width: number;
  readonly colour: boolean;
}

const INDENT = "  ";
/** Share of the width beyond which a drill is broken into lines, so that figures keep room. */
const WIDEST_DRILL = 0.42;
const VERDICT_WIDTH = "not run".length;

/** What the terminal shows of a rehearsal: verdicts, node pools, the path that ran, and the totals at the end. */
export function verdictTable(report: RehearsalReport, options: TableOptions): string {
  const { project, stack, verdicts, pools = [] } = report;
  const paint = picocolors.createColors(options.colour);
  const sections: [title: string, lines: string[]][] = [
    ["Verdicts", verdictLines(verdicts, options)],
    ["Node pools (asked for, of what the nodes have)", poolLines(pools, options)],
    ["Which path ran", pathLines(report, options)],
  ];
  const body = sections
    .filter(([, lines]) => lines.length > 0)
    .map(([title, lines]) => `${paint.bold(title)}\n${lines.map((line) => `${INDENT}${line}`).join("\n")}\n`);
  return [
    `${paint.bold(`${project} · ${stack}`)}   rehearsal, finished ${whenOf(report)}\n`,
    ...body,
    `${totalsLine(verdicts, options)}\n`,
  ].join("\n");
}

function verdictLines(verdicts: readonly ReportedVerdict[], { width, colour }: TableOptions): string[] {
  const paint = picocolors.createColors(colour);
  const looks = {
    passed: paint.green,
    failed: (text: string) => paint.bold(paint.red(text)),
    "not run": paint.yellow,
  };
  const drillWidth = columnWidth(["Drill", ...verdicts.map(({ drill }) => drill)], Math.floor(WIDEST_DRILL * width));
  const rest = width - INDENT.length - drillWidth - VERDICT_WIDTH - 4;
  const cells = (drill: string, outcome: string, figure: string, look?: Cell["look"]): Cell[] => [
    { text: drill, width: drillWidth },
    { text: outcome, width: VERDICT_WIDTH, ...(look ? { look } : {}) },
    { text: figure, width: rest },
  ];
  return [
    ...row(cells("Drill", "Verdict", "Figure")).map(paint.dim),
    ...verdicts.flatMap((verdict) => {
      const { drill, outcome, figure, findings } = verdict;
      const basis = basisOf(verdict);
      const text = [figure, ...(basis === undefined ? [] : [`(${basis})`])].join(" ");
      return [
        ...row(cells(drill, outcome, text, looks[outcome])),
        ...findings.flatMap((finding) => findingLines(finding, width - INDENT.length)),
      ];
    }),
  ];
}

/** Messages of the engine may have several lines. */
function findingLines(finding: string, width: number): string[] {
  return finding.split("\n").flatMap((line, index) => hanging(`${INDENT}${index === 0 ? "-" : " "} `, line, width));
}

function poolLines(pools: readonly ReportedPool[], { colour }: TableOptions): string[] {
  if (pools.length === 0) return [];
  const paint = picocolors.createColors(colour);
  const names = pools.map(({ pool }) => pool);
  const numbers = (title: string, cellOf: (pool: ReportedPool) => string) =>
    column(title, pools.map(cellOf), "numbers");
  const labels = pools
    .slice(0, 1)
    .flatMap(sharesOf)
    .map(([label]) => label);
  const columns = [
    column("Pool", names, "names"),
    numbers("nodes", ({ nodes }) => String(nodes)),
    numbers("added", ({ added }) => String(added)),
    ...labels.map((label, index) => numbers(label, (pool) => percentage(sharesOf(pool)[index]?.[1]))),
  ];
  const lines = ["Pool", ...names].map((_, index) =>
    columns
      .map((cells) => cells[index] ?? "")
      .join("  ")
      .trimEnd(),
  );
  return lines.map((line, index) => (index === 0 ? paint.dim(line) : line));
}

function pathLines(report: RehearsalReport, { width }: TableOptions): string[] {
  const facts = pathOf(report);
  const labelWidth = columnWidth(
    facts.map(([label]) => label),
    width,
  );
  return facts.flatMap(([label, text]) => hanging(`${label.padEnd(labelWidth)}  `, text, width - INDENT.length));
}

function totalsLine(verdicts: readonly ReportedVerdict[], { colour }: TableOptions): string {
  const paint = picocolors.createColors(colour);
  const failed = verdicts.some(({ outcome }) => outcome === "failed");
  return paint.bold(failed ? paint.red(totals(verdicts)) : totals(verdicts));
}
