import * as z from "zod";
import { SECTIONS } from "./settings";

type JsonSchema = Record<string, unknown>;

const PROJECT = "llm-platform";

/** The JSON schema of a whole `Pulumi.<stack>.yaml`, for completion and hints in editors. */
export function stackFileSchema(): JsonSchema {
  const sections = Object.entries(SECTIONS).map(([name, schema]) => [
    `${PROJECT}:${name}`,
    sectionSchema(name, schema),
  ]);
  const required = Object.entries(SECTIONS)
    .filter(([, schema]) => !schema.safeParse(undefined).success)
    .map(([name]) => `${PROJECT}:${name}`);
  return {
    $schema: "http://json-schema.org/draft-07/schema#",
    title: "Settings of a stack of the platform",
    type: "object",
    required: ["config"],
    properties: {
      config: {
        description: "Configuration of the stack.",
        type: "object",
        required,
        properties: Object.fromEntries(sections),
        patternProperties: { [`^(?!${PROJECT}:)[^:]+:`]: {} },
        additionalProperties: false,
      },
    },
  };
}

function sectionSchema(name: string, schema: z.ZodType): JsonSchema {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, {
    io: "input",
    target: "draft-7",
    unrepresentable: "any",
  }) as JsonSchema;
  return name === "secrets" ? withEncryption(rest) : rest;
}

/** Secrets stand in the file as text or, as they should, encrypted. */
function withEncryption(schema: JsonSchema): JsonSchema {
  const properties = schema.properties as Record<string, JsonSchema>;
  const encrypted = {
    type: "object",
    required: ["secure"],
    properties: { secure: { type: "string" } },
    additionalProperties: false,
  };
  const either = ({ description }: JsonSchema) => ({
    ...(description === undefined ? {} : { description }),
    anyOf: [{ type: "string", minLength: 1 }, encrypted],
  });
  return {
    ...schema,
    properties: Object.fromEntries(Object.entries(properties).map(([key, property]) => [key, either(property)])),
    patternProperties: {
      "^env[A-Z][A-Za-z0-9]*$": either({ description: "Value of a variable of langfuse.secretEnvironment." }),
    },
    additionalProperties: false,
  };
}
