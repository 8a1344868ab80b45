import type { CheckResult, Properties } from "../providers/provider";
import type { Cloud } from "./cloud";

/** A resource that exists in the account. */
export interface LiveResource {
  readonly type: string;
  readonly id: string;
  /** Physical name; made up where the type has none. */
  physicalName: string;
  /** Whose step of the program made it; empty for what a service made by itself. */
  readonly urn: string;
  readonly logicalName: string;
  /** Id of the resource that takes this one along when it goes; absent for what the program made. */
  readonly ownedBy?: string;
  /** Milliseconds of `performance.now()`. */
  readonly createdAt: number;
  inputs: Properties;
  /** What the service computed. */
  computed: Properties;
}

/** A resource that is about to be made. */
export interface Draft {
  readonly type: string;
  readonly logicalName: string;
  /** Fresh for each creation, also of types whose name is nobody's input. */
  readonly physicalName: string;
  readonly inputs: Properties;
}

/** An input whose value is another resource's id, ARN or name. */
export interface Reference {
  /** Type that is referred to. */
  readonly to: string;
  /** Whether the other cannot be deleted as long as this one lives. Default false. */
  readonly holds?: boolean | ((holder: LiveResource, cloud: Cloud) => boolean);
  /** Whether the other must have been made in this account, since the program may know its name before it exists. Default false. */
  readonly strict?: boolean;
}

/** How a type names its resources. */
export interface NameRule {
  readonly property: string;
  /** Characters, the suffix of automatic names included, where components/internal/names.ts knows no limit. Default 255. */
  readonly longest?: number;
  readonly lowerCase?: boolean;
}

/** What the stand-in knows about a type. All of it is about one resource; where nothing is said, nothing happens. */
export interface ResourceRules {
  readonly name?: NameRule;
  /** Defaults that the provider puts into the inputs. */
  readonly defaults?: Properties;
  /** Paths of inputs whose change makes another resource. The name is among them without being listed. */
  readonly replaces: readonly string[];
  /** Whether the service can change the name in place. Default false. */
  readonly renames?: boolean;
  /** Further paths that must be replaced because of how their values change. */
  readonly replacesBetween?: (before: Properties, now: Properties) => readonly string[];
  /** Whether it has tags. Default false. */
  readonly tagged?: boolean;
  /** By path, `[]` behind what is a list. */
  readonly references?: Readonly<Record<string, Reference>>;
  /** What an id begins with, to tell ids from names and ARNs. */
  readonly idPrefix?: string;
  /** Computed property that is the id; default `id`, and the physical name where nothing computes one. */
  readonly idFrom?: string;
  /** What can exist only once, e.g. a destination in a route table, and the error for the second. */
  readonly unique?: { key(inputs: Properties): string; message(draft: Draft): string };
  /** Computed outputs beside the generic ones. */
  readonly computed?: (draft: Draft, cloud: Cloud) => Properties;
  /** Computed outputs that an update changes. */
  readonly volatile?: readonly string[];
  /** Combinations of inputs that the service refuses, as far as they are known in a preview. */
  readonly check?: (inputs: Properties) => CheckResult["failures"];
  /** Throws when the service would not make it as things are. */
  readonly admit?: (draft: Draft, cloud: Cloud) => void;
  readonly made?: (resource: LiveResource, cloud: Cloud) => void | Promise<void>;
  /** What an update amounts to, where parts of the inputs are sent only when they differ from the program's last ones. */
  readonly effective?: (resource: LiveResource, before: Properties, now: Properties) => Properties;
  /** Inputs that the service never shows again. */
  readonly writeOnly?: readonly string[];
  /** Throws when the service would refuse the change. */
  readonly admitChange?: (resource: LiveResource, now: Properties, cloud: Cloud) => void;
  readonly changed?: (resource: LiveResource, before: Properties, cloud: Cloud) => void | Promise<void>;
  /** Throws when the service would refuse to delete it, besides because of what refers to it. */
  readonly release?: (resource: LiveResource, cloud: Cloud) => void;
  readonly gone?: (resource: LiveResource, cloud: Cloud) => void | Promise<void>;
  /** The service's words when something refers to a resource that is not there. */
  readonly missing?: (value: string) => string;
  /** The service's words when it cannot be deleted because of `holders`. */
  readonly inUse?: (resource: LiveResource, holders: readonly LiveResource[]) => string;
}

/** Rules by type. */
export type RuleTable = Readonly<Record<string, ResourceRules>>;

/** What the program sees of a resource. Inputs win over computed values; objects are completed. */
export function stateOf(inputs: Properties, computed: Properties): Properties {
  const state: Properties = { ...computed };
  for (const [key, value] of Object.entries(inputs)) {
    if (key === DEFAULTED) continue;
    state[key] = isObject(value) && isObject(computed[key]) ? { ...computed[key], ...value } : value;
  }
  return state;
}

/** Whether a value is neither a scalar nor a list. */
export function isObject(value: unknown): value is Properties {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Property in which a provider remembers which inputs it filled in by itself. */
export const DEFAULTED = "__defaults";

/** `aws:ec2/vpc:Vpc network-vpc (vpc-0123)`. */
export function label({ type, logicalName, id, physicalName }: LiveResource): string {
  return `${type} ${logicalName || physicalName} (${id})`;
}
