import {
  type CallOptions,
  type CheckResult,
  type DiffResult,
  type Properties,
  type Provider,
  type ResourceIdentity,
  type ResourceState,
  UNKNOWN,
} from "../providers/provider";
import { outputNames, randomValue, textProblems } from "./values";

const TEXTS = /:Random(Password|String)$/;

/** Types whose values nobody may see. */
const SECRETS = /:Random(Password|Bytes)$/;

/** The random provider. Its resources live in the engine's state alone; here is kept only what was secret. */
export class RandomStandIn implements Provider {
  private readonly made = new Set<string>();

  /** Every secret text that was ever made, to search for in places where none may stand. */
  secrets(): string[] {
    return [...this.made];
  }

  async configure(): Promise<void> {}

  async diffConfiguration(): Promise<DiffResult> {
    return { changes: [], replaces: [] };
  }

  async check({ type }: ResourceIdentity, _before: Properties | undefined, now: Properties): Promise<CheckResult> {
    const problems = TEXTS.test(type) && typeof now.length === "number" ? textProblems(now) : [];
    return { inputs: now, failures: problems.map((reason) => ({ property: "length", reason })) };
  }

  /** A value cannot change: any other input makes another one. */
  async diff(
    _resource: ResourceIdentity,
    _id: string,
    before: Properties,
    _state: Properties,
    now: Properties,
  ): Promise<DiffResult> {
    const names = [...new Set([...Object.keys(before), ...Object.keys(now)])];
    const changes = names.filter((name) => text(before[name]) !== text(now[name]));
    return { changes, replaces: changes };
  }

  async create({ type }: ResourceIdentity, inputs: Properties, { preview }: CallOptions): Promise<ResourceState> {
    if (preview) {
      const outputs = Object.fromEntries(outputNames(type).map((name) => [name, UNKNOWN]));
      return { id: "", state: { ...inputs, ...outputs } };
    }
    const { id, outputs } = randomValue(type, inputs);
    if (SECRETS.test(type)) for (const output of Object.values(outputs)) this.made.add(String(output));
    return { id, state: { ...inputs, ...outputs } };
  }

  async update(
    _resource: ResourceIdentity,
    _id: string,
    _before: Properties,
    state: Properties,
    now: Properties,
  ): Promise<Properties> {
    return { ...state, ...now };
  }

  async read(
    _resource: ResourceIdentity,
    _id: string,
    inputs: Properties,
    state: Properties,
  ): Promise<{ inputs: Properties; state: Properties }> {
    return { inputs, state };
  }

  async delete(): Promise<void> {}
}

/** A value as text, whatever the order of its keys; absent and null are the same. */
function text(value: unknown): string {
  return JSON.stringify(value ?? null, (_key, inner: unknown) =>
    typeof inner === "object" && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}
