import { randomBytes } from "node:crypto";
import { standInOutputs } from "../../preview/stand-in-outputs";
import type { Properties } from "../providers/provider";
import type { Draft } from "./resource";

/** What the preview's stand-ins put where the provider puts its suffix. */
const PREVIEW_SUFFIX = "-0000000";
const PREVIEW_ACCOUNT = "111111111111";
const PREVIEW_REGION = "us-east-1";

/** `length` fresh hexadecimal digits. */
export function freshHex(length: number): string {
  return randomBytes(Math.ceil(length / 2))
    .toString("hex")
    .slice(0, length);
}

/**
 * What every provider computes for a resource, as the embedded preview stands in for it, made unique: the physical name, fresh
 * for each creation, takes the place of the logical one, from which ids and ARNs follow.
 */
export function genericOutputs({ type, physicalName, inputs }: Draft, account: string, region: string): Properties {
  const text = JSON.stringify(standInOutputs(type)(physicalName, inputs));
  return JSON.parse(
    text.replaceAll(PREVIEW_SUFFIX, "").replaceAll(PREVIEW_ACCOUNT, account).replaceAll(PREVIEW_REGION, region),
  ) as Properties;
}
