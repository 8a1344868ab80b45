import * as pulumi from "@pulumi/pulumi";
import { LineCounter, parseDocument } from "yaml";
import { SECRET_PLACEHOLDER } from "./sections/secrets";

/** The configuration in a stack file, as the engine would hand it to the program. */
export interface StackFile {
  /** By full key (`llm-platform:lifecycle`): scalars as text, everything else as JSON. */
  readonly config: Record<string, string>;
  /** Keys of which some part is encrypted; the encrypted values read `[secret]`. */
  readonly secretKeys: string[];
  /** Whether a passphrase, and not a key management service, protects the stack's secrets. */
  readonly passphrase: boolean;
}

/** Reads the text of a `Pulumi.<stack>.yaml` without decrypting anything; `project` owns the key `secrets`. */
export function loadStackFile(text: string, project: string): StackFile {
  const lines = new LineCounter();
  // Pretty errors quote the file, in which secrets may stand.
  const document = parseDocument(text, { prettyErrors: false, lineCounter: lines });
  const [error] = document.errors;
  if (error !== undefined) {
    const { line, col } = lines.linePos(error.pos[0]);
    throw new pulumi.RunError(
      `The stack file is not valid YAML: ${error.code} in line ${line}, column ${col}. Correct it there.`,
    );
  }
  const content: unknown = document.toJS();
  const config = isRecord(content) ? (content.config ?? {}) : {};
  if (!isRecord(config))
    throw new pulumi.RunError("The stack file has no keys below `config:`. Indent them by two spaces.");

  const secretKeys: string[] = [];
  const entries = Object.entries(config).map(([key, value]): [string, string] => {
    if (!key.includes(":")) {
      throw new pulumi.RunError(
        `The stack file has the key ${key} without a namespace. Write it as ${project}:${key}.`,
      );
    }
    const { opened, secret } = open(value);
    if (secret) secretKeys.push(key);
    // Encrypted as a whole, its names cannot be known.
    if (key === `${project}:secrets` && opened === SECRET_PLACEHOLDER) return [key, "{}"];
    return [key, typeof opened === "string" ? opened : JSON.stringify(opened)];
  });
  return {
    config: Object.fromEntries(entries),
    secretKeys,
    passphrase: isRecord(content) && content.encryptionsalt !== undefined,
  };
}

/** A value with placeholders for what is encrypted in it. */
function open(value: unknown): { readonly opened: unknown; readonly secret: boolean } {
  if (Array.isArray(value)) {
    const members = value.map(open);
    return { opened: members.map(({ opened }) => opened), secret: members.some(({ secret }) => secret) };
  }
  if (!isRecord(value)) return { opened: value, secret: false };
  if (Object.keys(value).length === 1 && typeof value.secure === "string")
    return { opened: SECRET_PLACEHOLDER, secret: true };
  const members = Object.entries(value).map(([key, inner]) => ({ key, ...open(inner) }));
  return {
    opened: Object.fromEntries(members.map(({ key, opened }) => [key, opened])),
    secret: members.some(({ secret }) => secret),
  };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return value !== null && typeof value === "object" && !Array.isArray(value);
}
