import assert from "node:assert/strict";
import { AUTONAME_SUFFIX, DNS_LABEL, PHYSICAL_NAME_LIMITS } from "../../components/internal/names";
import { type Graph, revealed } from "../support/graph";
import { STACKS, stackOf, variantOf } from "../support/stacks";
import { recordedVariant, VARIANTS, type VariantName } from "../support/variants";

/** Inputs by which AWS resources would be named by us instead of by Pulumi. */
const NAME_INPUTS = [
  "name",
  "bucket",
  "identifier",
  "clusterIdentifier",
  "replicationGroupId",
  "nodeGroupName",
  "clusterName",
  "roleName",
  "namePrefix",
  "bucketPrefix",
  "identifierPrefix",
];

/** Types that are named after something else, by their nature. */
const NAMED_AFTER: Record<string, string> = {
  "aws:route53/record:Record": "the host name",
  "aws:route53/zone:Zone": "the domain",
};

/** AWS resources that have a name of ours, and why; the names themselves come from random ids, so that each life of a stack has its own. */
const NAMED_BY_US: Record<string, string> = {
  "cluster-cluster": "its log group must exist before it, under its name",
  "cluster-logs": "EKS writes to the group of that name",
  "postgres-instance": "its log groups must exist before it, under its name",
  "postgres-log-postgresql": "RDS writes to the group of that name",
  "postgres-log-upgrade": "RDS writes to the group of that name",
};

/** The input that names a resource of this type; settings of a bucket name the bucket that they belong to. */
function givenName(type: string, inputs: Record<string, unknown>): unknown {
  const kind = type.split(":").at(-1) ?? "";
  const keys = NAME_INPUTS.filter((key) => (key === "bucket" ? kind === "Bucket" : true)).filter((key) =>
    key === "clusterName" ? kind === "Cluster" : true,
  );
  return keys.map((key) => inputs[key]).find((value) => value !== undefined);
}

function assertFits(graph: Graph): void {
  for (const { type, name, inputs } of graph.resources) {
    const limit = PHYSICAL_NAME_LIMITS[type];
    if (limit === undefined || givenName(type, inputs) !== undefined) continue;
    assert.ok(
      name.length + AUTONAME_SUFFIX <= limit,
      `${name} is too long for a ${type}: ${limit} characters with the suffix`,
    );
  }
}

/** What a Kubernetes object has in its metadata, and a release at its top. */
interface Named {
  readonly name?: string;
  readonly namespace?: string;
}

function assertApart(graph: Graph): void {
  const seen = new Map<string, string>();
  for (const { type, name, inputs, read, custom } of graph.resources) {
    if (!custom || read || !type.startsWith("kubernetes:")) continue;
    const known = revealed(inputs) as { metadata?: Named } & Named;
    const metadata = known.metadata ?? known;
    const [, api = "", kind = ""] = type.split(":");
    const address = `${api.split("/")[0]} ${kind} ${metadata.namespace ?? ""}/${metadata.name}`;
    assert.match(metadata.name ?? "", /^[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?$/, `${name}: name ${metadata.name}`);
    assert.equal(seen.get(address), undefined, `${name} and ${seen.get(address)} are one object: ${address}`);
    seen.set(address, name);
  }
  assert.ok(seen.size > 30);
}

for (const stack of STACKS) {
  describe(`names of ${stack}`, () => {
    let graph: Graph;
    before(async () => {
      graph = (await stackOf(stack)).graph;
    });

    it("leave room for the suffix that makes them unique", () => assertFits(graph));

    it("are AWS' business, but for a few with a reason", () => {
      const named = graph.resources.filter(
        ({ type, inputs }) =>
          type.startsWith("aws:") && givenName(type, inputs) !== undefined && !(type in NAMED_AFTER),
      );
      // Parameters of groups and access entries carry a `name` of another meaning deeper inside, never at the top.
      assert.deepEqual(named.map(({ name }) => name).sort(), Object.keys(NAMED_BY_US).sort());
      const random = graph.ofType("random:index/randomId:RandomId").map(({ urn }) => urn);
      for (const resource of named) {
        const before = graph.dependenciesOf(resource).map(({ urn }) => urn);
        assert.ok(
          before.some((urn) => random.includes(urn)),
          `${resource.name} is named without a random part`,
        );
      }
    });

    it("belong to one Kubernetes object each, and to one release", () => assertApart(graph));

    it("of namespaces and Services are DNS labels", () => {
      for (const { name, inputs } of graph.resources.filter(({ type }) =>
        /^kubernetes:core\/v1:(Namespace|Service)$/.test(type),
      )) {
        assert.match((inputs.metadata as { name: string }).name, DNS_LABEL, name);
      }
    });
  });
}

describe("names under other choices", () => {
  it("fit with the longest project and pool names, in other regions", async () => {
    const pool = "p".repeat(20);
    const { graph } = await variantOf(
      "staging",
      {
        "aws.region": "ap-southeast-2",
        "network.create.zones": ["ap-southeast-2a", "ap-southeast-2b", "ap-southeast-2c"],
        [`nodePools.${pool}`]: { instanceType: "m7i.large", minSize: 1, maxSize: 2, perZone: true },
        "buckets.media.create.replicationRegion": "ap-northeast-3",
      },
      "a-project-of-20-chars",
    );
    assertFits(graph);
    assert.ok(graph.ofType("aws:eks/nodeGroup:NodeGroup").some(({ name }) => name.includes(pool)));
  });

  for (const variant of Object.keys(VARIANTS) as VariantName[]) {
    it(`stay apart: ${variant}`, async () => {
      const { graph } = await recordedVariant(variant);
      assertFits(graph);
      assertApart(graph);
    });
  }
});
