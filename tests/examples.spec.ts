import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { planErrors } from "../preview/checks";
import { type Recording, record } from "../preview/recorder";
import { ROOT } from "./support/sources";

interface Example {
  readonly config: Record<string, string>;
  readonly secrets?: string[];
  /** Components that it makes, by class, in order. */
  readonly components: string[];
}

const EXAMPLES: Record<string, Example> = {
  "network-and-cluster": {
    config: { region: "eu-west-1", publicAccessCidrs: '["203.0.113.0/24"]' },
    components: ["Cluster", "ClusterAddons", "Network", "NodePool", "WorkloadIdentity"],
  },
  "bucket-and-postgres": {
    config: {
      region: "eu-west-1",
      accountId: "111111111111",
      host: "application.example.com",
      vpcId: "vpc-0123456789abcdef0",
      subnetIds: '["subnet-0123456789abcdef0","subnet-0123456789abcdef1"]',
      applicationSecurityGroupId: "sg-0123456789abcdef0",
    },
    components: ["Bucket", "EncryptionKey", "Postgres"],
  },
  "langfuse-on-existing-stores": {
    config: {
      region: "eu-west-1",
      host: "langfuse.example.com",
      kubeconfig: '{"apiVersion":"v1","kind":"Config","users":[{"token":"token-of-the-test"}]}',
      storeCidrs: '["10.9.0.0/16"]',
      bucketPrefix: "acme-langfuse",
      postgresHost: "postgres.example.net",
      redisHost: "redis.example.net",
      clickhouseHost: "clickhouse.example.net",
    },
    secrets: ["kubeconfig"],
    components: ["Langfuse", "LangfuseCredentials", "LangfuseSecrets", "WorkloadNamespace"],
  },
};

/** Runs an example as its user would, with the package under its own name. */
function run(project: string, { config, secrets = [] }: Example): Promise<Recording> {
  const key = (name: string) => `${project}:${name}`;
  return record(() => require(join(ROOT, "examples", project, "index.ts")), {
    project,
    config: Object.fromEntries(Object.entries(config).map(([name, value]) => [key(name), value])),
    secretConfig: secrets.map(key),
  });
}

describe("examples", () => {
  for (const [project, example] of Object.entries(EXAMPLES)) {
    it(`build: ${project}`, async () => {
      const recording = await run(project, example);
      assert.deepEqual(planErrors(recording), []);
      const made = recording.resources
        .map(({ type }) => /^llm-platform:index:(.*)$/.exec(type)?.[1])
        .filter((name) => name !== undefined);
      assert.deepEqual(made.sort(), example.components);
      assert.ok(recording.resources.length > 8);
    });

    it(`is a project of its own: ${project}`, () => {
      assert.ok(existsSync(join(ROOT, "examples", project, "Pulumi.yaml")));
    });
  }
});
