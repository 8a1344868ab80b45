import assert from "node:assert/strict";
import type { RecordedResource } from "../../preview/recorder";
import { isObject, members } from "../support/dig";
import type { Graph } from "../support/graph";
import { revealed } from "../support/graph";
import { KINDS_ALONE, STACKS, stackOf, variantOf } from "../support/stacks";
import { recordedVariant, VARIANTS } from "../support/variants";

interface Pool {
  /** Subnets of the group; one means one zone. */
  readonly subnetIds: readonly string[];
  readonly labels: Record<string, string>;
  readonly taints: readonly { readonly key: string; readonly value?: string; readonly effect: string }[];
}

interface Placed {
  readonly owner: string;
  readonly nodeSelector: Record<string, string>;
  readonly tolerations: readonly Toleration[];
}

interface Toleration {
  readonly key?: string;
  readonly operator?: string;
  readonly value?: string;
  readonly effect?: string;
}

const EFFECTS: Record<string, string> = {
  NO_SCHEDULE: "NoSchedule",
  NO_EXECUTE: "NoExecute",
  PREFER_NO_SCHEDULE: "PreferNoSchedule",
};

function poolsOf(graph: Graph): Pool[] {
  return graph.ofType("aws:eks/nodeGroup:NodeGroup").map(({ inputs }) => {
    const { labels, taints, subnetIds } = revealed(inputs) as Omit<Pool, "taints"> & { taints?: Pool["taints"] };
    return {
      labels,
      subnetIds,
      taints: (taints ?? []).map((taint) => ({ ...taint, effect: EFFECTS[taint.effect] ?? "" })),
    };
  });
}

/** Everything in a resource that says on which nodes its pods run. */
function placedBy(resource: RecordedResource): Placed[] {
  return [...members(resource.inputs)].flatMap(({ path, value }) => {
    if (!isObject(value) || !isObject(value.nodeSelector) || Object.keys(value.nodeSelector).length === 0) return [];
    const tolerations = Array.isArray(value.tolerations) ? value.tolerations : [];
    const nodeSelector = value.nodeSelector as Record<string, string>;
    return [{ owner: `${resource.name} ${path}`, nodeSelector, tolerations }];
  });
}

function tolerates(tolerations: readonly Toleration[], taint: Pool["taints"][number]): boolean {
  return tolerations.some(
    ({ key, operator, value, effect }) =>
      (key === undefined || key === taint.key) &&
      (operator === "Exists" || (value ?? "") === (taint.value ?? "")) &&
      (effect === undefined || effect === taint.effect),
  );
}

function selects(selector: Record<string, string>, { labels }: Pool): boolean {
  return Object.entries(selector).every(([key, value]) => key === "kubernetes.io/os" || labels[key] === value);
}

function placements(graph: Graph): Placed[] {
  return graph.resources.filter(({ custom }) => custom).flatMap(placedBy);
}

/** Who asks for a volume, with what stands beside the claim. */
interface Claimant {
  readonly resource: RecordedResource;
  readonly placed: readonly Placed[];
}

/** Every claim, with the placements in the smallest part of its object that has any: those are of the pods that own it. */
function claimants(graph: Graph): Claimant[] {
  return graph.resources.flatMap((resource) => {
    const parts = [...members(resource.inputs)].map(({ value }) => value).filter(isObject);
    const holds = (part: unknown, key: RegExp) => [...members(part)].some((member) => key.test(member.key));
    const claims = parts.filter((part) => Object.keys(part).some((key) => CLAIM.test(key)));
    return claims.map((claim) => {
      const around = parts.filter((part) => [...members(part)].some(({ value }) => value === claim));
      const pods = around.reverse().find((part) => holds(part, /^nodeSelector$/));
      return { resource, placed: pods === undefined ? [] : placedBy({ ...resource, inputs: pods }) };
    });
  });
}

const CLAIM = /^volumeClaimTemplates?$/;

/** Fails unless each of them runs on groups of one zone alone. */
function assertZonal(graph: Graph, owners: readonly Claimant[]): void {
  const pools = poolsOf(graph);
  for (const { resource, placed } of owners) {
    assert.notEqual(placed.length, 0, `${resource.name} runs anywhere`);
    for (const { owner, nodeSelector } of placed) {
      const chosen = pools.filter((pool) => selects(nodeSelector, pool));
      assert.notEqual(chosen.length, 0, owner);
      for (const { subnetIds } of chosen) assert.equal(subnetIds.length, 1, `${owner} may land in any zone`);
    }
  }
}

