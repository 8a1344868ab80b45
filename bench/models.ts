import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { parse, stringify } from "yaml";
import { measured, row, type Sample, summary } from "./measure";

const COUNTS = [1, 10, 100];
const STACK = "staging";

/** What a program is made of besides its stack files. */
const PROGRAM = ["Pulumi.yaml", "index.ts", "stacks", "components", "package.json", "tsconfig.json", "node_modules"];

interface StackFile {
  readonly config: Record<string, unknown>;
}

/**
 * Measures the preview of the staging stack with its model server 1, 10 and 100 times, and what each further server adds: equal
 * additions are linear time and memory. Time is that of the process, without npm's own.
 */
export async function benchModels(root: string, out: string, runs: number): Promise<void> {
  console.log("model servers      wall s (median, min to max)     peak MB (median)");
  const samples = new Map<number, Sample[]>();
  for (const count of COUNTS) {
    const folder = projectWith(root, join(out, `models-${count}`), count);
    const args = [...nodeArguments(root), "--stack", STACK, "--out", join(out, "plans")];
    const environment = { TS_NODE_PROJECT: join(root, "tsconfig.json") };
    const seen = await measured({ program: process.execPath, args, folder, environment }, runs);
    samples.set(count, seen);
    console.log(row(`${count}`, seen));
  }
  for (const [index, count] of COUNTS.entries()) {
    const before = COUNTS[index - 1];
    if (before === undefined) continue;
    console.log(addition(before, count, summary(samples.get(before) ?? []), summary(samples.get(count) ?? [])));
  }
}

type Summary = ReturnType<typeof summary>;

function addition(before: number, count: number, less: Summary, more: Summary): string {
  const each = (a: number, b: number) => (b - a) / (count - before);
  const memory =
    less.megabytes === undefined || more.megabytes === undefined
      ? "memory not measured here"
      : `${each(less.megabytes, more.megabytes).toFixed(2)} MB`;
  return `each from ${before} to ${count}: ${(each(less.seconds, more.seconds) * 1000).toFixed(0)} ms, ${memory}`;
}

/** The preview's own command, run in another folder. */
function nodeArguments(root: string): string[] {
  const register = createRequire(join(root, "package.json")).resolve("ts-node/register");
  return ["--v8-pool-size=1", "--require", register, join(root, "preview/cli.ts")];
}

/** A project of the same program whose staging stack has the model server `count` times. */
function projectWith(root: string, folder: string, count: number): string {
  mkdirSync(folder, { recursive: true });
  for (const name of PROGRAM) symlinkSync(join(root, name), join(folder, name));
  const stack = parse(readFileSync(join(root, `Pulumi.${STACK}.yaml`), "utf8")) as StackFile;
  writeFileSync(join(folder, `Pulumi.${STACK}.yaml`), stringify({ ...stack, config: multiplied(stack.config, count) }));
  return folder;
}

/** Configuration with the first model server under `count` names, and machines for all of them. */
function multiplied(config: Record<string, unknown>, count: number): Record<string, unknown> {
  const [key] = Object.keys(config).filter((name) => name.endsWith(":llm"));
  const llm = config[key ?? ""] as { models?: Record<string, unknown> } | undefined;
  const [model] = Object.entries(llm?.models ?? {});
  if (key === undefined || model === undefined)
    throw new Error(`Pulumi.${STACK}.yaml has no model server to multiply.`);
  const [name, settings] = model;
  const models = Object.fromEntries(Array.from({ length: count }, (_, index) => [`${name}-${index}`, settings]));
  return { ...config, ...withMachines(config, count), [key]: { ...llm, models } };
}

function withMachines(config: Record<string, unknown>, count: number): Record<string, unknown> {
  const [key = ""] = Object.keys(config).filter((name) => name.endsWith(":nodePools"));
  const pools = config[key] as Record<string, { maxSize: number }>;
  return { [key]: { ...pools, gpu: { ...pools.gpu, maxSize: Math.max(pools.gpu?.maxSize ?? 0, 2 * count) } } };
}
