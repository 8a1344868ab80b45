import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openProject } from "../../../preview/project";
import { changesIn, type Operation } from "../../../rehearsal/engine/request";
import { installTools } from "../../../rehearsal/install/install-tools";
import { Stage } from "../../../rehearsal/stage";
import { ROOT } from "../../support/sources";

const PROJECT = openProject(join(ROOT, "examples/regions"));
const REGIONS = ["us-east-1", "eu-west-1"] as const;
const [HOME] = REGIONS;
/** Of the stage's cluster in memory. */
const KUBECONFIG = JSON.stringify({
  clusters: [{ name: "one", cluster: { server: "https://127.0.0.1:6443", "certificate-authority-data": "bm9uZQ==" } }],
});

type Stages = Record<(typeof REGIONS)[number] | "global", Stage>;

/** The stacks of the example on one backend, by which one reads the others. */
async function openStages(folder: string): Promise<Stages> {
  const { pulumiRoot } = await installTools({
    which: ["engine"],
    progress: (line) => process.stderr.write(`${line}\n`),
  });
  const open = (stack: string, changes: Record<string, unknown>) =>
    Stage.open({ project: PROJECT, stack, pulumiRoot, folder, changes });
  const stages: Partial<Stages> = { global: await open("global", { regions: REGIONS }) };
  for (const region of REGIONS) {
    const stage = await open(region, { kubeconfig: KUBECONFIG, apiKey: "key-of-the-test-0123456789" });
    // The cluster is there before the stack.
    const name = `models-${region}`;
    stage.cloud.add({
      ...{ type: "aws:eks/cluster:Cluster", id: name, physicalName: name, urn: "", logicalName: "", ownedBy: "others" },
      ...{ createdAt: 0, inputs: { name }, computed: {} },
    });
    stages[region] = stage;
  }
  return stages as Stages;
}

/** Runs an operation that must succeed, and says how many steps changed something. */
async function done(stage: Stage, operation: Operation): Promise<number> {
  const result = await stage.run(operation);
  assert.ok(result.succeeded, `${operation} of ${stage.stack}: ${result.error}\n${result.log}`);
  return changesIn(result).length;
}

describe("examples/regions, under the engine", () => {
  const folder = mkdtempSync(join(tmpdir(), "regions-"));
  const { NODE_OPTIONS } = process.env;
  let stages: Stages;

  before(async () => {
    // The package's own sources, as in the tests; a user has the compiled ones.
    process.env.NODE_OPTIONS = "--conditions=llm-platform-source";
    stages = await openStages(folder);
  });

  after(async () => {
    for (const stage of Object.values(stages ?? {})) await stage.close();
    rmSync(folder, { recursive: true, force: true });
    if (NODE_OPTIONS === undefined) delete process.env.NODE_OPTIONS;
    else process.env.NODE_OPTIONS = NODE_OPTIONS;
  });

  it("makes nothing of the global stack as long as it is not enabled", async () => {
    await done(stages.global, "up");
    assert.deepEqual(stages.global.cloud.remaining(), []);
  });

  it("cannot read regions that are not there, which is why", async () => {
    stages.global.change({ enabled: true });
    const { succeeded, log } = await stages.global.run("preview");
    assert.equal(succeeded, false);
    assert.match(log, /unknown stack|no stack named|not found/i);
  });

  it("goes up in the documented order", async () => {
    for (const region of REGIONS) await done(stages[region], "up");
    await done(stages.global, "up");
    for (const region of REGIONS) {
      stages[region].change({ serve: true });
      await done(stages[region], "up");
    }
    const made = stages.global.cloud.all().map(({ type }) => type.replace(/^.*:/, ""));
    assert.equal(made.filter((type) => type === "HealthCheck").length, REGIONS.length);
    assert.equal(made.filter((type) => type === "BucketReplicationConfig").length, 1);
    const [bucket] = stages[HOME].cloud.all("aws:s3/bucket:Bucket");
    const [rules] = stages.global.cloud.all("aws:s3/bucketReplicationConfig:BucketReplicationConfig");
    assert.equal(rules?.inputs.bucket, bucket?.id);
  });

  it("finds nothing to do afterwards", async () => {
    for (const stage of Object.values(stages)) assert.equal(await done(stage, "preview"), 0, stage.stack);
  });

  it("goes down in the documented order, and leaves nothing", async () => {
    await done(stages.global, "destroy");
    assert.deepEqual(stages.global.cloud.remaining(), []);
    for (const region of REGIONS) {
      stages[region].change({ durable: false });
      await done(stages[region], "up");
      await done(stages[region], "destroy");
      const left = stages[region].cloud.all().filter(({ ownedBy }) => ownedBy !== "others");
      assert.deepEqual(left, []);
      assert.deepEqual(stages[region].cloud.hazards, []);
    }
  });
});
