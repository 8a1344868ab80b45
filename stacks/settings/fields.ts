import * as z from "zod";
import { isCidr } from "../../components/internal/cidr";

/** A message for a schema check: the rule on its first line, what to do about it on its second. */
export function says(rule: string, fix: string): string {
  return `${rule}\n${fix}`;
}

/** Text of one shape. */
export function text(description: string, pattern: RegExp, rule: string, fix: string) {
  return z.string().regex(pattern, says(rule, fix)).describe(description);
}

/** A whole number between two bounds. */
export function whole(description: string, minimum: number, maximum: number) {
  return z.int().min(minimum).max(maximum).describe(description);
}

/** A choice between names. */
export function choice<const T extends readonly [string, ...string[]]>(description: string, names: T) {
  return z.enum(names).describe(description);
}

/** On or off. */
export function flag(description: string, otherwise: boolean) {
  return z.boolean().default(otherwise).describe(description);
}

/** An IPv4 range. */
export function cidr(description: string) {
  return z
    .string()
    .refine(
      isCidr,
      says(
        "must be an IPv4 range without host bits",
        "Write the first address of the range and its length, such as 10.20.0.0/16.",
      ),
    )
    .describe(description);
}

/** A name in Kubernetes: a DNS label. */
export function kubernetesName(description: string) {
  return text(
    description,
    /^[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?$/,
    "must be a Kubernetes name: lower-case letters, digits, dashes and dots",
    "Take it from `kubectl get`.",
  );
}

/** The name of an entry in a Kubernetes Secret. */
export function secretEntry(description: string) {
  return text(
    description,
    /^[-._a-zA-Z0-9]{1,253}$/,
    "must be the name of an entry: letters, digits, dashes, dots and underscores",
    "Take it from the Secret's `data`.",
  );
}

/** A host name or an IPv4 address, without scheme and port. */
export function storeHost(description: string) {
  return text(
    description,
    /^(?=.{1,253}$)[a-zA-Z0-9]([-a-zA-Z0-9]*[a-zA-Z0-9])?(\.[a-zA-Z0-9]([-a-zA-Z0-9]*[a-zA-Z0-9])?)*$/,
    "must be a host name or an address, without scheme and port",
    "Write the name alone; the port has a key of its own.",
  );
}

/** An amount of CPU or memory as Kubernetes writes it. */
export const cpuQuantity = (description: string) =>
  text(
    description,
    /^([1-9]\d*|[1-9]\d*m|\d+\.\d{1,3})$/,
    "must be an amount of CPU",
    'Write cores or thousandths as text, such as "2" or 500m.',
  );

export const memoryQuantity = (description: string) =>
  text(
    description,
    /^[1-9]\d*(Mi|Gi|Ti)$/,
    "must be an amount of memory or storage in Mi, Gi or Ti",
    "Write a whole number and the unit, such as 4Gi.",
  );

/** Requests and limits of a container. */
export function containerResources(description: string) {
  const amounts = (kind: string) =>
    z
      .strictObject({
        cpu: cpuQuantity(`CPU ${kind}, e.g. "2" or 500m.`),
        memory: memoryQuantity(`Memory ${kind}, e.g. 4Gi.`),
      })
      .describe(`What one container ${kind === "request" ? "is guaranteed" : "may use at most"}.`);
  return z.strictObject({ requests: amounts("request"), limits: amounts("limit") }).describe(description);
}

/** A full version of three numbers, as its image is tagged. */
export function exactVersion(description: string) {
  return text(
    description,
    /^\d+\.\d+\.\d+$/,
    "must be an exact version of three numbers",
    'Name the release in quotes, such as "3.225.4"; a tag like latest changes under a running platform.',
  );
}

/** Where pods reach a store that lies outside the cluster, for the network policies. */
export function storeCidrs() {
  return z
    .array(cidr("An IPv4 range."))
    .min(1)
    .default(["0.0.0.0/0"])
    .describe(
      "Ranges that hold the store's addresses, for the network policies. Default: any address, on the store's port only.",
    );
}

/** Either make a thing or use one that exists; reading `create` tells which. */
export type Either<C, E> =
  | { readonly create: C; readonly existing?: undefined }
  | { readonly create?: undefined; readonly existing: E };

/** The two blocks `create` and `existing`, of which exactly one is given. */
export function createOrExisting<C extends z.ZodType, E extends z.ZodType>(
  description: string,
  create: C,
  existing: E,
) {
  const schema = exactlyOne(z.strictObject({ create: create.optional(), existing: existing.optional() }), [
    "create",
    "existing",
  ]).describe(description);
  // The check above is what makes the narrower type true.
  return schema as unknown as z.ZodType<Either<z.output<C>, z.output<E>>, Either<z.input<C>, z.input<E>>>;
}

/** Adds the rule that exactly one of `keys` is given; it is checked even when something inside them is wrong. */
export function exactlyOne<S extends z.ZodType>(schema: S, keys: readonly string[]): S {
  const given = (value: unknown) =>
    value !== null && typeof value === "object"
      ? keys.filter((key) => (value as Record<string, unknown>)[key] !== undefined)
      : [];
  const isObject = (value: unknown) => value !== null && typeof value === "object" && !Array.isArray(value);
  const when = () => true;
  const rule = `exactly one of ${keys.join(", ")} must be given`;
  return schema
    .meta({ oneOf: keys.map((key) => ({ required: [key] })) })
    .refine((value) => !isObject(value) || given(value).length >= 1, {
      message: says(rule, `Add ${keys.join(" or ")}.`),
      params: { got: "none" },
      when,
    })
    .refine((value) => given(value).length <= 1, {
      message: says(rule, "Keep one of them."),
      params: { got: keys.join(" and ") },
      when,
    }) as S;
}

/** A list whose entries differ. */
export function distinct<S extends z.ZodArray<z.ZodType<string>>>(schema: S): S {
  return schema.refine(
    (values) => new Set(values as string[]).size === (values as string[]).length,
    says("must not name the same entry twice", "List each once."),
  ) as S;
}
