import type * as z from "zod";

type Definition = {
  readonly type: string;
  readonly shape?: Record<string, z.ZodType>;
  readonly innerType?: z.ZodType;
  readonly in?: z.ZodType;
  readonly element?: z.ZodType;
  readonly valueType?: z.ZodType;
};

/** The schema of a value under `path` inside `schema`; undefined where none is declared. */
export function schemaAt(schema: z.ZodType, path: readonly PropertyKey[]): z.ZodType | undefined {
  let current: z.ZodType | undefined = schema;
  for (const step of path) {
    if (current === undefined) return undefined;
    const definition: Definition = definitionOf(unwrapped(current));
    current = definition.shape?.[String(step)] ?? definition.valueType ?? definition.element;
  }
  return current;
}

/** The keys that an object schema knows; empty for anything else. */
export function keysOf(schema: z.ZodType | undefined): string[] {
  return schema === undefined ? [] : Object.keys(definitionOf(unwrapped(schema)).shape ?? {});
}

/** What a schema says of itself, looking through defaults and optionality. */
export function descriptionOf(schema: z.ZodType | undefined): string | undefined {
  for (let current = schema; current !== undefined; current = innerOf(current)) {
    if (current.description !== undefined) return current.description;
  }
  return undefined;
}

function unwrapped(schema: z.ZodType): z.ZodType {
  const inner = innerOf(schema);
  return inner === undefined ? schema : unwrapped(inner);
}

function innerOf(schema: z.ZodType): z.ZodType | undefined {
  const definition = definitionOf(schema);
  return definition.type === "pipe" ? definition.in : definition.innerType;
}

function definitionOf(schema: z.ZodType): Definition {
  return schema.def as unknown as Definition;
}
