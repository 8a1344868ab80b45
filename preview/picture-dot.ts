import { escaped } from "./html";
import { Areas, type Arrow } from "./landscape";
import type { Picture, PictureBox } from "./picture";

/** Colours that stand for the muted ink of the style sheet; Graphviz writes them out, the style sheet replaces them. */
export const MUTED = "#64748b";

const FONT = "Helvetica";
const INDENT = "  ";
const CELL_WIDTH = 160;

/** A frame around areas, with frames inside; a grid stands in the frame of its area. */
interface Frame {
  readonly id: string;
  readonly label: string;
  readonly areas: readonly Areas[];
  readonly frames?: readonly Frame[];
}

const FRAMES: readonly Frame[] = [
  {
    id: "account",
    label: "AWS account",
    areas: [Areas.Entry, Areas.Secrets, Areas.Data, Areas.Foundation, Areas.Other],
    frames: [
      {
        id: "cluster",
        label: "Inside the Kubernetes cluster",
        areas: [Areas.Ingress, Areas.Langfuse, Areas.Models, Areas.Database, Areas.Operations, Areas.Delivery],
      },
    ],
  },
];

const GRIDS: Readonly<Partial<Record<Areas, { readonly label: string; readonly columns: number }>>> = {
  langfuse: { label: "", columns: 2 },
  models: { label: "Models", columns: 4 },
  operations: { label: "Operations", columns: 4 },
  delivery: { label: "Delivery", columns: 4 },
  foundation: { label: "Foundation: what everything above stands on", columns: 5 },
  other: { label: "Other components", columns: 5 },
};

/** The picture in Graphviz' language. */
export function dotOf({ boxes, arrows }: Picture): string {
  const framed = new Set(FRAMES.flatMap(areasOf));
  const outside = boxes.filter(({ area }) => !framed.has(area));
  return [
    "digraph platform {",
    `  graph [rankdir=TB, newrank=true, bgcolor=transparent, nodesep=0.25, ranksep=0.6, pad=0.1, fontname=${FONT}, fontsize=13]`,
    `  node [shape=box, style="rounded,filled", fillcolor=white, fontname=${FONT}, fontsize=13, margin="0.11,0.07"]`,
    `  edge [fontname=${FONT}, fontsize=11, fontcolor="${MUTED}", arrowsize=0.7]`,
    ...nodeLines(outside, INDENT),
    ...FRAMES.flatMap((frame) => frameLines(frame, boxes, INDENT)),
    ...arrows.map((arrow) => edgeLine(arrow, boxes)),
    ...rowLines(boxes),
    "}",
  ].join("\n");
}

function areasOf(frame: Frame): Areas[] {
  return [...frame.areas, ...(frame.frames ?? []).flatMap(areasOf)];
}

function frameLines(frame: Frame, all: readonly PictureBox[], indent: string): string[] {
  const boxes = all.filter((box) => frame.areas.includes(box.area));
  const inner = (frame.frames ?? []).flatMap((each) => frameLines(each, all, indent + INDENT));
  if (boxes.length === 0 && inner.length === 0) return [];
  return [
    `${indent}subgraph cluster_${frame.id} {`,
    `${indent}  graph [label=${quoted(` ${frame.label}`)}, labeljust=l, style=rounded, class="frame ${frame.id}", margin=14]`,
    ...nodeLines(boxes, indent + INDENT),
    ...inner,
    `${indent}}`,
  ];
}

/** Boxes on their own, and one node for each grid among them. */
function nodeLines(boxes: readonly PictureBox[], indent: string): string[] {
  const single = boxes.filter(({ grid }) => !grid).map((box) => `${indent}${boxNode(box)}`);
  const grids = [...new Set(boxes.filter(({ grid }) => grid).map(({ area }) => area))];
  return [
    ...single,
    ...grids.map(
      (area) =>
        `${indent}${gridNode(
          area,
          boxes.filter((box) => box.grid && box.area === area),
        )}`,
    ),
  ];
}

function boxNode(box: PictureBox): string {
  return `${quoted(box.id)} [id=${quoted(`box-${box.id}`)}, class="${box.area}", tooltip=${quoted(tooltip(box))}, label=<${boxLabel(box)}>]`;
}

