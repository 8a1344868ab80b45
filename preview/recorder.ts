import * as pulumi from "@pulumi/pulumi";
import * as debuggable from "@pulumi/pulumi/runtime/debuggable";
import { listenToNobody } from "./callbacks";
import { Failures } from "./failures";
import { leaves } from "./redaction";
import { refusalOf, refused } from "./refusals";
import {
  type Callback,
  type Monitor,
  properties,
  type RecordedResource,
  readResource,
  registeredResource,
} from "./registration";
import { untilStalled } from "./stall";
import { standInOutputs } from "./stand-in-outputs";
import { muteIdleTraces } from "./traces";

export type { RecordedResource, ResourceOptionsRecord } from "./registration";

/** The marker under which the SDK sends a secret over the wire. */
export interface SecretValue {
  readonly [signature: string]: unknown;
  readonly value: unknown;
}

/** A whole run of a program. */
export interface Recording {
  readonly resources: RecordedResource[];
  /** URNs registered more than once: the real engine refuses them. */
  readonly duplicateUrns: string[];
  /** What went wrong inside Outputs and registrations; a caller that ignores it hides real faults. */
  readonly failures: Error[];
  /** Every secret text that came from a resource's outputs or from secret configuration. */
  readonly secrets: string[];
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
  /** Whether every promise of the SDK keeps its own stack trace, which takes several times as long; default false. */
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

/** In the SDK's code, not in its types: empties the list of promises that it reports when the process ends. */
const forgetPendingPromises = (debuggable as unknown as { leakedPromises(): unknown }).leakedPromises;

/** What a backend without organizations calls its own; programs name other stacks by it. */
const ORGANIZATION = "organization";

const NEVER_FINISHED =
  "the program never finishes: a resource waits for itself, or an Output for a promise that nobody keeps";

/**
 * Runs `program` against the SDK's own test monitor and records everything that it registers: no engine, no provider, no
 * network. Failures inside Outputs are collected, never lost. One recording at a time: the SDK keeps its monitor per process.
 */
export async function record(program: () => unknown, options: RecordOptions = {}): Promise<Recording> {
  const failures = new Failures();
  const hadErrors = pulumi.log.hasErrors();
  const project = options.project ?? "llm-platform";
  const stack = options.stack ?? "test";
  const answers = new Answers(options);
  // Preview mode turns every output that has no stand-in into an unknown, which the plan's checks then report.
  await pulumi.runtime.setMocks(answers, project, stack, true, ORGANIZATION);
  listenToNobody();
  pulumi.runtime.setAllConfig(options.config ?? {}, options.secretConfig ?? []);
  const seen = watch(pulumi.runtime.getMonitor() as unknown as Monitor, answers, `urn:pulumi:${stack}::${project}`);
  seen.onResource = options.onResource;

  const restoreTraces = options.stackTraces ? () => {} : muteIdleTraces();
  process.on("unhandledRejection", failures.add);
  const progress = { steps: () => seen.resources.size, failed: () => failures.all().length > 0 };
  let result: unknown;
  let settled = false;
  try {
    result = await untilStalled(
      pulumi.runtime.runInPulumiStack(async () => program()),
      progress,
    );
  } catch (error) {
    failures.add(error);
  }
  try {
    const drained = pulumi.runtime.disconnect().then(() => true);
    settled = (await untilStalled(drained, progress)) === true;
    // Rejections are announced one turn of the event loop after they happen.
    await new Promise((resolve) => setImmediate(resolve));
  } catch (error) {
    failures.add(error);
  } finally {
    restoreTraces();
    process.off("unhandledRejection", failures.add);
  }
  if (!settled) {
    if (!progress.failed()) failures.add(new Error(NEVER_FINISHED));
    // What never comes would otherwise be complained about when the process ends.
    forgetPendingPromises();
  }
  if (pulumi.log.hasErrors() && !hadErrors) failures.add(new Error("the program logged an error (see above)"));
  return {
    resources: [...seen.resources.values()],
    duplicateUrns: [...seen.duplicateUrns],
    failures: failures.all(),
    secrets: [...answers.secrets],
    result,
  };
}

/** The stand-in for every provider: outputs of resources, answers of functions. */
class Answers implements pulumi.runtime.Mocks {
  /** Outputs that the resource being registered declares secret; the test monitor itself ignores that option. */
  secretOutputs: readonly string[] = [];
  readonly secrets = new Set<string>();

