import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { stringify } from "yaml";
import { installTools } from "../../../rehearsal/install/install-tools";

const run = promisify(execFile);

/** Series by name and labels, with their samples as promtool writes them: `0+2x10` is eleven samples that grow by two. */
export type SeriesTable = Readonly<Record<string, string>>;

/** A query with its only answer; `undefined` is no element at all. */
export interface QueryCase {
  readonly expr: string;
  /** e.g. `5m`. */
  readonly at: string;
  /** Elements by their labels, e.g. `{model_server="llama"}`. */
  readonly answers: Readonly<Record<string, number>>;
}

/** An alert that fires, or an empty list of those that do. */
export interface AlertCase {
  readonly alert: string;
  readonly at: string;
  readonly fires: readonly { readonly labels: Record<string, string>; readonly annotations: Record<string, string> }[];
}

/** What is tried at once. */
export interface Trial {
  readonly series: SeriesTable;
  readonly queries?: readonly QueryCase[];
  readonly alerts?: readonly AlertCase[];
  /** Rules that are evaluated meanwhile. */
  readonly rules?: readonly object[];
}

/** Seconds between two samples, as the servers are scraped. */
const INTERVAL = "10s";

let program: Promise<string> | undefined;

/** The program, built when it is asked for first. */
function promtool(): Promise<string> {
  program ??= installTools({ which: ["metrics"], progress: (line) => process.stderr.write(`${line}\n`) }).then(
    (tools) => tools.promtool,
  );
  return program;
}

/** Lets promtool judge files, by name; what it says is thrown when it is not content. */
async function judge(command: readonly string[], files: Readonly<Record<string, object>>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "promtool-"));
  try {
    for (const [file, content] of Object.entries(files)) await writeFile(join(folder, file), stringify(content));
    await run(await promtool(), [...command], { cwd: folder }).catch((error: { stdout: string; stderr: string }) =>
      assert.fail(`promtool ${command.join(" ")}:\n${error.stdout}${error.stderr}`),
    );
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Asserts that rules, and the queries in them, are well formed; the strict reading counts repeated rules as well. */
export function assertSound(rules: readonly object[]): Promise<void> {
  return judge(["check", "rules", "--lint=all", "--lint-fatal", "rules.yaml"], {
    "rules.yaml": { groups: [{ name: "all", rules }] },
  });
}

/** Asserts that queries and alerts answer as they should on made-up series. */
export function assertAnswers({ series, queries = [], alerts = [], rules = [] }: Trial): Promise<void> {
  const input_series = Object.entries(series).map(([name, values]) => ({ series: name, values }));
  const promql_expr_test = queries.map(({ expr, at, answers }) => ({
    expr,
    eval_time: at,
    exp_samples: Object.entries(answers).map(([labels, value]) => ({ labels, value })),
  }));
  const alert_rule_test = alerts.map(({ alert, at, fires }) => ({
    alertname: alert,
    eval_time: at,
    exp_alerts: fires.map(({ labels, annotations }) => ({ exp_labels: labels, exp_annotations: annotations })),
  }));
  return judge(["test", "rules", "test.yaml"], {
    "rules.yaml": { groups: rules.length === 0 ? [] : [{ name: "all", rules }] },
    "test.yaml": {
      rule_files: ["rules.yaml"],
      evaluation_interval: INTERVAL,
      tests: [{ interval: INTERVAL, input_series, promql_expr_test, alert_rule_test }],
    },
  });
}