function boxLabel(box: PictureBox): string {
  const lines = [
    `<b>${escaped(title(box))}</b>`,
    ...(box.purpose === "" ? [] : [small(box.purpose)]),
    ...(box.count === 0 ? [] : [small(amount(box))]),
  ];
  return lines.join('<br align="center"/>');
}

function gridNode(area: Areas, boxes: readonly PictureBox[]): string {
  const { label, columns: most } = GRIDS[area] ?? { label: area, columns: 1 };
  const columns = Math.min(most, boxes.length);
  const cells = boxes.map((box) => {
    const attributes = `port="${escaped(box.id)}" id="box-${escaped(box.id)}" href="#box-${escaped(box.id)}" title="${escaped(tooltip(box))}"`;
    return `<td ${attributes} border="1" style="rounded" cellpadding="7" width="${CELL_WIDTH}">${boxLabel(box)}</td>`;
  });
  const rows = cells.flatMap((_, index) => {
    return index % columns === 0 ? [`<tr>${cells.slice(index, index + columns).join("")}</tr>`] : [];
  });
  const head = label === "" ? "" : `<tr><td border="0" colspan="${columns}" align="left">${small(label)}</td></tr>`;
  const table = `<table border="0" cellborder="1" cellspacing="8" cellpadding="4">${head}${rows.join("")}</table>`;
  return `grid_${area} [id="grid-${area}", class="grid ${area}", shape=plain, style="", tooltip=${quoted(label)}, label=<${table}>]`;
}

/** Every edge is drawn downwards or to the right, whichever way its arrow points, so that the rows stay what they are. */
function edgeLine(arrow: Arrow, boxes: readonly PictureBox[]): string {
  const ends = [arrow.from, arrow.to].map((id) => boxes.findIndex((box) => box.id === id));
  const inOrder = [...ends].sort((a, b) => (boxes[a]?.row ?? 0) - (boxes[b]?.row ?? 0) || a - b);
  const [tail, head] = inOrder.map((place) => boxes[place]);
  if (tail === undefined || head === undefined) throw new Error(`${arrow.from} -> ${arrow.to}: an end is missing`);
  const attributes = [
    ...(arrow.label === "" ? [] : [`label=${quoted(` ${arrow.label} `)}`]),
    `class="${arrow.kind}"`,
    ...(arrow.kind === "control" ? ["style=dashed"] : []),
    ...(inOrder[0] === ends[0] ? [] : ["dir=back"]),
  ];
  const [out, into] = tail.row === head.row ? ["e", "w"] : ["s", "n"];
  return `  ${end(tail, out)} -> ${end(head, into)} [${attributes.join(", ")}]`;
}

/** Where an edge touches a box; in a grid it must be told the side, or it runs through the neighbours. */
function end(box: PictureBox, side: string | undefined): string {
  return box.grid ? `${nodeOf(box)}:${quoted(box.id)}:${side}` : nodeOf(box);
}

function nodeOf(box: PictureBox): string {
  return box.grid ? `grid_${box.area}` : quoted(box.id);
}

/** Holds each row together, in the order of the boxes, and the rows above one another. */
function rowLines(boxes: readonly PictureBox[]): string[] {
  const rows = [...new Set(boxes.map(({ row }) => row))].sort((a, b) => a - b);
  const nodes = rows.map((row) => [...new Set(boxes.filter((box) => box.row === row).map(nodeOf))]);
  return nodes.flatMap((row, index) => [
    `  { rank=same; ${row.join("; ")} }`,
    ...row.slice(1).map((node, before) => `  ${row[before]} -> ${node} [style=invis]`),
    ...(nodes[index + 1] ?? []).slice(0, 1).map((below) => `  ${row[0]} -> ${below} [style=invis]`),
  ]);
}

function title(box: PictureBox): string {
  return box.instances.length > 1 ? `${box.label} × ${box.instances.length}` : box.label;
}

function amount(box: PictureBox): string {
  return box.count === 1 ? "1 resource" : `${box.count} resources`;
}

function tooltip(box: PictureBox): string {
  return [box.purpose, box.instances.join(", ")].filter((text) => text !== "").join(": ");
}

function small(text: string): string {
  return `<font point-size="11" color="${MUTED}">${escaped(text)}</font>`;
}

function quoted(text: string): string {
  return `"${text.replaceAll("\\", "\\\\").replaceAll('"', '\\"')}"`;
}
