import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import { HUGGING_FACE_SECRET, type ModelAccessArgs } from "./model-access-args";
import { API_KEY_ENTRY, modelServerNames, NOT_COPIED_BY_FLAGGER } from "./model-names";

/** API keys and the Secrets that hold them. */
interface ModelKeys {
  readonly keys: Record<string, pulumi.Output<string>>;
  readonly secrets: pulumi.Resource[];
}

/** The key of each server, and its Secret. */
export function modelKeys(name: string, args: ModelAccessArgs, opts: pulumi.CustomResourceOptions): ModelKeys {
  const shared = args.sharedKeyServers ?? [];
  const key = (role: string) =>
    args.apiKey === undefined ? generated(`${name}-key-${role}`, args.keyRevision, opts) : given(args.apiKey);
  const sharedKey = shared.length > 0 ? key("shared") : undefined;
  const keys = Object.fromEntries(
    args.servers.map((server) => [server, shared.includes(server) && sharedKey ? sharedKey : key(`of-${server}`)]),
  );
  const secrets = Object.entries(keys).map(([server, value]) =>
    secret(
      `${name}-secret-${server}`,
      args.namespace,
      modelServerNames(server).apiKeySecret,
      { [API_KEY_ENTRY]: value },
      opts,
    ),
  );
  return { keys, secrets };
}

/** The Secret with the token for Hugging Face. */
export function huggingFaceSecret(
  name: string,
  args: ModelAccessArgs,
  opts: pulumi.CustomResourceOptions,
): kubernetes.core.v1.Secret | undefined {
  if (args.huggingFaceToken === undefined) return undefined;
  const { name: secretName, key } = HUGGING_FACE_SECRET;
  return secret(
    `${name}-${secretName}`,
    args.namespace,
    secretName,
    { [key]: pulumi.secret(args.huggingFaceToken) },
    opts,
  );
}

/** Letters and digits, with a beginning by which leaked keys are found. */
function generated(
  name: string,
  revision: number | undefined,
  opts: pulumi.CustomResourceOptions,
): pulumi.Output<string> {
  const password = new random.RandomPassword(
    name,
    {
      length: 40,
      special: false,
      minLower: 1,
      minUpper: 1,
      minNumeric: 1,
      keepers: { revision: String(revision ?? 0) },
    },
    opts,
  );
  return password.result.apply((value) => `sk-${value}`);
}

function given(key: pulumi.Input<string>): pulumi.Output<string> {
  return pulumi.secret(key).apply((value) => {
    if (/^[\x21-\x7e]{16,}$/.test(value)) return value;
    throw new pulumi.RunError(
      "apiKey: must be 16 printable characters or more, without blanks (the value is not shown). Give another, or none to have keys generated.",
    );
  });
}

function secret(
  logicalName: string,
  namespace: pulumi.Input<string>,
  secretName: string,
  values: Record<string, pulumi.Input<string>>,
  opts: pulumi.CustomResourceOptions,
): kubernetes.core.v1.Secret {
  const data = Object.fromEntries(
    Object.entries(values).map(([key, value]) => [
      key,
      pulumi.output(value).apply((text) => Buffer.from(text, "utf8").toString("base64")),
    ]),
  );
  return new kubernetes.core.v1.Secret(
    logicalName,
    { metadata: { name: secretName, namespace, annotations: NOT_COPIED_BY_FLAGGER }, type: "Opaque", data },
    opts,
  );
}
