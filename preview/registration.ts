import type { MockMonitor } from "@pulumi/pulumi/runtime/mocks";

/** One resource as the program registered it. */
export interface RecordedResource {
  readonly urn: string;
  readonly type: string;
  readonly name: string;
  /** URN of the parent; empty for the stack itself. */
  readonly parent: string;
  /** `urn::id` of the explicit provider; empty when the default provider would be used. */
  readonly provider: string;
  /** False for components and the stack. */
  readonly custom: boolean;
  /** Whether the program only reads it (`Bucket.get`): it exists already, and nothing is created. */
  readonly read: boolean;
  /** Inputs as sent to the engine; secrets are still in their envelopes (`isSecretValue`). */
  readonly inputs: Record<string, unknown>;
  readonly dependencies: string[];
  readonly propertyDependencies: Record<string, string[]>;
  readonly options: ResourceOptionsRecord;
  /** What `registerOutputs` was given, for components and the stack; undefined when it was never called. */
  outputs?: Record<string, unknown>;
}

/** The options that decide how the engine treats a resource. */
export interface ResourceOptionsRecord {
  readonly protect: boolean;
  readonly retainOnDelete: boolean;
  readonly deleteBeforeReplace: boolean;
  readonly deletedWith: string;
  readonly ignoreChanges: string[];
  readonly replaceOnChanges: string[];
  readonly additionalSecretOutputs: string[];
  readonly aliases: unknown[];
  readonly customTimeouts: { readonly create?: string; readonly update?: string; readonly delete?: string };
  readonly hooks: string[];
}

/** The resource behind a registration. */
export function registeredResource(urn: string, request: RegisterRequest): RecordedResource {
  return {
    urn,
    type: request.getType(),
    name: request.getName(),
    parent: request.getParent(),
    provider: request.getProvider(),
    custom: request.getCustom(),
    read: false,
    inputs: properties(request.getObject()),
    dependencies: [...request.getDependenciesList()].sort(),
    propertyDependencies: Object.fromEntries(
      [...request.getPropertydependenciesMap().entries()].map(([key, value]) => [key, [...value.getUrnsList()].sort()]),
    ),
    options: registeredOptions(request),
  };
}

function registeredOptions(request: RegisterRequest): ResourceOptionsRecord {
  const timeouts = request.getCustomtimeouts();
  const hooks = request.getHooks?.();
  return {
    protect: request.getProtect() ?? false,
    retainOnDelete: request.getRetainondelete() ?? false,
    deleteBeforeReplace: request.getDeletebeforereplace() ?? false,
    deletedWith: request.getDeletedwith(),
    ignoreChanges: request.getIgnorechangesList(),
    replaceOnChanges: request.getReplaceonchangesList(),
    additionalSecretOutputs: request.getAdditionalsecretoutputsList(),
    aliases: request.getAliasesList().map((alias) => alias.toObject()),
    customTimeouts: timeouts
      ? { create: timeouts.getCreate(), update: timeouts.getUpdate(), delete: timeouts.getDelete() }
      : {},
    hooks: hooks ? Object.values(hooks.toObject() as Record<string, string[]>).flat() : [],
  };
}

/** The resource behind a read; only its type, id and parents are known. */
export function readResource(urn: string, request: ReadRequest): RecordedResource {
  return {
    urn,
    type: request.getType(),
    name: request.getName(),
    parent: request.getParent(),
    provider: request.getProvider(),
    custom: true,
    read: true,
    inputs: { ...properties(request.getProperties()), id: request.getId() },
    dependencies: [...request.getDependenciesList()].sort(),
    propertyDependencies: {},
    options: {
      protect: false,
      retainOnDelete: false,
      deleteBeforeReplace: false,
      deletedWith: "",
      ignoreChanges: [],
      replaceOnChanges: [],
      additionalSecretOutputs: request.getAdditionalsecretoutputsList(),
      aliases: [],
      customTimeouts: {},
      hooks: [],
    },
  };
}

/** The value of a protobuf struct as plain JavaScript; secrets stay in their envelopes. */
export function properties(struct: ProtobufStruct | undefined): Record<string, unknown> {
  return (struct?.toJavaScript() ?? {}) as Record<string, unknown>;
}

interface ProtobufStruct {
  toJavaScript(): unknown;
}

/** The part of the SDK's generated RegisterResourceRequest that we read. */
export interface RegisterRequest {
  getType(): string;
  getName(): string;
  getParent(): string;
  getProvider(): string;
  getCustom(): boolean;
  getRemote(): boolean;
  getObject(): ProtobufStruct | undefined;
  getDependenciesList(): string[];
  getPropertydependenciesMap(): { entries(): Iterable<[string, { getUrnsList(): string[] }]> };
  getProtect(): boolean | undefined;
  getRetainondelete(): boolean | undefined;
  getDeletebeforereplace(): boolean | undefined;
  getDeletedwith(): string;
  getIgnorechangesList(): string[];
  getReplaceonchangesList(): string[];
  getAdditionalsecretoutputsList(): string[];
  getAliasesList(): { toObject(): unknown }[];
  getTransformsList(): unknown[];
  getCustomtimeouts(): { getCreate(): string; getUpdate(): string; getDelete(): string } | undefined;
  getHooks?(): { toObject(): unknown } | undefined;
}

/** The part of the SDK's generated ReadResourceRequest that we read. */
export interface ReadRequest {
  getId(): string;
  getType(): string;
  getName(): string;
  getParent(): string;
  getProvider(): string;
  getProperties(): ProtobufStruct | undefined;
  getDependenciesList(): string[];
  getAdditionalsecretoutputsList(): string[];
}

/** The part of the SDK's generated RegisterResourceOutputsRequest that we read. */
export interface OutputsRequest {
  getUrn(): string;
  getOutputs(): ProtobufStruct | undefined;
}

/** How the SDK answers one call of its monitor. */
export type Callback = (error: Error | null, response: unknown) => void;

/** The SDK's test monitor, with the calls that we watch or that it lacks. */
export type Monitor = Omit<MockMonitor, "registerResource" | "readResource" | "registerResourceOutputs" | "newUrn"> & {
  newUrn(parent: string, type: string, name: string): string;
  /** Its presence tells a program that hooks are known; they arrive by `listenToNobody`. */
  registerResourceHook?(): void;
  registerResource(request: RegisterRequest, callback: Callback): unknown;
  readResource(request: ReadRequest, callback: Callback): unknown;
  registerResourceOutputs(request: OutputsRequest, callback: Callback): unknown;
  call: unknown;
};
