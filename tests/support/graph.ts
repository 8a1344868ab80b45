import assert from "node:assert/strict";
import {
  isSecretValue,
  isUnknownValue,
  type RecordedResource,
  type RecordOptions,
  record,
} from "../../preview/recorder";

/** A recorded program with the questions that tests ask of it. */
export class Graph {
  constructor(
    readonly resources: RecordedResource[],
    readonly result: unknown,
  ) {}

  /** All resources of one type, in order of registration. */
  ofType(type: string): RecordedResource[] {
    return this.resources.filter((resource) => resource.type === type);
  }

  /** The one resource of `type`, or the one whose logical name is `name`; fails when there is none or more than one. */
  one(type: string, name?: string): RecordedResource {
    const found = this.ofType(type).filter((resource) => name === undefined || resource.name === name);
    const seen = this.ofType(type).map((resource) => resource.name);
    assert.equal(
      found.length,
      1,
      `expected exactly one ${type}${name ? ` named ${name}` : ""}, found: ${seen.join(", ") || "none"}`,
    );
    return found[0] as RecordedResource;
  }

  /** The component instance of a class such as `Network`. */
  component(className: string, name?: string): RecordedResource {
    return this.one(`llm-platform:index:${className}`, name);
  }

  /** Every resource that `resource` waits for, directly or through others. */
  dependenciesOf(resource: RecordedResource): RecordedResource[] {
    const byUrn = new Map(this.resources.map((each) => [each.urn, each]));
    const seen = new Set<string>();
    const visit = (urns: string[]) => {
      for (const urn of urns) {
        if (seen.has(urn)) continue;
        seen.add(urn);
        const next = byUrn.get(urn);
        if (next) visit([...next.dependencies, providerUrn(next)].filter((each) => each !== ""));
      }
    };
    visit([...resource.dependencies, providerUrn(resource)].filter((each) => each !== ""));
    return [...seen].flatMap((urn) => byUrn.get(urn) ?? []);
  }

  /** Whether `later` is created after `earlier` (and destroyed before it). */
  waitsFor(later: RecordedResource, earlier: RecordedResource): boolean {
    return this.dependenciesOf(later).includes(earlier);
  }

  /** The descendants of a component. */
  childrenOf(parent: RecordedResource): RecordedResource[] {
    const direct = this.resources.filter((resource) => resource.parent === parent.urn);
    return direct.flatMap((child) => [child, ...this.childrenOf(child)]);
  }
}

/** Runs `program` under the recorder and fails on any failure or duplicate URN inside it. */
export async function graphOf(program: () => unknown, options: RecordOptions = {}): Promise<Graph> {
  const recording = await record(program, options);
  if (recording.failures.length > 0) {
    // Once more, slowly, to say where it went wrong.
    const { failures } = await record(program, { ...options, stackTraces: true });
    throw new Error(failures.map((failure) => failure.stack ?? failure.message).join("\n"));
  }
  assert.deepEqual(recording.duplicateUrns, [], "two resources share a URN");
  return new Graph(recording.resources, recording.result);
}

/** The message of the error that `program` fails with; fails when it succeeds. */
export async function failureOf(program: () => unknown, options: RecordOptions = {}): Promise<string> {
  const recording = await record(program, options);
  assert.notEqual(recording.failures.length, 0, "expected the program to fail, and it did not");
  return recording.failures.map((failure) => failure.message).join("\n");
}

/** The value inside a secret's envelope, at any depth; other values are returned with their own envelopes opened. */
export function revealed(value: unknown): unknown {
  if (isSecretValue(value)) return revealed(value.value);
  if (Array.isArray(value)) return value.map(revealed);
  if (value !== null && typeof value === "object") {
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, revealed(inner)]));
  }
  return value;
}

/** Paths of inputs that are secret. */
export function secretPaths(resource: RecordedResource): string[] {
  return pathsWhere(resource.inputs, isSecretValue);
}

/** Paths of inputs that are not known. */
export function unknownPaths(resource: RecordedResource): string[] {
  return pathsWhere(resource.inputs, isUnknownValue);
}

/** Paths of plain (not secret) inputs that contain `text`. */
export function plainPathsWith(resource: RecordedResource, text: string): string[] {
  return pathsWhere(resource.inputs, (value) => typeof value === "string" && value.includes(text));
}

function pathsWhere(value: unknown, matches: (value: unknown) => boolean, path = ""): string[] {
  if (matches(value)) return [path];
  if (isSecretValue(value)) return [];
  if (Array.isArray(value)) return value.flatMap((inner, index) => pathsWhere(inner, matches, `${path}[${index}]`));
  if (value !== null && typeof value === "object") {
    return Object.entries(value).flatMap(([key, inner]) =>
      pathsWhere(inner, matches, path === "" ? key : `${path}.${key}`),
    );
  }
  return [];
}

function providerUrn(resource: RecordedResource): string {
  return resource.provider.split("::").slice(0, 4).join("::");
}