for (const stack of STACKS) {
  describe(`placement of ${stack}`, () => {
    let graph: Graph;
    before(async () => {
      graph = (await stackOf(stack)).graph;
    });

    it("L05, L06: names a pool that the stack has, and tolerates what keeps others away from it", () => {
      const pools = poolsOf(graph);
      assert.equal(pools.length, 8);
      const placed = placements(graph);
      assert.ok(placed.length > 20);
      for (const { owner, nodeSelector, tolerations } of placed) {
        const chosen = pools.filter((pool) => selects(nodeSelector, pool));
        assert.notEqual(chosen.length, 0, `${owner}: no pool has ${JSON.stringify(nodeSelector)}`);
        for (const taint of chosen.flatMap(({ taints }) => taints)) {
          if (taint.effect === "PreferNoSchedule") continue;
          assert.ok(tolerates(tolerations, taint), `${owner} does not tolerate ${JSON.stringify(taint)}`);
        }
      }
    });

    it("says for every release, Job and installation where it runs", () => {
      const owners = graph.resources.filter(
        ({ type, inputs }) =>
          // Definitions of kinds run nothing.
          (type === "kubernetes:helm.sh/v3:Release" && !KINDS_ALONE.includes(String(inputs.name))) ||
          type === "kubernetes:batch/v1:Job" ||
          /Installation$/.test(type),
      );
      assert.ok(owners.length >= 14);
      for (const owner of owners) assert.notEqual(placedBy(owner).length, 0, owner.name);
    });

    it("keeps data on nodes of its own", () => {
      const data = placements(graph).filter(({ nodeSelector }) => nodeSelector["workload-type"] === "data");
      assert.deepEqual(data.map(({ owner }) => owner.split(" ")[0]).sort(), [
        "clickhouse-installation",
        "clickhouse-keeper-installation",
        // Prometheus and Alertmanager.
        "monitoring-release",
        "monitoring-release",
      ]);
      const [pool] = poolsOf(graph).filter(({ labels }) => labels["workload-type"] === "data");
      assert.deepEqual(pool?.taints, [{ key: "workload-type", value: "data", effect: "NoSchedule" }]);
    });

    it("runs whoever owns a volume on nodes of one group a zone, since the autoscaler cannot choose a zone within one", () => {
      const owners = claimants(graph);
      assert.deepEqual(owners.map(({ resource }) => resource.name).sort(), [
        "clickhouse-installation",
        "clickhouse-keeper-installation",
        "monitoring-release",
        "monitoring-release",
      ]);
      assertZonal(graph, owners);
    });

    it("leaves GPU nodes to those who are meant for them", () => {
      const gpuNodes = poolsOf(graph).filter(({ labels }) => labels["node-type"] === "gpu");
      for (const { owner, nodeSelector, tolerations } of placements(graph)) {
        if (gpuNodes.some((pool) => selects(nodeSelector, pool))) continue;
        assert.ok(!tolerations.some(({ key }) => key === undefined || key === "nvidia.com/gpu"), owner);
      }
    });
  });
}

describe("placement without a pool for data", () => {
  it("lets Prometheus share the nodes of controllers, then one group a zone as well", async () => {
    const { stack, changes } = VARIANTS["existing stores on a cluster of our own"];
    const { graph } = await variantOf(stack, {
      ...changes,
      "nodePools.data": undefined,
      "nodePools.system.minSize": 1,
      "nodePools.system.perZone": true,
    });
    const owners = claimants(graph);
    assert.deepEqual(
      owners.map(({ resource }) => resource.name),
      ["monitoring-release", "monitoring-release"],
    );
    assertZonal(graph, owners);
  });
});

describe("placement on a cluster of somebody else's", () => {
  it("asks for no node of ours", async () => {
    const { graph } = await recordedVariant("existing cluster");
    const labels = placements(graph).flatMap(({ nodeSelector }) => Object.keys(nodeSelector));
    assert.deepEqual(
      labels.filter((label) => label !== "kubernetes.io/os"),
      [],
    );
  });
});
