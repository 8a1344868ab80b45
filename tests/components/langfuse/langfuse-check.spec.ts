import assert from "node:assert/strict";
import { Langfuse } from "../../../components/langfuse/langfuse";
import type { LangfuseArgs } from "../../../components/langfuse/langfuse-args";
import { failureOf, graphOf } from "../../support/graph";
import { explicitProviders } from "../../support/providers";
import { fullArgs, minimalArgs } from "./langfuse-fixtures";

const base = fullArgs();
const autoscaling = { minReplicas: 3, maxReplicas: 20, cpuPercent: 70 };
const secret = { secretName: "s", key: "k" };
const roles = base.postgres.roles;
const bucket = { name: "b", region: "eu-west-1" };

/** Each change to good arguments, and the one line that must come of it. */
const CASES: Record<string, [Partial<LangfuseArgs>, string]> = {
  "a release name with capitals": [
    { releaseName: "Langfuse" },
    "releaseName: must be a DNS label of at most 28 characters (got Langfuse). Use lower-case letters, digits and dashes.",
  ],
  "a release name that leaves no room": [
    { releaseName: "l".repeat(29) },
    `releaseName: must be a DNS label of at most 28 characters (got ${"l".repeat(29)}). Use lower-case letters, digits and dashes.`,
  ],
  "a version without its last number": [
    { version: "3.225" },
    "version: must be an exact version of Langfuse 3 or 4 (got 3.225). Give all three numbers, e.g. 3.225.4.",
  ],
  "a major that nobody knows": [
    { version: "5.0.0" },
    "version: must be an exact version of Langfuse 3 or 4 (got 5.0.0). Give all three numbers, e.g. 3.225.4.",
  ],
  "web held back over a major": [
    { version: "4.4.0", webVersion: "3.225.4" },
    "webVersion: must be an exact version of the same major as version (got 3.225.4). Hold web back within one major only; move both over a major together.",
  ],
  "a URL as host": [
    { host: "https://langfuse.example.com" },
    "host: must be a host name (got https://langfuse.example.com). Give the name alone, without scheme, port or path.",
  ],
  "no patience": [
    { timeoutSeconds: 30 },
    "timeoutSeconds: must be at least 60 (got 30). Images alone take longer to pull.",
  ],
  "both ways to count": [
    { web: { ...base.web, replicas: 3 } },
    "web: exactly one of replicas, autoscaling must be given (got replicas and autoscaling). Keep one of replicas, autoscaling.",
  ],
  "no way to count": [
    { worker: { resources: base.worker.resources } },
    "worker: exactly one of replicas, autoscaling must be given (got none). Add replicas or autoscaling.",
  ],
  "no pods": [
    { web: { resources: base.web.resources, replicas: 0 } },
    "web.replicas: must be a whole number of at least 1 (got 0). Langfuse cannot run without pods.",
  ],
  "bounds upside down": [
    { web: { ...base.web, autoscaling: { ...autoscaling, maxReplicas: 2 } } },
    "web.autoscaling.maxReplicas: must be at least minReplicas, 3 (got 2). Raise maxReplicas or lower minReplicas.",
  ],
  "an impossible CPU target": [
    { web: { ...base.web, autoscaling: { ...autoscaling, cpuPercent: 400 } } },
    "web.autoscaling.cpuPercent: must lie between 10 and 100 (got 400). It is a share of the CPU request.",
  ],
  "nobody to adopt": [
    { web: { ...base.web, autoscaling: { ...autoscaling, adoptReplicas: 0 } } },
    "web.autoscaling.adoptReplicas: must be a whole number of at least 1 (got 0). Give the number of pods that run now.",
  ],
  "a Rollout without an autoscaler": [
    { web: { resources: base.web.resources, replicas: 3, rollout: true } },
    "web.rollout: must come with autoscaling, not with replicas: the number of pods is the Rollout's (got true). Give autoscaling instead of replicas.",
  ],
  "a number of pods beside a Rollout": [
    { web: { ...base.web, autoscaling: { ...autoscaling, adoptReplicas: 3 }, rollout: true } },
    "web.autoscaling.adoptReplicas: must be left out with rollout: each upgrade would start that many pods beside the Rollout's (got 3). Remove it; startReplicas of the WebRollout takes the running pods over.",
  ],
  "an empty queue": [
    { worker: { ...base.worker, autoscaling: { ...autoscaling, queueLength: 0 } } },
    "worker.autoscaling.queueLength: must be a whole number of at least 1 (got 0). Give the waiting jobs that one pod may have before another starts.",
  ],
  "a budget that blocks every drain": [
    { web: { ...base.web, minAvailable: 3 } },
    "web.minAvailable: must be a whole number from 1 and less than the fewest pods, 3 (got 3). Otherwise no node that runs such a pod can ever be drained.",
  ],
  "a container without memory": [
    { web: { ...base.web, resources: { requests: { cpu: "1" }, limits: { memory: "128Mi" } } } },
    "web.resources.limits.memory: must be a quantity of at least 512Mi (got 128Mi). The heap limit is taken from it.",
  ],
  "CPU scaling without a request": [
    { web: { ...base.web, resources: { requests: {}, limits: { memory: "2Gi" } } } },
    "web.resources.requests.cpu: must be given (got nothing). The autoscaler measures CPU against it.",
  ],
  "a login that needs quotes": [
    { postgres: { ...base.postgres, roles: roles && { ...roles, logins: { ...roles.logins, "Langfuse-C": secret } } } },
    "postgres.roles: names of roles must be lower-case identifiers (got Langfuse-C). Use a-z, 0-9 and underscores, starting with a letter.",
  ],
  "an owner who logs in": [
    { postgres: { ...base.postgres, roles: roles && { ...roles, ownerRole: "langfuse_b" } } },
    "postgres.roles.ownerRole: must not be one of the logins (got langfuse_b). The owner is a group that nobody logs in as.",
  ],
  "migrations by a user that nobody makes": [
    { postgres: { ...base.postgres, migrationLogin: { username: "platform", password: secret } } },
    "postgres.migrationLogin: must be one of the logins, langfuse_a, langfuse_b (got platform). The pods log in as one of the roles that the Job makes.",
  ],
  "a user that nobody makes": [
    { postgres: { ...base.postgres, username: "platform" } },
    "postgres.username: must be one of the logins, langfuse_a, langfuse_b (got platform). The pods log in as one of the roles that the Job makes.",
  ],
  "links to exports that outlive their session": [
    { buckets: { ...base.buckets, exportLinkHours: 24 } },
    "buckets.exportLinkHours: must be more than 0 and at most 6 (got 24). A link dies with the session of the pod that signed it.",
  ],
  "links to media that outlive their session": [
    { buckets: { ...base.buckets, mediaLinkSeconds: 86400 } },
    "buckets.mediaLinkSeconds: must be more than 0 and at most 21600 (got 86400). A link dies with the session of the pod that signed it.",
  ],
  "a prefix without a slash": [
    { buckets: { ...base.buckets, events: { ...bucket, prefix: "events" } } },
    "buckets.events.prefix: must end with a slash (got events). Write events/.",
  ],
  "half a key": [
    { buckets: { ...base.buckets, media: { ...bucket, accessKeyId: secret } } },
    "buckets.media: accessKeyId and secretAccessKey must be given together or not at all. Give both, or none to use the pod's identity.",
  ],
  "a variable of the chart": [
    { environment: { AUTH_DISABLE_SIGNUP: "false" } },
    "environment.AUTH_DISABLE_SIGNUP: is set by the platform (got AUTH_DISABLE_SIGNUP). Use the argument that it belongs to, or leave it out.",
  ],
  "another name for the queues": [
    { environment: { REDIS_KEY_PREFIX: "x" } },
    "environment.REDIS_KEY_PREFIX: is set by the platform (got REDIS_KEY_PREFIX). Use the argument that it belongs to, or leave it out.",
  ],
  "no name of a variable": [
    { secretEnvironment: { "MY-KEY": secret } },
    "secretEnvironment.MY-KEY: must be the name of an environment variable (got MY-KEY). Use letters, digits and underscores.",
  ],
  "a variable twice": [
    { environment: { LANGFUSE_X: "1" }, secretEnvironment: { LANGFUSE_X: secret } },
    "secretEnvironment.LANGFUSE_X: is also in environment (got LANGFUSE_X). Keep one of the two.",
  ],
  "an unknown way to sign in": [
    { sso: { providers: { facebook: {} } } },
    "sso.providers.facebook: must be one of auth0, azureAd, cognito, custom, github, githubEnterprise, gitlab, google, keycloak, okta, workos (got facebook). Use a listed provider, or set its AUTH_… variables in environment and secretEnvironment.",
  ],
};