  constructor(private readonly options: RecordOptions) {
    for (const key of options.secretConfig ?? []) this.noteSecret(parsed(options.config?.[key]));
  }

  private noteSecret(value: unknown): void {
    for (const leaf of leaves(value)) if (typeof leaf.value === "string") this.secrets.add(leaf.value);
  }

  /** Whether the caller of `record` says what resources of this type compute. */
  hasStandIn(type: string): boolean {
    return this.options.standIns?.[type] !== undefined;
  }

  readonly newResource = (args: pulumi.runtime.MockResourceArgs) => {
    if (!args.custom) return { id: undefined, state: {} };
    const state: Record<string, unknown> = { ...args.inputs };
    if (this.options.outputs === "unknown") return { id: undefined, state };
    const computed = this.options.standIns?.[args.type] ?? standInOutputs(args.type);
    Object.assign(state, computed(args.name, args.inputs));
    for (const key of this.secretOutputs) if (key in state) state[key] = pulumi.secret(state[key]);
    for (const value of Object.values(state)) {
      if (pulumi.Output.isInstance(value)) value.apply((text) => this.noteSecret(text));
    }
    const id = args.id !== undefined && args.id !== "" ? args.id : state.id;
    return { id: typeof id === "string" ? id : `${args.name}-id`, state };
  };

  readonly call = (args: pulumi.runtime.MockCallArgs) => {
    const answer = this.options.calls?.[args.token];
    if (answer) return answer(args.inputs);
    const message = `the program calls ${args.token}, which needs a cloud: take the value from settings`;
    throw Object.assign(new Error(message), { details: message });
  };
}

interface Seen {
  readonly resources: Map<string, RecordedResource>;
  readonly duplicateUrns: Set<string>;
  onResource?: ((resource: RecordedResource) => void) | undefined;
}

/** Makes `monitor` note all that passes through it, with the URNs that the engine would give, and refuse what it cannot do. */
function watch(monitor: Monitor, answers: Answers, urnPrefix: string): Seen {
  const seen: Seen = { resources: new Map(), duplicateUrns: new Set() };
  const note = (resource: RecordedResource) => {
    if (seen.resources.has(resource.urn)) seen.duplicateUrns.add(resource.urn);
    seen.resources.set(resource.urn, resource);
    answers.secretOutputs = resource.options.additionalSecretOutputs;
    seen.onResource?.(resource);
  };

  monitor.registerResourceHook = () => {};
  const typeChains = new Map<string, string>();
  monitor.newUrn = (parent, type, name) => {
    const chain = typeChains.get(parent) ?? "";
    const qualified = chain === "" ? type : `${chain}$${type}`;
    const urn = `${urnPrefix}::${qualified}::${name}`;
    typeChains.set(urn, type === "pulumi:pulumi:Stack" ? "" : qualified);
    return urn;
  };

  const register = monitor.registerResource.bind(monitor);
  monitor.registerResource = (request, callback) => {
    const refusal = refusalOf(request);
    if (refusal !== undefined) return callback(refused(refusal), undefined);
    note(registeredResource(monitor.newUrn(request.getParent(), request.getType(), request.getName()), request));
    return register(request, callback);
  };
  const read = monitor.readResource.bind(monitor);
  monitor.readResource = (request, callback) => {
    const urn = monitor.newUrn(request.getParent(), request.getType(), request.getName());
    if (request.getType() === "pulumi:pulumi:StackReference" && !answers.hasStandIn(request.getType())) {
      return callback(refused(`${urn}: the outputs of another stack cannot be read without a backend`), undefined);
    }
    note(readResource(urn, request));
    return read(request, callback);
  };
  const registerOutputs = monitor.registerResourceOutputs.bind(monitor);
  monitor.registerResourceOutputs = (request, callback) => {
    const resource = seen.resources.get(request.getUrn());
    if (resource) resource.outputs = properties(request.getOutputs());
    return registerOutputs(request, callback);
  };

  monitor.call = (request: { getTok(): string }, callback: Callback) =>
    callback(
      refused(`the program calls the method ${request.getTok()} of a remote component, which needs an engine`),
      undefined,
    );
  return seen;
}

/** The value of a configuration key: JSON when it is that, else the text itself. */
function parsed(text: string | undefined): unknown {
  try {
    return JSON.parse(text ?? "null");
  } catch {
    return text;
  }
}
