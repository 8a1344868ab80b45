/** `12 min`, with one decimal below ten and `< 0.1 min` for what takes seconds. */
export function minutes(amount: number): string {
  if (amount > 0 && amount < 0.1) return "< 0.1 min";
  return `${amount < 10 ? amount.toFixed(1) : Math.round(amount)} min`;
}

/** `1 resource`, `2 resources`. */
export function counted(amount: number, noun: string): string {
  return `${amount} ${noun}${amount === 1 ? "" : "s"}`;
}

/** `text` behind `head` in at most `width` columns, its further lines indented as far. */
export function hanging(head: string, text: string, width: number): string[] {
  const lines = wrapped(text, Math.max(30, width - head.length));
  return lines.map((line, index) => (index === 0 ? `${head}${line}` : `${" ".repeat(head.length)}${line}`));
}

/** `text` in lines of at most `width` characters, broken at spaces; a longer word keeps a line of its own. */
export function wrapped(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    const longer = line === "" ? word : `${line} ${word}`;
    if (line !== "" && longer.length > width) {
      lines.push(line);
      line = word;
    } else line = longer;
  }
  return [...lines, line];
}
