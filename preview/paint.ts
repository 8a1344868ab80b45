/** Terminal styles; each leaves the text as it is when there is no colour. */
export interface Painter {
  bold(text: string): string;
  dim(text: string): string;
}

const style = (code: number, end: number) => (text: string) => `\u001b[${code}m${text}\u001b[${end}m`;
const plain = (text: string) => text;

/** Styles for a terminal with or without colour. */
export function painter(colour: boolean): Painter {
  return colour ? { bold: style(1, 22), dim: style(2, 22) } : { bold: plain, dim: plain };
}
