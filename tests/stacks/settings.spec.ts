import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { ENDPOINTS_WITHOUT_NAT } from "../../components/foundation/network-endpoints";
import { CREDENTIAL_RULES } from "../../components/langfuse/credential-rules";
import { isSecretValue } from "../../preview/recorder";
import { loadStackFile, readSettings, SECRET_PLACEHOLDER, type Settings } from "../../stacks/settings";
import { ENDPOINTS_WITHOUT_NAT as NEEDED_ENDPOINTS, zoneIdPrefix } from "../../stacks/settings/rules/network";
import { failureOf, graphOf } from "../support/graph";
import { committed, parsed } from "../support/settings";

const PROJECT = "llm-platform";
const STACKS = ["prod", "staging"] as const;

function fileOf(stack: string): string {
  return readFileSync(join(__dirname, `../../Pulumi.${stack}.yaml`), "utf8");
}

function settingsOf(changes: Record<string, unknown>, stack: "prod" | "staging" = "prod"): Settings {
  const result = parsed(changes, {}, stack);
  assert.equal(result.problems, undefined);
  return result.settings as Settings;
}

/** Runs `program` as the engine would, with the configuration of a stack file. */
function running(text: string, stack = "prod") {
  const { config, secretKeys } = loadStackFile(text, PROJECT);
  return { project: PROJECT, stack, config, secretConfig: secretKeys };
}

