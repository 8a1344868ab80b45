import picocolors from "picocolors";
import { shortType } from "./plan";
import { counted, hanging, minutes, wrapped } from "./text";
import { componentsOf, type TreeNode, typeCounts } from "./tree";
import { BLIND_SPOTS, type StackView } from "./view";
import { lasts, notableSteps, type Wave, wavesOf } from "./waves";

/** How the report looks and what it points at. */
export interface ReportOptions {
  /** Columns, 80 to 120. */
  readonly width: number;
  readonly colour: boolean;
  /** Where the files are. */
  readonly folder: string;
  /** How many. */
  readonly files: number;
}

const BAR_COLUMNS = 24;
const LABEL_COLUMNS = 34;

/** What the terminal shows about a stack. */
export function report(view: StackView, options: ReportOptions): string {
  const { plan, counts, schedule } = view;
  const paint = picocolors.createColors(options.colour);
  const amounts = `${counted(counts.resources, "resource")} in ${counted(counts.components, "component")}`;
  const time = `at least ${minutes(schedule.minutes)} (an estimate)`;
  const sections: [title: string, lines: string[]][] = [
    ["Components", componentsOf(view.tree).flatMap((node) => branch(node, "", options))],
    [
      "Waves of creation (minutes; estimate, lower bound)",
      wavesOf(schedule).map((wave) => waveLine(wave, view, options)),
    ],
    ["The chain that decides the total", chainLines(view)],
    ["Notices", bullets(view.notices, options.width)],
    ["AWS quotas (at start, at most)", quotaLines(view, options.width)],
    ["Who can reach what", bullets(Object.values(view.reachability).flat(), options.width)],
    ["Where to look next", fileLines(options)],
  ];
  const body = sections
    .filter(([, lines]) => lines.length > 0)
    .map(([title, lines]) => `${paint.bold(title)}\n${lines.map((line) => `  ${line}`).join("\n")}\n`);
  const unseen = BLIND_SPOTS.map(({ what }) => what.toLowerCase()).join(", ");
  const limits = wrapped(`Not seen here: ${unseen}. Real plans are made by \`pulumi preview\`.`, options.width);
  return [
    `${paint.bold(`${plan.project} · ${plan.stack}`)}   ${amounts}, ${time}\n`,
    ...body,
    `${paint.dim(limits.join("\n"))}\n`,
  ].join("\n");
}

function branch(node: TreeNode, indent: string, options: ReportOptions): string[] {
  const { resource, count } = node;
  const label = `${indent}${resource.name}`;
  const head = `${label.padEnd(LABEL_COLUMNS)} ${String(count).padStart(4)}  `;
  const types = typeCounts(node).map(({ type, count: of }) => (of === 1 ? type : `${of} ${type}`));
  const text = [shortType(resource.type), ...(types.length > 0 ? [types.join(", ")] : [])].join(": ");
  return [
    ...hanging(head, text, options.width - 2),
    ...componentsOf(node).flatMap((child) => branch(child, `${indent}  `, options)),
  ];
}

function waveLine(wave: Wave, { schedule }: StackView, { width }: ReportOptions): string {
  const total = Math.max(schedule.minutes, 0.1);
  const from = Math.floor((wave.start / total) * BAR_COLUMNS);
  const to = Math.max(from + 1, Math.ceil((wave.finish / total) * BAR_COLUMNS));
  const bar = `${" ".repeat(from)}${(wave.critical ? "█" : "░").repeat(Math.min(to, BAR_COLUMNS) - from)}`.padEnd(
    BAR_COLUMNS,
  );
  const { resource } = wave.critical ?? wave.longest;
  const times = `${wave.start.toFixed(1).padStart(5)} – ${wave.finish.toFixed(1).padStart(5)}`;
  const line = `${String(wave.number).padStart(3)} ${times} ${bar} ${String(wave.count).padStart(4)}  ${shortType(resource.type)} ${resource.name}`;
  return line.slice(0, width - 2).trimEnd();
}

function chainLines({ schedule }: StackView): string[] {
  const { steps, short } = notableSteps(schedule);
  const lines = steps.map(
    (step) => `${minutes(lasts(step)).padStart(9)}  ${shortType(step.resource.type)} ${step.resource.name}`,
  );
  return [...lines, `           and ${counted(short, "step")} of a few seconds between them`];
}

function quotaLines({ quotas, uncounted }: StackView, width: number): string[] {
  const lines = quotas.flatMap(({ name, code, service, min, max, usual }) => {
    const amounts = min === max ? `${max}` : `${min} to ${max}`;
    const head = `${amounts.padStart(10)}  ${`${service} ${code}`.padEnd(31)}  `;
    const text = max > usual ? `${name}: more than the usual ${usual}` : name;
    return hanging(head, text, width - 2);
  });
  const [example] = quotas;
  const command = example?.command.replace(example.service, "SERVICE").replace(example.code, "CODE");
  return [
    ...lines,
    ...(uncounted.length > 0 ? [`No vCPUs counted for ${uncounted.join(", ")}: shapes unknown here.`] : []),
    ...(command === undefined ? [] : ["What the account has:", `  ${command}`]),
  ];
}

function fileLines({ folder, files }: ReportOptions): string[] {
  return [
    `${folder}/index.html    the picture, the tree, the timeline, search (${counted(files, "file")} in all)`,
    `${folder}/plan.json     every resource with inputs, dependencies and options`,
    `${folder}/manifests/    Kubernetes objects, and values/ of the Helm releases`,
  ];
}

function bullets(lines: readonly string[], width: number): string[] {
  return lines.flatMap((line) => wrapped(line, width - 4).map((part, index) => `${index === 0 ? "-" : " "} ${part}`));
}
