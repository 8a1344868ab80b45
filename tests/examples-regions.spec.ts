import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { regionalHost } from "../components/edge/global-endpoint-records";
import { planErrors } from "../preview/checks";
import { type Recording, record } from "../preview/recorder";
import { Graph } from "./support/graph";
import { ROOT } from "./support/sources";

const FOLDER = join(ROOT, "examples/regions");
const PROJECT = "regions";
const STACKS = readdirSync(FOLDER).flatMap((name) => /^Pulumi\.(.+)\.yaml$/.exec(name)?.[1] ?? []);
const REGIONS = STACKS.filter((stack) => stack !== "global");
const REFERENCE = "pulumi:pulumi:StackReference";
/** What a person sets by hand, encrypted. */
const SECRETS = { kubeconfig: '{"apiVersion":"v1","kind":"Config"}', apiKey: "key-of-the-test-0123456789" };

type Config = Record<string, unknown>;

/** The committed configuration of a stack, by key without the project. */
function committed(stack: string): Config {
  const { config } = parse(readFileSync(join(FOLDER, `Pulumi.${stack}.yaml`), "utf8")) as { config: Config };
  return Object.fromEntries(Object.entries(config).map(([key, value]) => [key.slice(PROJECT.length + 1), value]));
}

/** Runs a stack as its user would; `stacks` are what it can read. */
function run(stack: string, changes: Config = {}, stacks: Record<string, unknown> = {}): Promise<Recording> {
  const regional = stack !== "global";
  const settings = { ...committed(stack), ...(regional ? SECRETS : {}), ...changes };
  const text = (value: unknown) => (typeof value === "string" ? value : JSON.stringify(value));
  const program = join(FOLDER, "index.ts");
  delete require.cache[program];
  return record(() => require(program), {
    project: PROJECT,
    stack,
    config: Object.fromEntries(Object.entries(settings).map(([key, value]) => [`${PROJECT}:${key}`, text(value)])),
    secretConfig: regional ? Object.keys(SECRETS).map((key) => `${PROJECT}:${key}`) : [],
    standIns: regional ? {} : { [REFERENCE]: (_name, { name }) => ({ outputs: stacks[String(name)] ?? {} }) },
  });
}

/** What the regional stacks offer, under the names by which another stack of the project reads them. */
async function regionalOutputs(): Promise<Record<string, unknown>> {
  const outputs: Record<string, unknown> = {};
  for (const region of REGIONS) {
    const { result } = await run(region);
    outputs[`organization/${PROJECT}/${region}`] = result;
  }
  return outputs;
}

function componentsOf({ resources }: Recording): string[] {
  return resources.flatMap(({ type }) => /^llm-platform:index:(.*)$/.exec(type)?.[1] ?? []).sort();
}