describe("settings", () => {
  for (const stack of STACKS) {
    it(`reads the committed stack ${stack} under the SDK's runtime`, async () => {
      let settings: Settings | undefined;
      await graphOf(
        () => {
          settings = readSettings();
        },
        running(fileOf(stack), stack),
      );
      assert.deepEqual(settings, settingsOf({}, stack));
      assert.equal(settings?.lifecycle, stack === "prod" ? "durable" : "disposable");
      assert.equal(settings?.cluster.create?.kubernetesVersion, "1.35");
    });
  }

  it("has the same keys in both committed stacks", () => {
    assert.deepEqual(keyPaths(committed("prod")), keyPaths(committed("staging")));
  });

  it("fills in what a stack leaves out, on the safe side", () => {
    const settings = settingsOf({
      lifecycle: undefined,
      "network.create.natGateways": undefined,
      "network.create.flowLogs": undefined,
      "cluster.create.kubernetesVersion": undefined,
      "postgres.create.multiAz": undefined,
      "postgres.create.backupRetentionDays": undefined,
      "redis.create.replicas": undefined,
      "clickhouse.create.shards": undefined,
      "clickhouse.create.replicas": undefined,
      "clickhouse.create.keepers": undefined,
      "langfuse.version": undefined,
      ingress: undefined,
      monitoring: undefined,
      certificates: undefined,
    });
    assert.deepEqual(
      settings,
      settingsOf({ "network.create.flowLogs.retentionDays": 30, "certificates.email": undefined }),
    );
  });

  it("takes one instance type or several, and hands on a list", () => {
    const { nodePools } = settingsOf({
      "nodePools.cpu.instanceType": undefined,
      "nodePools.cpu.instanceTypes": ["c7i.4xlarge", "c6i.4xlarge"],
      "nodePools.trial": { instanceType: "g6.2xlarge", minSize: 0, maxSize: 1, capacityType: "spot" },
    });
    assert.deepEqual(nodePools.cpu?.instanceTypes, ["c7i.4xlarge", "c6i.4xlarge"]);
    assert.deepEqual(nodePools.trial?.instanceTypes, ["g6.2xlarge"]);
  });

  it("takes zones by id", () => {
    const zones = ["use1-az1", "use1-az2", "use1-az4"];
    assert.deepEqual(settingsOf({ "network.create.zones": zones }).network?.create?.zones, zones);
    assert.deepEqual(
      ["us-east-1", "eu-central-1", "ap-southeast-2", "us-gov-west-1", "ca-central-1", "ap-northeast-3"].map(
        zoneIdPrefix,
      ),
      ["use1", "euc1", "apse2", "usgw1", "cac1", "apne3"],
    );
  });

  it("lets through what is loosened by name", () => {
    const allow = ["durableWithoutMultiAz", "durableWithoutBackups", "retiredIngressNginx"];
    const { allow: allowed } = settingsOf({
      llm: undefined,
      allow,
      "postgres.create.multiAz": false,
      "postgres.create.backupRetentionDays": 1,
      "redis.create.replicas": 0,
      "clickhouse.create.replicas": 1,
      "ingress.controller": "ingress-nginx",
    });
    assert.deepEqual(allowed, allow);
  });

  it("takes no NAT gateway with endpoints, mirror and an issuer that needs no internet", () => {
    const { network } = settingsOf({
      llm: undefined,
      "network.create.natGateways": "none",
      "network.create.interfaceEndpoints": [...ENDPOINTS_WITHOUT_NAT],
      "certificates.issuer": "selfSigned",
      images: { mirror: "111111111111.dkr.ecr.us-east-1.amazonaws.com/mirror" },
    });
    assert.equal(network?.create?.natGateways, "none");
    assert.deepEqual([...NEEDED_ENDPOINTS], ENDPOINTS_WITHOUT_NAT);
  });

  it("hands out secrets as secret Outputs, and nothing else as an Output", async () => {
    const salt = "a salt of sixteen and more";
    const settings = settingsOf({ secrets: { salt } });
    assert.ok(await pulumi.isSecret(settings.secrets.salt as pulumi.Output<string>));
    assert.ok(!JSON.stringify({ ...settings, secrets: undefined }).includes(salt));
    const graph = await graphOf(() => {
      class Holder extends pulumi.ComponentResource {
        constructor(secret: pulumi.Input<string>) {
          super("test:index:Holder", "holder");
          this.registerOutputs({ secret });
        }
      }
      new Holder(settings.secrets.salt as pulumi.Output<string>);
    });
    assert.ok(isSecretValue(graph.one("test:index:Holder").outputs?.secret));
  });

  it("accepts encrypted values unread, as placeholders", async () => {
    const text = `${fileOf("prod")}  llm-platform:secrets:\n    encryptionKey: { secure: v1:abc:def }\n    postgresMasterPassword: { secure: v1:ghi:jkl }\n`;
    let settings: Settings | undefined;
    await graphOf(() => {
      settings = readSettings();
    }, running(text));
    assert.deepEqual(Object.keys(settings?.secrets ?? {}).sort(), ["encryptionKey", "postgresMasterPassword"]);
    // A plan goes through with it: it has the form of what it stands for.
    const value = await new Promise((resolve) => settings?.secrets.encryptionKey?.apply(resolve));
    assert.match(String(value), CREDENTIAL_RULES.encryptionKey.form);
  });

  it("never lets what stands for an encrypted value into an update", async () => {
    const settings = settingsOf({ secrets: { encryptionKey: SECRET_PLACEHOLDER } });
    const value = await new Promise((resolve) => settings.secrets.encryptionKey?.apply(resolve));
    assert.equal(value, SECRET_PLACEHOLDER);
    assert.doesNotMatch(SECRET_PLACEHOLDER, CREDENTIAL_RULES.encryptionKey.form);
  });

  it("refuses an encrypted value outside secrets, under the SDK's runtime too", async () => {
    const text = fileOf("prod").replace("host: langfuse.example.com", "host: { secure: v1:abc:def }");
    const message = await failureOf(() => readSettings(), running(text));
    assert.equal(
      message.split("\n")[1],
      "  langfuse: must not hold encrypted values: they would reach the program as plain text. Move them under secrets, by `pulumi config set --secret --path llm-platform:secrets.<name>`.",
    );
    assert.ok(!message.includes("v1:"));
  });

  it("refuses aws:profile as the engine hands it over", async () => {
    const message = await failureOf(() => readSettings(), running(`${fileOf("prod")}  aws:profile: work\n`));
    assert.match(message, /^Stack "prod" has 1 problem in its settings/);
    assert.match(message, /\n {2}aws:profile: must not be set: /);
  });
});

function keyPaths(value: unknown, path = ""): string[] {
  if (value === null || typeof value !== "object" || Array.isArray(value)) return [path];
  return Object.entries(value)
    .flatMap(([key, inner]) => keyPaths(inner, `${path}.${key}`))
    .map((each) => each.replace(/^\.aws\.tags\..*/, ".aws.tags"))
    .sort();
}
