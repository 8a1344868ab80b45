import { randomBytes, randomInt, randomUUID } from "node:crypto";
import type { Properties } from "../providers/provider";

const LOWER = "abcdefghijklmnopqrstuvwxyz";
const UPPER = LOWER.toUpperCase();
const DIGITS = "0123456789";
const SPECIAL = "!@#$%&*()-_=+[]{}<>:?";

/** What a resource of the random provider is made of: its id and its outputs. */
export interface RandomValue {
  readonly id: string;
  readonly outputs: Properties;
}

/** Makes the value of a resource; real randomness, since a rehearsal looks for the very values in logs and state. */
export function randomValue(type: string, inputs: Properties): RandomValue {
  const make = MAKERS[type];
  if (make === undefined) {
    throw new Error(
      `${type} has no stand-in; known are ${Object.keys(MAKERS).join(", ")}: add it to rehearsal/random/values.ts`,
    );
  }
  return make(inputs);
}

/** Outputs of a type, without values; for previews. */
export function outputNames(type: string): readonly string[] {
  return OUTPUTS[type] ?? [];
}

const PASSWORD = "random:index/randomPassword:RandomPassword";
const STRING = "random:index/randomString:RandomString";
const ID = "random:index/randomId:RandomId";
const BYTES = "random:index/randomBytes:RandomBytes";
const UUID = "random:index/randomUuid:RandomUuid";

const OUTPUTS: Readonly<Record<string, readonly string[]>> = {
  [PASSWORD]: ["result", "bcryptHash"],
  [STRING]: ["result"],
  [ID]: ["hex", "dec", "b64Url", "b64Std"],
  [BYTES]: ["hex", "base64"],
  [UUID]: ["result"],
};

const MAKERS: Readonly<Record<string, (inputs: Properties) => RandomValue>> = {
  [PASSWORD]: (inputs) => {
    const bcryptHash = `$2a$10$${randomBytes(40).toString("base64").replace(/[+=]/g, ".").slice(0, 53)}`;
    return { id: "none", outputs: { result: randomText(inputs), bcryptHash } };
  },
  [STRING]: (inputs) => {
    const result = randomText(inputs);
    return { id: result, outputs: { result } };
  },
  [ID]: ({ byteLength, prefix = "" }) => {
    const bytes = randomBytes(byteLength);
    const url = bytes.toString("base64url");
    const dec = BigInt(`0x${bytes.toString("hex")}`).toString();
    return {
      id: url,
      outputs: {
        hex: `${prefix}${bytes.toString("hex")}`,
        dec: `${prefix}${dec}`,
        b64Url: `${prefix}${url}`,
        b64Std: `${prefix}${bytes.toString("base64")}`,
      },
    };
  },
  [BYTES]: ({ length }) => {
    const bytes = randomBytes(length);
    return { id: "none", outputs: { hex: bytes.toString("hex"), base64: bytes.toString("base64") } };
  },
  [UUID]: () => {
    const result = randomUUID();
    return { id: result, outputs: { result } };
  },
};

/** Text of `length` characters: as many of each alphabet as are demanded, the rest of all that are allowed, in random order. */
export function randomText(inputs: Properties): string {
  const alphabets = [
    { allowed: inputs.lower ?? true, least: inputs.minLower ?? 0, characters: LOWER },
    { allowed: inputs.upper ?? true, least: inputs.minUpper ?? 0, characters: UPPER },
    { allowed: inputs.numeric ?? inputs.number ?? true, least: inputs.minNumeric ?? 0, characters: DIGITS },
    { allowed: inputs.special ?? true, least: inputs.minSpecial ?? 0, characters: inputs.overrideSpecial || SPECIAL },
  ];
  const all = alphabets.map(({ allowed, characters }) => (allowed ? characters : "")).join("");
  const demanded = alphabets.flatMap(({ least, characters }) => pick(characters, least));
  return shuffled([...demanded, ...pick(all, inputs.length - demanded.length)]).join("");
}

/** Why no text can be made of these inputs; none when one can. */
export function textProblems(inputs: Properties): string[] {
  const demanded = ["minLower", "minUpper", "minNumeric", "minSpecial"]
    .map((key) => Number(inputs[key] ?? 0))
    .reduce((sum, least) => sum + least, 0);
  const none = ["lower", "upper", "special"].every((key) => inputs[key] === false);
  return [
    ...(inputs.length < demanded ? [`length is ${inputs.length}, and the minima demand ${demanded} characters`] : []),
    ...(none && (inputs.numeric ?? inputs.number) === false ? ["no alphabet is left to choose from"] : []),
  ];
}

function pick(characters: string, count: number): string[] {
  return Array.from({ length: count }, () => characters.charAt(randomInt(characters.length)));
}

function shuffled(characters: string[]): string[] {
  const left = [...characters];
  return characters.map(() => left.splice(randomInt(left.length), 1)[0] ?? "");
}
