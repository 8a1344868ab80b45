import type { ResourceRules } from "../resource";
import { holdsInterfaces } from "./network-paths";

/** What a service says of one of its groups. */
export type GroupMessages = Required<Pick<ResourceRules, "missing" | "inUse">> & {
  /** Of a second group with the name. */
  readonly taken: (physicalName: string) => string;
};

/** A group of subnets that stores of a service are put into. */
export function subnetGroup({ taken, missing, inUse }: GroupMessages): ResourceRules {
  return {
    ...namedGroup(taken),
    replaces: [],
    references: { "subnetIds[]": { to: "aws:ec2/subnet:Subnet", holds: holdsInterfaces } },
    missing,
    inUse,
  };
}

/** A group of parameters that stores of a service share. */
export function parameterGroup({ taken, missing, inUse }: GroupMessages): ResourceRules {
  return { ...namedGroup(taken), replaces: ["description", "family"], missing, inUse };
}

function namedGroup(
  taken: (physicalName: string) => string,
): Pick<ResourceRules, "name" | "defaults" | "tagged" | "unique"> {
  return {
    name: { property: "name", lowerCase: true },
    defaults: { description: "Managed by Pulumi" },
    tagged: true,
    unique: { key: ({ name }) => `${name}`, message: ({ physicalName }) => taken(physicalName) },
  };
}
