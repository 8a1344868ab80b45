/** No pattern may be shorter: shorter texts stand anywhere by chance. */
export const SHORTEST_PATTERN = 12;

const BASE = 257;
const LEADING = Array.from({ length: SHORTEST_PATTERN - 1 }).reduce<number>((power) => Math.imul(power, BASE), 1);

/**
 * Finds any of many patterns in one pass over a text (Rabin and Karp: a rolling hash of the first characters picks the
 * candidates), so that the time depends on the length of the texts and not on how many patterns there are.
 */
export class TextSearch {
  private readonly patterns = new Map<number, string[]>();
  /** Whether any pattern's hash starts with these 16 bits: spares nearly every look-up in `patterns`. */
  private readonly likely = new Uint8Array(1 << 16);

  /** Patterns shorter than `SHORTEST_PATTERN` are left out. */
  constructor(patterns: Iterable<string>) {
    for (const pattern of new Set(patterns)) {
      if (pattern.length < SHORTEST_PATTERN) continue;
      const hash = firstHash(pattern);
      this.patterns.set(hash, [...(this.patterns.get(hash) ?? []), pattern]);
      this.likely[hash >>> 16] = 1;
    }
  }

  /** Whether `text` contains one of the patterns. */
  foundIn(text: string): boolean {
    if (text.length < SHORTEST_PATTERN || this.patterns.size === 0) return false;
    let hash = firstHash(text);
    for (let start = 0; ; start++) {
      if (this.likely[hash >>> 16] === 1 && this.patterns.get(hash)?.some((one) => text.startsWith(one, start)))
        return true;
      const next = start + SHORTEST_PATTERN;
      if (next >= text.length) return false;
      hash = Math.imul(hash - Math.imul(text.charCodeAt(start), LEADING), BASE) + text.charCodeAt(next);
      hash |= 0;
    }
  }
}

function firstHash(text: string): number {
  let hash = 0;
  for (let index = 0; index < SHORTEST_PATTERN; index++) hash = (Math.imul(hash, BASE) + text.charCodeAt(index)) | 0;
  return hash;
}

/**
 * `text` as it looks after the encodings that configuration goes through: JSON, URLs, hexadecimal, and Base64 at each of
 * the three places where a text can begin inside a longer encoded one.
 */
export function encodedForms(text: string): string[] {
  const base64 = [0, 1, 2].map((offset) => base64Inside(text, offset));
  return [
    text,
    JSON.stringify(text).slice(1, -1),
    encodeURIComponent(Buffer.from(text).toString()),
    Buffer.from(text).toString("hex"),
    ...base64,
    ...base64.map((encoded) => encoded.replaceAll("+", "-").replaceAll("/", "_")),
  ];
}

/** The part of the Base64 form that depends on `text` alone when `offset` other bytes precede it in a group of three. */
function base64Inside(text: string, offset: number): string {
  const bytes = Buffer.concat([Buffer.alloc(offset), Buffer.from(text)]);
  const encoded = bytes.toString("base64").replace(/=+$/, "");
  const incomplete = bytes.length % 3 !== 0 ? 1 : 0;
  return encoded.slice(offset === 0 ? 0 : offset + 1, encoded.length - incomplete);
}
