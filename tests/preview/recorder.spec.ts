import assert from "node:assert/strict";
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import { isSecretValue, record } from "../../preview/recorder";

class Group extends pulumi.ComponentResource {
  constructor(name: string, opts?: pulumi.ComponentResourceOptions) {
    super("llm-platform:index:Group", name, {}, opts);
  }
}

const id = (name: string, opts?: pulumi.CustomResourceOptions, keepers?: Record<string, pulumi.Input<string>>) =>
  new random.RandomId(name, { byteLength: 4, ...(keepers ? { keepers } : {}) }, opts);

async function failures(program: () => unknown): Promise<string[]> {
  return (await record(program)).failures.map(({ message }) => message);
}

describe("the recorder", () => {
  it("gives nested resources the URNs that the engine gives them", async () => {
    const { resources } = await record(() =>
      id("leaf", { parent: new Group("inner", { parent: new Group("outer") }) }),
    );
    assert.deepEqual(resources.map(({ urn }) => urn).sort(), [
      "urn:pulumi:test::llm-platform::llm-platform:index:Group$llm-platform:index:Group$random:index/randomId:RandomId::leaf",
      "urn:pulumi:test::llm-platform::llm-platform:index:Group$llm-platform:index:Group::inner",
      "urn:pulumi:test::llm-platform::llm-platform:index:Group::outer",
      "urn:pulumi:test::llm-platform::pulumi:pulumi:Stack::llm-platform-test",
    ]);
  });

  it("reports a fault inside an Output once, whatever hangs on it", async () => {
    const found = await failures(() => {
      const broken = id("a").hex.apply((): string => {
        throw new Error("broken");
      });
      pulumi.all([broken, broken]).apply(() => 1);
      return { broken };
    });
    assert.deepEqual(found, ["broken"]);
  });

  it("names the input that a failing Output was for", async () => {
    const found = await failures(() => {
      const broken = id("a").hex.apply((): string => {
        throw new Error("broken");
      });
      id("b", undefined, { broken });
    });
    assert.ok(
      found.some((message) => message === 'error serializing property "keepers": broken'),
      found.join("\n"),
    );
  });

  it("keeps the traces of faults, and on demand those of the promises that led there", async () => {
    const program = () => {
      throw new Error("broken");
    };
    for (const stackTraces of [false, true]) {
      const [failure] = (await record(program, { stackTraces })).failures;
      assert.match(failure?.stack ?? "", /recorder\.spec\.ts/);
    }
    const promise = (stackTraces: boolean) =>
      record(() => assert.equal(new Error().stack !== "", stackTraces), { stackTraces });
    for (const stackTraces of [false, true]) assert.deepEqual((await promise(stackTraces)).failures, []);
  });

  it("keeps what the program throws", async () => {
    const { failures: found } = await record(() => {
      throw new pulumi.RunError("bad arguments");
    });
    assert.deepEqual(
      found.map(({ message }) => message),
      ["bad arguments"],
    );
    assert.ok(pulumi.RunError.isInstance(found[0]));
  });

  it("notes URNs that are registered twice", async () => {
    const { duplicateUrns } = await record(() => [id("same"), id("same")]);
    assert.deepEqual(duplicateUrns, ["urn:pulumi:test::llm-platform::random:index/randomId:RandomId::same"]);
  });

  it("records hooks, aliases, timeouts and protection", async () => {
    const { resources, failures: found } = await record(() =>
      id("a", {
        protect: true,
        aliases: [{ name: "old" }],
        customTimeouts: { create: "5m" },
        hooks: { afterCreate: [async () => {}] },
      }),
    );
    assert.deepEqual(found, []);
    const options = resources.find(({ name }) => name === "a")?.options;
    assert.equal(options?.protect, true);
    assert.equal(options?.aliases.length, 1);
    assert.equal(options?.customTimeouts.create, "5m");
    assert.deepEqual(options?.hooks, ["random:index/randomId:RandomId_a_afterCreate_0"]);
  });

  it("records what is only read, and lets others depend on it", async () => {
    const { resources, failures: found } = await record(() => {
      const bucket = aws.s3.Bucket.get("existing", "my-bucket");
      new aws.s3.BucketVersioning("versioning", { bucket: bucket.id, versioningConfiguration: { status: "Enabled" } });
    });
    assert.deepEqual(found, []);
    const bucket = resources.find(({ name }) => name === "existing");
    const versioning = resources.find(({ name }) => name === "versioning");
    assert.equal(bucket?.read, true);
    assert.equal(versioning?.inputs.bucket, "my-bucket");
    assert.deepEqual(versioning?.dependencies, [bucket?.urn]);
  });

  it("refuses provider functions by name, unless it is told the answer", async () => {
    const program = () => ({ account: aws.getCallerIdentityOutput().accountId });
    assert.deepEqual(await failures(program), [
      "the program calls aws:index/getCallerIdentity:getCallerIdentity, which needs a cloud: take the value from settings",
    ]);
    const answer = () => ({ accountId: "222222222222" });
    const { result, failures: found } = await record(program, {
      calls: { "aws:index/getCallerIdentity:getCallerIdentity": answer },
    });
    assert.deepEqual([found, result], [[], { account: "222222222222" }]);
  });

  it("refuses transforms, whose effect only an engine has", async () => {
    const transforms = [async () => undefined];
    const [one] = await failures(() => id("a", { transforms }));
    assert.match(one ?? "", /: a: transforms run in the engine/);
    const all = await failures(() => {
      pulumi.runtime.registerResourceTransform(async () => undefined);
      id("a");
    });
    assert.ok(
      all.some((message) => message.includes("transforms run in the engine")),
      all.join("\n"),
    );
  });

  it("runs the older transformations, which are part of the program", async () => {
    const { resources } = await record(() =>
      id("a", { transformations: [({ props, opts }) => ({ props: { ...props, byteLength: 8 }, opts })] }),
    );
    assert.equal(resources.find(({ name }) => name === "a")?.inputs.byteLength, 8);
  });

  it("refuses to read another stack", async () => {
    const found = await failures(() => new pulumi.StackReference("organization/project/other").getOutput("a"));
    assert.ok(
      found.some((message) => message.includes("the outputs of another stack cannot be read")),
      found.join("\n"),
    );
  });

  it("keeps outputs secret that a resource or its options declare secret", async () => {
    const { resources, secrets } = await record(() => {
      const password = new random.RandomPassword("password", { length: 20 });
      const text = new random.RandomString("text", { length: 16 }, { additionalSecretOutputs: ["result"] });
      id("user", undefined, { password: password.result, text: text.result });
    });
    const keepers = resources.find(({ name }) => name === "user")?.inputs.keepers as Record<string, unknown>;
    assert.ok(isSecretValue(keepers.password) && isSecretValue(keepers.text));
    assert.ok(secrets.includes(String(keepers.password.value)) && secrets.includes(String(keepers.text.value)));
  });

  it("leaves everything that a provider computes unknown when asked", async () => {
    const { result, resources } = await record(
      () => {
        let seen = 0;
        const hex = id("a").hex.apply(() => ++seen);
        id("b", undefined, { hex: pulumi.interpolate`${hex}` });
        return { seen };
      },
      { outputs: "unknown" },
    );
    assert.deepEqual([result, resources.length], [{ seen: 0 }, 3]);
  });

  it("counts a logged error as a failure", async () => {
    const write = console.error;
    console.error = () => {};
    try {
      assert.deepEqual(await failures(() => pulumi.log.error("no good")), ["the program logged an error (see above)"]);
    } finally {
      console.error = write;
    }
  });
});