describe("examples/regions", () => {
  it("has the regions of the seed, with their replicas (L57)", () => {
    const replicas = Object.fromEntries(REGIONS.map((region) => [region, committed(region).replicas]));
    assert.deepEqual(replicas, { "us-east-1": 6, "us-west-2": 4, "eu-west-1": 4 });
    assert.deepEqual(REGIONS.filter((region) => committed(region).import).sort(), [committed("global").home]);
    assert.deepEqual([...(committed("global").regions as string[])].sort(), [...REGIONS].sort());
    assert.equal(new Set(STACKS.map((stack) => committed(stack).host)).size, 1);
  });

  describe("a region", () => {
    const STORE = ["Bucket", "EncryptionKey", "ModelStore", "WorkloadNamespace"];
    const SERVING = ["ModelAccess", "ModelGateway", "ModelHealthRoute", "ModelServer", "WorkloadIdentity"];

    it("begins with its store alone, so that the rules of replication come before the weights", async () => {
      const recording = await run("us-east-1");
      assert.deepEqual(planErrors(recording), []);
      assert.deepEqual(componentsOf(recording), STORE);
    });

    for (const region of REGIONS) {
      it(`serves: ${region}`, async () => {
        const recording = await run(region, { serve: true });
        assert.deepEqual(planErrors(recording), []);
        const imports = committed(region).import === true ? ["ModelImport", "WorkloadIdentity"] : [];
        assert.deepEqual(componentsOf(recording), [...STORE, ...SERVING, ...imports].sort());
        const graph = new Graph(recording.resources, recording.result);
        const { spec } = graph.one("kubernetes:apps/v1:Deployment").inputs as { spec: { replicas: number } };
        assert.equal(spec.replicas, committed(region).replicas);
        for (const { provider } of graph.resources.filter(({ type }) => type.startsWith("kubernetes:"))) {
          assert.notEqual(provider, "");
        }
      });

      it(`knows of no other stack: ${region}`, async () => {
        const { resources } = await run(region, { serve: true });
        assert.deepEqual(
          resources.filter(({ type }) => type === REFERENCE),
          [],
        );
        const text = JSON.stringify(committed(region)) + readFileSync(join(FOLDER, "regional.ts"), "utf8");
        for (const other of REGIONS.filter((each) => each !== region)) assert.ok(!text.includes(other), other);
      });
    }

    it("answers the question of the global stack's health checks", async () => {
      const { resources } = await run("us-west-2", { serve: true });
      const routes = resources.filter(({ type }) => type.endsWith(":IngressRoute"));
      const host = regionalHost(String(committed("global").host), "us-west-2", { dnsName: "" });
      assert.ok(JSON.stringify(routes).includes(`Host(\`${host}\`) && Path(\`/health\`)`));
    });

    it("has callers' key from its user, in every region the same", async () => {
      const { resources } = await run("eu-west-1", { serve: true });
      assert.ok(!resources.some(({ type }) => type.startsWith("random:")));
    });
  });

  describe("the global stack", () => {
    it("is nothing until it is enabled, and reads nothing", async () => {
      const recording = await run("global");
      assert.deepEqual(recording.failures, []);
      assert.deepEqual(
        recording.resources.map(({ type }) => type),
        ["pulumi:pulumi:Stack"],
      );
    });

    it("reads the listed regions alone, and owns records, health checks and rules", async () => {
      const recording = await run("global", { enabled: true }, await regionalOutputs());
      assert.deepEqual(planErrors(recording), []);
      assert.deepEqual(componentsOf(recording), ["CrossRegionReplication", "GlobalEndpoint"]);
      const graph = new Graph(recording.resources, recording.result);
      assert.deepEqual(
        graph
          .ofType(REFERENCE)
          .map(({ inputs }) => inputs.name)
          .sort(),
        REGIONS.map((region) => `organization/${PROJECT}/${region}`).sort(),
      );
      const shared = graph.ofType("aws:route53/record:Record").filter(({ inputs }) => inputs.setIdentifier);
      assert.deepEqual(shared.map(({ inputs }) => inputs.setIdentifier).sort(), [...REGIONS].sort());
      assert.equal(graph.ofType("aws:route53/healthCheck:HealthCheck").length, REGIONS.length);
      const { rules, bucket } = graph.one("aws:s3/bucketReplicationConfig:BucketReplicationConfig").inputs;
      assert.equal(bucket, "store-models-bucket-0000000");
      assert.deepEqual((rules as { id: string }[]).map(({ id }) => id).sort(), ["eu-west-1", "us-west-2"]);
    });

    it("has an accelerator instead when that is chosen", async () => {
      const recording = await run("global", { enabled: true, entry: "accelerator" }, await regionalOutputs());
      assert.deepEqual(planErrors(recording), []);
      const graph = new Graph(recording.resources, recording.result);
      const groups = graph.ofType("aws:globalaccelerator/endpointGroup:EndpointGroup");
      assert.deepEqual(groups.map(({ inputs }) => inputs.endpointGroupRegion).sort(), [...REGIONS].sort());
      assert.equal(graph.ofType("aws:route53/healthCheck:HealthCheck").length, 0);
    });

    it("takes a region out of rotation, and keeps its copies", async () => {
      const recording = await run("global", { enabled: true, outOfRotation: ["us-west-2"] }, await regionalOutputs());
      const graph = new Graph(recording.resources, recording.result);
      const shared = graph.ofType("aws:route53/record:Record").filter(({ inputs }) => inputs.setIdentifier);
      assert.deepEqual(shared.map(({ inputs }) => inputs.setIdentifier).sort(), ["eu-west-1", "us-east-1"]);
      const { rules } = graph.one("aws:s3/bucketReplicationConfig:BucketReplicationConfig").inputs;
      assert.equal((rules as unknown[]).length, 2);
    });

    it("says which region has nothing to read, and which is missing", async () => {
      const outputs = await regionalOutputs();
      delete outputs[`organization/${PROJECT}/eu-west-1`];
      const { failures } = await run("global", { enabled: true }, outputs);
      assert.match(failures.map(({ message }) => message).join(), /stack 'organization\/regions\/eu-west-1'/);
      const homeless = await run("global", { enabled: true, home: "ap-south-1" }, outputs);
      assert.match(homeless.failures.map(({ message }) => message).join(), /home: ap-south-1 is not among the regions/);
    });
  });
});
