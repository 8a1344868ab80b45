import type { Terminal } from "./main";

/** A line that counts and vanishes. */
export interface Progress {
  readonly count: (resources: number) => void;
  readonly end: () => void;
}

const ERASE_LINE = "\r\u001b[K";
const MILLISECONDS_BETWEEN_UPDATES = 50;

/** Counts resources on one line of `terminal` while the program runs, and erases it at the end; silent in pipes and logs. */
export function progressLine(terminal: Terminal, stack: string): Progress {
  if (terminal.isTTY !== true) return { count: () => {}, end: () => {} };
  let shown = 0;
  let visible = false;
  const show = (text: string) => {
    visible = true;
    terminal.write(`${ERASE_LINE}${text}`);
  };
  show(`${stack}: loading`);
  return {
    count: (resources) => {
      const now = performance.now();
      if (now - shown < MILLISECONDS_BETWEEN_UPDATES) return;
      shown = now;
      show(`${stack}: ${resources} resources`);
    },
    end: () => {
      if (visible) terminal.write(ERASE_LINE);
      visible = false;
    },
  };
}
