import type { Problem } from "../../../components/internal/problems";
import { mebibytes, milliCpu } from "../../../components/internal/quantities";
import { FREE_SECRET_NAME } from "../sections/secrets";
import { SSO_SECRETS, type SsoProvider } from "../sections/sso";
import { rule, when } from "./rule";

const WORKLOADS = ["web", "worker"] as const;
const NEWEST_MAJOR = 4;
const LEAST_MEMORY_MIB = 512;

const versions = rule(["langfuse"], ({ langfuse }) => {
  const { version, webVersion } = langfuse;
  const major = Number(version.split(".")[0]);
  return [
    ...when(major < 3 || major > NEWEST_MAJOR, {
      path: "langfuse.version",
      rule: "must be of major version 3 or 4",
      got: version,
      fix: 'Choose a 3.x or 4.x release, such as "3.225.4".',
    }),
    ...when(webVersion !== undefined && webVersion.split(".")[0] !== version.split(".")[0], {
      path: "langfuse.webVersion",
      rule: `must be of the same major version as version (${version})`,
      got: webVersion,
      fix: "Hold web back within one major version only.",
    }),
  ];
});

const bounds = rule(["langfuse"], ({ langfuse }) =>
  WORKLOADS.flatMap((name): Problem[] => {
    const { autoscaling, minAvailable } = langfuse[name];
    const { minReplicas, maxReplicas } = autoscaling;
    return [
      ...when(minReplicas > maxReplicas, {
        path: `langfuse.${name}.autoscaling.minReplicas`,
        rule: `must not be above maxReplicas (${maxReplicas})`,
        got: minReplicas,
        fix: "Raise maxReplicas or lower minReplicas.",
      }),
      ...when(minAvailable !== undefined && minReplicas <= minAvailable, {
        path: `langfuse.${name}.autoscaling.minReplicas`,
        rule: `must be above minAvailable (${minAvailable}): otherwise no node with such a pod can ever be drained`,
        got: minReplicas,
        fix: `Raise it to ${(minAvailable ?? 0) + 1}, or lower minAvailable or take it out.`,
      }),
    ];
  }),
);

const resources = rule(["langfuse"], ({ langfuse }) =>
  WORKLOADS.flatMap((name) => {
    const { requests, limits } = langfuse[name].resources;
    const path = `langfuse.${name}.resources.requests`;
    return [
      ...requestAboveLimit(path, "cpu", requests.cpu, limits.cpu),
      ...requestAboveLimit(path, "memory", requests.memory, limits.memory),
      ...when(mebibytes(limits.memory) < LEAST_MEMORY_MIB, {
        path: `langfuse.${name}.resources.limits.memory`,
        rule: `must be at least ${LEAST_MEMORY_MIB}Mi: the heap limit is taken from it`,
        got: limits.memory,
        fix: "Raise it.",
      }),
    ];
  }),
);

/** The problem of a request above its limit, which Kubernetes refuses. */
export function requestAboveLimit(path: string, kind: "cpu" | "memory", request: string, limit: string): Problem[] {
  const amount = kind === "cpu" ? milliCpu : mebibytes;
  return when(amount(request) > amount(limit), {
    path: `${path}.${kind}`,
    rule: `must not be above the limit (${limit})`,
    got: request,
    fix: "Lower the request or raise the limit.",
  });
}

const sso = rule(["langfuse", "secrets"], ({ langfuse, secrets }) => {
  const providers = Object.keys(SSO_SECRETS) as SsoProvider[];
  return providers.flatMap((provider): Problem[] => {
    const name = SSO_SECRETS[provider];
    const used = langfuse.sso[provider] !== undefined;
    return [
      ...when(used && secrets[name] === undefined, {
        path: `secrets.${name}`,
        rule: `is required by langfuse.sso.${provider}`,
        fix: `Run \`pulumi config set --secret --path llm-platform:secrets.${name}\`.`,
      }),
      ...when(!used && secrets[name] !== undefined, {
        path: `secrets.${name}`,
        rule: `serves nothing without langfuse.sso.${provider}`,
        fix: `Add langfuse.sso.${provider}, or remove the secret.`,
      }),
    ];
  });
});