describe("Langfuse's arguments", () => {
  for (const [what, [change, line]] of Object.entries(CASES)) {
    it(`refuse ${what}`, async () => {
      const message = await failureOf(() => new Langfuse("app", { ...base, ...change }, explicitProviders()));
      assert.equal(message, `Langfuse "app" cannot be built from these arguments:\n  ${line}`);
    });
  }

  it("name everything that is wrong at once, before anything is registered", async () => {
    const message = await failureOf(
      () =>
        new Langfuse("app", { ...minimalArgs(), version: "latest", host: "x", releaseName: "-" }, explicitProviders()),
    );
    assert.equal(message.split("\n").length, 4);
  });

  it("accept what is good: one pod alone, a release of 28 characters, keys in pairs", async () => {
    const { resources } = base.web;
    await graphOf(
      () =>
        new Langfuse(
          "app",
          {
            ...minimalArgs(),
            releaseName: "l".repeat(28),
            web: { replicas: 1, resources },
            worker: { replicas: 1, resources },
            buckets: {
              ...base.buckets,
              events: { ...bucket, prefix: "e/", accessKeyId: secret, secretAccessKey: secret },
            },
            environment: { LANGFUSE_CSP_ENFORCE_HTTPS: "true" },
          },
          explicitProviders(),
        ),
    );
  });
});
