import { wrapped } from "../../preview/text";

/** A cell of a row, wrapped into its width. */
export interface Cell {
  readonly text: string;
  readonly width: number;
  /** Default: as it is. */
  readonly look?: (text: string) => string;
}

const GAP = "  ";

/** The lines of a row: every cell in its own column, as many lines as the longest needs. */
export function row(cells: readonly Cell[]): string[] {
  const columns = cells.map(({ text, width }) => text.split("\n").flatMap((line) => wrapped(line, width)));
  const height = Math.max(...columns.map(({ length }) => length));
  return Array.from({ length: height }, (_, line) => {
    const parts = columns.map((lines) => lines[line] ?? "");
    const last = parts.findLastIndex((part) => part !== "");
    return parts
      .slice(0, last + 1)
      .map((part, index) => cellLine(part, cells[index], index < last))
      .join(GAP);
  });
}

/** Width of a column that holds `texts`, at most `widest`. */
export function columnWidth(texts: readonly string[], widest: number): number {
  return Math.min(widest, Math.max(0, ...texts.map(({ length }) => length)));
}

/** A title and what stands under it, all of one width: names begin at the left, numbers end at the right. */
export function column(title: string, cells: readonly string[], content: "names" | "numbers"): string[] {
  const texts = [title, ...cells];
  const width = columnWidth(texts, Number.POSITIVE_INFINITY);
  return texts.map((text) => (content === "names" ? text.padEnd(width) : text.padStart(width)));
}

function cellLine(part: string, cell: Cell | undefined, padded: boolean): string {
  const text = cell?.look === undefined ? part : cell.look(part);
  return padded ? `${text}${" ".repeat(Math.max(0, (cell?.width ?? 0) - part.length))}` : text;
}
