import * as pulumi from "@pulumi/pulumi";
import type { MockMonitor } from "@pulumi/pulumi/runtime/mocks";
import { standInOutputs } from "./stand-in-outputs";

/** The marker under which the SDK sends a secret over the wire. */
export interface SecretValue {
  readonly [signature: string]: unknown;
  readonly value: unknown;
}

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

/** A whole run of a program. */
export interface Recording {
  readonly resources: RecordedResource[];
  /** URNs registered more than once: the real engine refuses them. */
  readonly duplicateUrns: string[];
  /** What went wrong inside Outputs and registrations; a caller that ignores it hides real faults. */
  readonly failures: Error[];
  /** What the program returned (a stack's outputs), secrets already opened by the SDK. */
  readonly result: unknown;
}

/** How a recording is made. */
export interface RecordOptions {
  /** Default `llm-platform`. */
  readonly project?: string;
  /** Default `test`. */
  readonly stack?: string;
  /** Pulumi configuration by full key (`llm-platform:lifecycle`), values as text; default none. */
  readonly config?: Record<string, string>;
  /** Keys of `config` that are secret. */
  readonly secretConfig?: string[];
  /**
   * `known` (default): every output has a stand-in value, so everything downstream is resolved.
   * `unknown`: nothing that a provider computes is known, as in the first preview of a new stack.
   */
  readonly outputs?: "known" | "unknown";
  /** Called for every resource as it is registered. */
  readonly onResource?: (resource: RecordedResource) => void;
  /** Answers of provider functions by token; one that is not listed fails the run. */
  readonly calls?: Record<string, (inputs: Record<string, unknown>) => Record<string, unknown>>;
  /**
   * Whether errors carry stack traces. Default false: the SDK takes a trace for every promise that it makes, and mapping those to
   * TypeScript takes four fifths of the time of a recording.
   */
  readonly stackTraces?: boolean;
  /** Overrides stand-in outputs by type. */
  readonly standIns?: Record<string, (name: string, inputs: Record<string, unknown>) => Record<string, unknown>>;
}

/** Whether `value` is a secret's envelope, as the SDK sends it. */
export function isSecretValue(value: unknown): value is SecretValue {
  return pulumi.runtime.isRpcSecret(value);
}

/** Whether `value` is the marker of a value that is not known yet. */
export function isUnknownValue(value: unknown): boolean {
  return (
    value === pulumi.runtime.unknownValue || (typeof value === "object" && value !== null && "__pulumiUnknown" in value)
  );
}

/**
 * Runs `program` against the SDK's own test monitor and records everything that it registers: no engine, no provider, no
 * network. Failures inside Outputs are collected, never lost. One recording at a time: the SDK keeps its monitor per process.
 */
