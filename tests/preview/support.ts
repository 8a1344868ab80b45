import type { RecordedResource } from "../../preview/recorder";

const STACK = "urn:pulumi:test::llm-platform::pulumi:pulumi:Stack::llm-platform-test";

/** A resource as the recorder would note it; its URN is its type and name. */
export function resource(type: string, name: string, fields: Partial<RecordedResource> = {}): RecordedResource {
  return {
    urn: urnOf(type, name),
    type,
    name,
    parent: STACK,
    provider: "",
    custom: true,
    read: false,
    inputs: {},
    dependencies: [],
    propertyDependencies: {},
    options: {
      protect: false,
      retainOnDelete: false,
      deleteBeforeReplace: false,
      deletedWith: "",
      ignoreChanges: [],
      replaceOnChanges: [],
      additionalSecretOutputs: [],
      aliases: [],
      customTimeouts: {},
      hooks: [],
    },
    ...fields,
  };
}

/** A component as the recorder would note it. */
export function component(className: string, name: string, fields: Partial<RecordedResource> = {}): RecordedResource {
  return resource(`llm-platform:index:${className}`, name, { custom: false, ...fields });
}

/** The stack itself. */
export function stack(fields: Partial<RecordedResource> = {}): RecordedResource {
  return resource("pulumi:pulumi:Stack", "llm-platform-test", { parent: "", custom: false, ...fields });
}

/** The URN that `resource` gives. */
export function urnOf(type: string, name: string): string {
  return `urn:pulumi:test::llm-platform::${type}::${name}`;
}
