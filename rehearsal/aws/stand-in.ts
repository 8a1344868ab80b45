import {
  type CallOptions,
  type CheckResult,
  type DiffResult,
  PartialFailure,
  type Properties,
  type Provider,
  type ResourceIdentity,
  type ResourceState,
  UNKNOWN,
} from "../providers/provider";
import type { Cloud } from "./cloud";
import { readConfiguration } from "./configuration";
import { difference } from "./differences";
import { freshHex, genericOutputs } from "./identifiers";
import { checkedInputs } from "./inputs";
import { checkFree, checkReferences, checkUnused } from "./references";
import { type Draft, type LiveResource, type ResourceRules, stateOf } from "./resource";
import { RULES } from "./rules";

const NO_RULES: ResourceRules = { replaces: [] };

/** The AWS provider, against an account in memory. */
export class AwsStandIn implements Provider {
  private interrupt: () => void = () => {};
  private interrupted: Promise<void> = new Promise(() => {});

  private readonly cloud: Cloud;

  constructor({ cloud }: { readonly cloud: Cloud }) {
    this.cloud = cloud;
  }

  async configure(configuration: Properties): Promise<void> {
    const { region, roleArn, defaultTags } = readConfiguration(configuration, this.cloud.account);
    this.cloud.region = region;
    this.cloud.defaultTags = defaultTags;
    if (roleArn !== undefined) this.cloud.caller = roleArn;
    this.interrupted = new Promise((resolve) => {
      this.interrupt = resolve;
    });
  }

  async diffConfiguration(before: Properties, now: Properties): Promise<DiffResult> {
    const moved = before.region !== now.region;
    return { ...difference(before, now), replaces: moved ? ["region"] : [] };
  }

  async check(resource: ResourceIdentity, before: Properties | undefined, now: Properties): Promise<CheckResult> {
    return checkedInputs(resource, before, now, this.rulesOf(resource.type));
  }

  async diff(
    { type }: ResourceIdentity,
    _id: string,
    before: Properties,
    state: Properties,
    now: Properties,
  ): Promise<DiffResult> {
    const rules = this.rulesOf(type);
    // Default tags are the provider's and not among the inputs, so a change of theirs shows in the state alone.
    const tags = rules.tagged ? { tagsAll: this.tagsOf(now) } : {};
    const tagsBefore = rules.tagged ? { tagsAll: state.tagsAll } : {};
    return difference({ ...before, ...tagsBefore }, { ...now, ...tags }, rules);
  }

  async create(resource: ResourceIdentity, inputs: Properties, { preview }: CallOptions): Promise<ResourceState> {
    const { type, name: logicalName, urn } = resource;
    const rules = this.rulesOf(type);
    const given = rules.name === undefined ? undefined : inputs[rules.name.property];
    const draft: Draft = { type, logicalName, inputs, physicalName: given ?? `${logicalName}-${freshHex(7)}` };
    const { id: computedId, ...computed } = this.computedOf(draft, rules);
    if (preview) return { id: "", state: stateOf(inputs, unknown(computed)) };
    checkFree(RULES, draft, this.cloud);
    checkReferences(RULES, type, inputs, this.cloud);
    rules.admit?.(draft, this.cloud);
    const id = String((rules.idFrom === undefined ? computedId : computed[rules.idFrom]) ?? draft.physicalName);
    const made: LiveResource = { ...draft, id, urn, computed, createdAt: performance.now() };
    this.cloud.add(made);
    await this.finished(made, async () => rules.made?.(made, this.cloud));
    return { id, state: stateOf(made.inputs, made.computed) };
  }

  async update(
    { type }: ResourceIdentity,
    id: string,
    before: Properties,
    state: Properties,
    now: Properties,
    { preview }: CallOptions,
  ): Promise<Properties> {
    const rules = this.rulesOf(type);
    const tags = rules.tagged ? { tagsAll: this.tagsOf(now) } : {};
    const resource = this.cloud.find(type, id);
    if (preview) {
      const computed: Properties = { ...(resource?.computed ?? state), ...tags };
      for (const key of rules.volatile ?? []) computed[key] = UNKNOWN;
      return stateOf(now, computed);
    }
    if (resource === undefined) throw new Error(`${type} ${id} does not exist any more; run with --refresh`);
    const inputs = rules.effective?.(resource, before, now) ?? now;
    checkReferences(RULES, type, inputs, this.cloud);
    rules.admitChange?.(resource, inputs, this.cloud);
    const former = resource.inputs;
    resource.inputs = inputs;
    resource.computed = { ...resource.computed, ...tags };
    if (rules.name !== undefined) resource.physicalName = inputs[rules.name.property];
    await this.finished(resource, async () => rules.changed?.(resource, former, this.cloud));
    return stateOf(resource.inputs, resource.computed);
  }

  async read(
    { type }: ResourceIdentity,
    id: string,
    inputs: Properties,
  ): Promise<{ inputs: Properties; state: Properties } | undefined> {
    const resource = this.cloud.find(type, id);
    if (resource === undefined) return undefined;
    const shown = { ...resource.inputs };
    for (const key of this.rulesOf(type).writeOnly ?? []) {
      if (inputs[key] !== undefined) shown[key] = inputs[key];
    }
    return { inputs: shown, state: stateOf(shown, resource.computed) };
  }

  async delete({ type }: ResourceIdentity, id: string): Promise<void> {
    const rules = this.rulesOf(type);
    const resource = this.cloud.find(type, id);
    if (resource === undefined) return;
    checkUnused(RULES, resource, this.cloud);
    rules.release?.(resource, this.cloud);
    this.cloud.remove(resource);
    await rules.gone?.(resource, this.cloud);
  }

  cancel(): void {
    this.interrupt();
  }

  private rulesOf(type: string): ResourceRules {
    const rules = RULES[type];
    if (rules === undefined) this.cloud.unmodelled.add(type);
    return rules ?? NO_RULES;
  }

  private computedOf(draft: Draft, rules: ResourceRules): Properties {
    const { account, region } = this.cloud;
    return {
      ...genericOutputs(draft, account, region),
      ...rules.computed?.(draft, this.cloud),
      ...(rules.tagged ? { tagsAll: this.tagsOf(draft.inputs) } : {}),
    };
  }

  private tagsOf({ tags }: Properties): Properties {
    return typeof tags === "object" ? { ...this.cloud.defaultTags, ...tags } : { ...this.cloud.defaultTags };
  }

  /** Waits for what follows from a step. What fails or is interrupted then has happened all the same. */
  private async finished(resource: LiveResource, follow: () => Promise<void>): Promise<void> {
    const given = this.interrupted.then(() => {
      throw new Error("the run was interrupted while this was waited for");
    });
    try {
      await Promise.race([follow(), given]);
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      throw new PartialFailure(message, resource.id, stateOf(resource.inputs, resource.computed));
    }
  }
}

/** What a preview knows of computed outputs: that there are some. */
function unknown(computed: Properties): Properties {
  return Object.fromEntries(Object.keys(computed).map((key) => [key, UNKNOWN]));
}
