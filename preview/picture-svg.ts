import { MUTED } from "./picture-dot";

/** Fill and line of each area, in light and in dark. */
const COLOURS: Readonly<Record<string, readonly [string, string, string, string]>> = {
  internet: ["#e2e8f0", "#475569", "#334155", "#94a3b8"],
  entry: ["#ffedd5", "#c2410c", "#431407", "#fb923c"],
  ingress: ["#fef3c7", "#b45309", "#451a03", "#fbbf24"],
  langfuse: ["#ede9fe", "#6d28d9", "#2e1065", "#a78bfa"],
  models: ["#fae8ff", "#a21caf", "#4a044e", "#e879f9"],
  delivery: ["#ecfccb", "#4d7c0f", "#1a2e05", "#a3e635"],
  database: ["#cffafe", "#0e7490", "#083344", "#22d3ee"],
  operations: ["#dcfce7", "#15803d", "#052e16", "#4ade80"],
  data: ["#dbeafe", "#1d4ed8", "#172554", "#60a5fa"],
  secrets: ["#ffe4e6", "#be123c", "#4c0519", "#fb7185"],
  foundation: ["#f1f5f9", "#64748b", "#1e293b", "#64748b"],
  other: ["#f5f5f4", "#78716c", "#292524", "#a8a29e"],
};

const STYLE = `
.picture { --ink: #0f172a; --muted: #475569; --frame: #94a3b8; --paper: #ffffff; }
.picture text { fill: var(--ink); }
.picture text[fill="${MUTED}"] { fill: var(--muted); }
.picture .frame > path, .picture .frame > polygon { stroke: var(--frame); fill: none; }
.picture .frame > text { font-weight: bold; fill: var(--muted); }
.picture .edge path { stroke: var(--muted); }
.picture .edge polygon { stroke: var(--muted); fill: var(--muted); }
.picture .edge.flow path { stroke-width: 1.4px; }
.picture .edge text { paint-order: stroke; stroke: var(--paper); stroke-width: 4px; stroke-linejoin: round; }
${areaRules(0)}
@media (prefers-color-scheme: dark) {
.picture { --ink: #f1f5f9; --muted: #cbd5e1; --frame: #64748b; --paper: #0f172a; }
${areaRules(2)}
}`;

function areaRules(offset: 0 | 2): string {
  return Object.entries(COLOURS)
    .map(([area, colours]) => {
      const shapes = `.picture .node.${area} path, .picture .node.${area} polygon`;
      return `${shapes} { fill: ${colours[offset]}; stroke: ${colours[offset + 1]}; }`;
    })
    .join("\n");
}

/**
 * Graphviz' drawing as a picture that follows the reader's light or dark setting. One unit of the drawing is one pixel, so
 * that text is as large as on the page around it.
 */
export function styledSvg(drawing: string, title: string): string {
  const box = /viewBox="[\d.-]+ [\d.-]+ ([\d.]+) ([\d.]+)"/.exec(drawing);
  if (box === null) throw new Error("Graphviz drew nothing");
  const body = drawing
    .slice(drawing.indexOf("<svg"))
    .replace(/<svg [^>]*>/, (tag) =>
      tag.replace(/width="[^"]*" height="[^"]*"/, `width="${box[1]}" height="${box[2]}"`),
    )
    .replace("<svg ", `<svg class="picture" role="img" aria-label="${title}" `)
    .replace(/<!--.*?-->\n?/gs, "")
    .replace(/font-family="Helvetica[^"]*"/g, 'font-family="Helvetica,Arial,sans-serif"');
  return body.replace(/(<svg [^>]*>)/, `$1\n<style>${STYLE}</style>`);
}
