import type { Properties } from "../providers/provider";
import { refusal } from "./refusal";

/** What the provider's configuration decides here. */
export interface AwsConfiguration {
  readonly region: string;
  /** Role that the run assumes; undefined for the caller's own. */
  readonly roleArn: string | undefined;
  readonly defaultTags: Readonly<Record<string, string>>;
}

/** Reads the configuration; throws when it does not fit the account. */
export function readConfiguration(configuration: Properties, account: string): AwsConfiguration {
  const {
    region,
    allowedAccountIds = [],
    forbiddenAccountIds = [],
    assumeRoles = [],
    defaultTags,
  } = opened(configuration);
  if (typeof region !== "string" || region === "")
    throw refusal("MissingRegion", "no AWS region is set; set aws:region");
  if ((allowedAccountIds.length > 0 && !allowedAccountIds.includes(account)) || forbiddenAccountIds.includes(account)) {
    throw refusal("AccountNotAllowed", `AWS account ID not allowed: ${account}. Use credentials of another account.`);
  }
  return { region, roleArn: assumeRoles[0]?.roleArn, defaultTags: defaultTags?.tags ?? {} };
}

/** The engine hands over nested values as JSON. */
function opened(configuration: Properties): Properties {
  return Object.fromEntries(
    Object.entries(configuration).map(([key, value]) => {
      const nested = typeof value === "string" && /^[[{]/.test(value);
      return [key, nested ? (JSON.parse(value) as unknown) : value];
    }),
  );
}
