import { AREA_ROWS, ARROWS, Areas, type Arrow, BOXES, type Box, VISITORS } from "./landscape";
import { shortType } from "./plan";
import type { TreeNode } from "./tree";

/** A box of the picture: all instances of a component class that stand at the top of the stack. */
export interface PictureBox {
  /** Class name, or `Class.part`. */
  readonly id: string;
  readonly area: Areas;
  readonly row: number;
  /** Whether it is a cell in the grid of its area, instead of a box that arrows arrange. */
  readonly grid: boolean;
  readonly label: string;
  readonly purpose: string;
  /** Names of the instances; empty for parts but the first, and for visitors. */
  readonly instances: readonly string[];
  /** Resources that `pulumi up` creates for all of them; 0 where another part shows them. */
  readonly count: number;
  /** URN of the first instance: where a reader finds the details. */
  readonly urn: string | undefined;
}

/** Areas whose boxes few arrows touch: they stand in a grid. */
const GRID_AREAS: ReadonlySet<Areas> = new Set([
  Areas.Langfuse,
  Areas.Models,
  Areas.Operations,
  Areas.Delivery,
  Areas.Foundation,
  Areas.Other,
]);

/** What the picture shows. */
export interface Picture {
  readonly boxes: readonly PictureBox[];
  readonly arrows: readonly Arrow[];
}

/** The picture of a stack: a box for each class, in the order of the table, and the arrows whose two ends are there. */
export function pictureOf(root: TreeNode): Picture {
  const byClass = new Map<string, TreeNode[]>();
  for (const node of drawnComponents(root)) {
    const name = shortType(node.resource.type);
    byClass.set(name, [...(byClass.get(name) ?? []), node]);
  }
  const order = [...Object.keys(BOXES), ...[...byClass.keys()].filter((name) => !(name in BOXES)).sort()];
  const drawn = order.flatMap((name) => boxesOf(name, byClass.get(name) ?? []));
  const visitors: PictureBox = {
    id: VISITORS,
    area: Areas.Internet,
    row: AREA_ROWS.internet,
    grid: false,
    label: "People and LLM applications",
    purpose: "browsers, SDKs, OpenTelemetry",
    instances: [],
    count: 0,
    urn: undefined,
  };
  const boxes = [visitors, ...drawn];
  const ids = new Set(boxes.map(({ id }) => id));
  const arrows = ARROWS.filter(({ from, to }) => ids.has(from) && ids.has(to));
  return { boxes: boxes.filter(({ id }) => id !== VISITORS || arrows.some(({ from }) => from === VISITORS)), arrows };
}

/** Components to draw: those of the table, found through wrappers that are not in it; a wrapper around none is drawn itself. */
function drawnComponents(node: TreeNode): TreeNode[] {
  return node.children
    .filter(({ resource }) => !resource.custom)
    .flatMap((child) => {
      if (shortType(child.resource.type) in BOXES) return [child];
      const inside = drawnComponents(child);
      return inside.some(({ resource }) => shortType(resource.type) in BOXES) ? inside : [child];
    });
}

function boxesOf(name: string, nodes: readonly TreeNode[]): PictureBox[] {
  const [first] = nodes;
  if (first === undefined) return [];
  const box: Box = BOXES[name] ?? { area: Areas.Other, label: name, purpose: "" };
  const instances = nodes.map(({ resource }) => resource.name);
  const count = nodes.reduce((sum, node) => sum + node.count, 0);
  const { area, label, purpose, parts } = box;
  const place = { area, row: box.row ?? AREA_ROWS[area], grid: box.row === undefined && GRID_AREAS.has(area) };
  const urn = first.resource.urn;
  if (parts === undefined) return [{ id: name, ...place, label, purpose, instances, count, urn }];
  return Object.entries(parts).map(([part, shown], index) => ({
    id: `${name}.${part}`,
    ...place,
    label: shown.label,
    purpose: shown.purpose,
    instances: index === 0 ? instances : [],
    count: index === 0 ? count : 0,
    urn,
  }));
}