export async function record(program: () => unknown, options: RecordOptions = {}): Promise<Recording> {
  const resources = new Map<string, RecordedResource>();
  const duplicateUrns: string[] = [];
  const failures = new Map<string, Error>();
  const fail = (reason: unknown) => {
    const error = reason instanceof Error ? reason : new Error(String(reason));
    if (!failures.has(error.message)) failures.set(error.message, error);
  };

  const project = options.project ?? "llm-platform";
  const stack = options.stack ?? "test";
  const known = (options.outputs ?? "known") === "known";
  await pulumi.runtime.setMocks(
    {
      newResource: (args) => {
        if (!args.custom) return { id: undefined, state: {} };
        if (!known) return { id: undefined, state: args.inputs };
        const computed = options.standIns?.[args.type] ?? standInOutputs(args.type);
        const state = { ...args.inputs, ...computed(args.name, args.inputs) };
        return { id: typeof state.id === "string" ? state.id : `${args.name}-id`, state };
      },
      call: (args) => {
        const answer = options.calls?.[args.token];
        if (!answer)
          throw new Error(`the program calls ${args.token}, which needs a cloud: take the value from settings`);
        return answer(args.inputs);
      },
    },
    project,
    stack,
    // Preview mode turns every output that has no stand-in into an unknown, which `unresolvedInputs` then reports.
    true,
  );
  pulumi.runtime.setAllConfig(options.config ?? {}, options.secretConfig ?? []);

  const monitor = pulumi.runtime.getMonitor() as unknown as MockMonitor & Record<string, unknown>;
  const typeChains = new Map<string, string>();
  monitor.newUrn = (parent: string, type: string, name: string) => {
    const chain = typeChains.get(parent);
    const qualified = chain === undefined || chain === "" ? type : `${chain}$${type}`;
    const urn = `urn:pulumi:${stack}::${project}::${qualified}::${name}`;
    typeChains.set(urn, type === "pulumi:pulumi:Stack" ? "" : qualified);
    return urn;
  };
  const registerResource = monitor.registerResource.bind(monitor);
  monitor.registerResource = (request: RegisterRequest, callback: unknown) => {
    const urn = (monitor.newUrn as (parent: string, type: string, name: string) => string)(
      request.getParent(),
      request.getType(),
      request.getName(),
    );
    const resource = readRequest(urn, request);
    if (resources.has(urn)) duplicateUrns.push(urn);
    resources.set(urn, resource);
    options.onResource?.(resource);
    return (registerResource as (request: unknown, callback: unknown) => unknown)(request, callback);
  };
  const registerResourceOutputs = monitor.registerResourceOutputs.bind(monitor);
  monitor.registerResourceOutputs = (request: OutputsRequest, callback: unknown) => {
    const resource = resources.get(request.getUrn());
    if (resource) resource.outputs = (request.getOutputs()?.toJavaScript() ?? {}) as Record<string, unknown>;
    return (registerResourceOutputs as (request: unknown, callback: unknown) => unknown)(request, callback);
  };
  // Neither hook registration is part of the SDK's mock monitor; a program that uses hooks must still be recordable.
  monitor.registerResourceHook = acknowledge;
  monitor.registerErrorHook = acknowledge;

  process.on("unhandledRejection", fail);
  const { stackTraceLimit } = Error;
  if (!options.stackTraces) Error.stackTraceLimit = 0;
  let result: unknown;
  try {
    result = await pulumi.runtime.runInPulumiStack(async () => program());
  } catch (error) {
    fail(error);
  }
  try {
    await pulumi.runtime.disconnect();
    // Rejections are announced one turn of the event loop after they happen.
    await new Promise((resolve) => setImmediate(resolve));
  } catch (error) {
    fail(error);
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
    process.off("unhandledRejection", fail);
  }
  return { resources: [...resources.values()], duplicateUrns, failures: [...failures.values()], result };
}

function acknowledge(_request: unknown, callback: (error: null, response: object) => void): void {
  callback(null, {});
}

function readRequest(urn: string, request: RegisterRequest): RecordedResource {
  const timeouts = request.getCustomtimeouts();
  const hooks = request.getHooks?.();
  return {
    urn,
    type: request.getType(),
    name: request.getName(),
    parent: request.getParent(),
    provider: request.getProvider(),
    custom: request.getCustom(),
    inputs: (request.getObject()?.toJavaScript() ?? {}) as Record<string, unknown>,
    dependencies: [...request.getDependenciesList()].sort(),
    propertyDependencies: Object.fromEntries(
      [...request.getPropertydependenciesMap().entries()].map(([key, value]) => [key, [...value.getUrnsList()].sort()]),
    ),
    options: {
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
    },
  };
}

interface ProtobufStruct {
  toJavaScript(): unknown;
}

/** The part of the SDK's generated RegisterResourceRequest that we read. */
interface RegisterRequest {
  getType(): string;
  getName(): string;
  getParent(): string;
  getProvider(): string;
  getCustom(): boolean;
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
  getCustomtimeouts(): { getCreate(): string; getUpdate(): string; getDelete(): string } | undefined;
  getHooks?(): { toObject(): unknown } | undefined;
}

interface OutputsRequest {
  getUrn(): string;
  getOutputs(): ProtobufStruct | undefined;
}