const signIn = rule(["langfuse"], ({ langfuse }) =>
  when(!langfuse.passwordSignIn && Object.values(langfuse.sso).every((provider) => provider === undefined), {
    path: "langfuse.passwordSignIn",
    rule: "must not be false without an identity provider in langfuse.sso: nobody could sign in",
    got: false,
    fix: "Add a provider, or set it to true.",
  }),
);

const newcomers = rule(["langfuse"], ({ langfuse }) =>
  when(langfuse.signUp === false && !langfuse.passwordSignIn && langfuse.initialization?.user === undefined, {
    path: "langfuse.signUp",
    rule: "must not be false where identity providers are the only way in and there is no first user: nobody would have an account",
    got: false,
    fix: "Leave it out, or add langfuse.initialization.user.",
  }),
);

const mail = rule(["langfuse", "secrets"], ({ langfuse, secrets }) => [
  ...when(langfuse.smtp !== undefined && secrets.smtpConnectionUrl === undefined, {
    path: "secrets.smtpConnectionUrl",
    rule: "is required by langfuse.smtp",
    fix: "Run `pulumi config set --secret --path llm-platform:secrets.smtpConnectionUrl`.",
  }),
  ...when(langfuse.smtp === undefined && secrets.smtpConnectionUrl !== undefined, {
    path: "secrets.smtpConnectionUrl",
    rule: "serves nothing without langfuse.smtp",
    fix: "Add langfuse.smtp.fromAddress, or remove the secret.",
  }),
]);

const secretEnvironment = rule(["langfuse", "secrets"], ({ langfuse, secrets }) => {
  const used = new Set(Object.values(langfuse.secretEnvironment));
  const free = Object.keys(secrets).filter((name) => FREE_SECRET_NAME.test(name));
  return [
    ...Object.entries(langfuse.secretEnvironment).flatMap(([variable, name]) =>
      when(secrets[name] === undefined, {
        path: `langfuse.secretEnvironment.${variable}`,
        rule: `must name an entry of secrets, and there is no ${name}`,
        got: name,
        fix: `Run \`pulumi config set --secret --path llm-platform:secrets.${name}\`.`,
      }),
    ),
    ...free.flatMap((name) =>
      when(!used.has(name), {
        path: `secrets.${name}`,
        rule: "serves nothing: no variable of langfuse.secretEnvironment names it",
        fix: "Name it there, or remove it.",
      }),
    ),
    ...Object.keys(langfuse.environment).flatMap((variable) =>
      when(Object.hasOwn(langfuse.secretEnvironment, variable), {
        path: `langfuse.environment.${variable}`,
        rule: "must not be in langfuse.secretEnvironment too",
        fix: "Keep one of them.",
      }),
    ),
  ];
});

const ownSecret = rule(["langfuse", "secrets"], ({ langfuse, secrets }) =>
  (["salt", "encryptionKey", "nextAuthSecret"] as const).flatMap((name) =>
    when(langfuse.existingSecret !== undefined && secrets[name] !== undefined, {
      path: `secrets.${name}`,
      rule: "must not be given beside langfuse.existingSecret, which holds it",
      fix: "Keep one of them.",
    }),
  ),
);

const externalSecret = rule(["langfuse", "externalSecrets"], ({ langfuse, externalSecrets }) =>
  when(langfuse.existingSecret !== undefined && externalSecrets.enabled, {
    path: "externalSecrets.enabled",
    rule: "must be false beside langfuse.existingSecret, the one Secret that External Secrets would fill",
    got: true,
    fix: "Keep one of them.",
  }),
);

export const LANGFUSE_RULES = [
  versions,
  bounds,
  resources,
  sso,
  signIn,
  newcomers,
  mail,
  secretEnvironment,
  ownSecret,
  externalSecret,
];
