import assert from "node:assert/strict";
import { ClickHouse, type ClickHouseArgs } from "../../../components/data/clickhouse";
import { mebibytes } from "../../../components/internal/quantities";
import { failureOf, graphOf } from "../../support/graph";
import { explicitProviders } from "../../support/providers";

const key = { secretName: "passwords", secretKey: "key" };
const user = (name: string) => ({ name, password: key, networks: ["10.0.0.0/8"] });
const GOOD: ClickHouseArgs = {
  namespace: "stores",
  installation: "events",
  shards: 1,
  replicas: 1,
  zones: 1,
  keeperNodes: ["keeper-0"],
  defaultPassword: key,
  interserverSecret: key,
  resources: { requests: { cpu: "1", memory: "8Gi" }, limits: { cpu: "1", memory: "8Gi" } },
  storage: { size: "10Gi", storageClass: "gp3" },
  durable: false,
  operatorReady: "ready",
};
const memory = (request: string, limit: string) => ({
  requests: { cpu: "1", memory: request },
  limits: { cpu: "1", memory: limit },
});

const NAME_RULE = "must be a DNS label that starts with a letter, of at most 15 characters";
const TAG_RULE = "must be a full version of four numbers, so that two pulls give the same server";
const USER_RULE = "must be letters, digits and underscores, and none of default, clickhouse_operator";

const BAD: [string, Partial<ClickHouseArgs>, string][] = [
  [
    "a long name",
    { installation: "sixteen-letters-" },
    `installation: ${NAME_RULE} (got sixteen-letters-). Shorten it to letters, digits and dashes.`,
  ],
  [
    "a cluster that is no label",
    { clusterName: "my_cluster" },
    `clusterName: ${NAME_RULE} (got my_cluster). Shorten it to letters, digits and dashes.`,
  ],
  ["no shard", { shards: 0 }, "shards: must be a whole number of at least 1 (got 0). Use 1 or more."],
  ["half a replica", { replicas: 1.5 }, "replicas: must be a whole number of at least 1 (got 1.5). Use 1 or more."],
  ["no zone", { zones: 0 }, "zones: must be a whole number of at least 1 (got 0). Use 1 or more."],
  ["the tag latest", { imageTag: "latest" }, `imageTag: ${TAG_RULE} (got latest). Write it out, e.g. 25.12.10.7.`],
  ["a minor tag", { imageTag: "25.12" }, `imageTag: ${TAG_RULE} (got 25.12). Write it out, e.g. 25.12.10.7.`],
  [
    "a user that exists",
    { users: [user("default")] },
    `users[0].name: ${USER_RULE} (got default). Choose another name.`,
  ],
  ["a user with a slash", { users: [user("a/b")] }, `users[0].name: ${USER_RULE} (got a/b). Choose another name.`],
  ["a user twice", { users: [user("a"), user("a")] }, "users[1].name: must be unique (got a). Remove one of the two."],
  [
    "a user without a network",
    { users: [{ ...user("a"), networks: [] }] },
    "users[0].networks: must name at least one network, or the user can connect from the server's own pods only (got []). Add the CIDR that the pods of the application have.",
  ],
  [
    "a limit above the request",
    { resources: memory("4Gi", "8Gi") },
    'resources: memory request and limit must be given and equal, since the server plans with its limit (got {"request":"4Gi","limit":"8Gi"}). Set requests.memory to the limit.',
  ],
  [
    "a limit that is no quantity",
    { resources: memory("lots", "lots") },
    'resources: memory request and limit must be given and equal, since the server plans with its limit (got {"request":"lots","limit":"lots"}). Set requests.memory to the limit.',
  ],
  [
    "a limit that leaves the node nothing",
    { nodeAllocatableMemoryMiB: 9000 },
    "resources.limits.memory: must be at most 8100Mi, 90 % of what a node of the pool leaves for pods (got 8Gi). Lower it, or choose a larger instance type for the pool.",
  ],
];

describe("ClickHouse arguments", () => {
  for (const [what, change, line] of BAD) {
    it(`refuses ${what}`, async () => {
      const message = await failureOf(() => new ClickHouse("ch", { ...GOOD, ...change }));
      assert.equal(message, `ClickHouse "ch" cannot be built from these arguments:\n  ${line}`);
    });
  }

  it("names every problem at once, before anything is registered", async () => {
    const message = await failureOf(() => new ClickHouse("ch", { ...GOOD, shards: 0, imageTag: "latest" }));
    assert.equal(message.split("\n").length, 3);
  });

  it("accepts the same memory written in two ways, a node just large enough, and a flavour of the image", async () => {
    const graph = await graphOf(
      () =>
        new ClickHouse(
          "ch",
          {
            ...GOOD,
            resources: memory("8192Mi", "8Gi"),
            nodeAllocatableMemoryMiB: 9103,
            imageTag: "25.12.10.7-alpine",
          },
          explicitProviders(),
        ),
    );
    assert.equal(graph.ofType("kubernetes:clickhouse.altinity.com/v1:ClickHouseInstallation").length, 1);
  });

  it("reads memory in Kubernetes' units", () => {
    assert.equal(mebibytes("8Gi"), 8192);
    assert.equal(mebibytes("1.5Gi"), 1536);
    assert.equal(mebibytes("1048576"), 1);
    assert.equal(mebibytes("1G"), 1e9 / 1024 ** 2);
    assert.ok(Number.isNaN(mebibytes("8 Gi")));
    assert.ok(Number.isNaN(mebibytes("")));
  });
});
