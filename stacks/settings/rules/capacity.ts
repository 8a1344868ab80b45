import { type Allocatable, allocatable, instanceShape } from "../../../components/internal/instance-types";
import type { Problem } from "../../../components/internal/problems";
import { mebibytes, milliCpu } from "../../../components/internal/quantities";
import { zonesOfPool } from "../pool-zones";
import type { ParsedSections } from "../settings";
import { requestAboveLimit } from "./langfuse";
import { rule, when } from "./rule";

/** A store's memory limit stays this far below what the node has, for DaemonSets and the page cache. */
const SHARE_OF_STORES = 0.9;
/** DaemonSets take the rest of a node that others run on. */
const SHARE_OF_PODS = 0.9;

interface Node extends Allocatable {
  readonly type: string;
  readonly cores: number;
}

/** The smallest of a pool's types, as far as they are known: what fits there fits everywhere. */
function smallestNode(pools: ParsedSections["nodePools"], name: string): Node | undefined {
  const nodes = (pools[name]?.instanceTypes ?? []).flatMap((type) => {
    const space = allocatable(type);
    return space === undefined ? [] : [{ type, cores: instanceShape(type)?.vcpus ?? 0, ...space }];
  });
  return nodes.sort((a, b) => a.memoryMiB - b.memoryMiB)[0];
}

const clickhouse = rule(["nodePools", "clickhouse"], ({ nodePools, clickhouse }) => {
  const resources = clickhouse.create?.resources;
  const node = smallestNode(nodePools, "data");
  if (resources === undefined) return [];
  const path = "clickhouse.create.resources";
  const problems = requestAboveLimit(`${path}.requests`, "cpu", resources.requests.cpu, resources.limits.cpu);
  if (node === undefined) return problems;
  const most = Math.floor(node.memoryMiB * SHARE_OF_STORES);
  return [
    ...problems,
    ...when(mebibytes(resources.limits.memory) > most, {
      path: `${path}.limits.memory`,
      rule: `must be at most ${most}Mi, 90 % of what type ${node.type} of pool data leaves for pods`,
      got: resources.limits.memory,
      fix: "Lower request and limit, or give nodePools.data a larger type.",
    }),
    ...cpuFits(path, resources, node, "data", 1),
  ];
});

function cpuFits(
  path: string,
  resources: { readonly requests: { readonly cpu: string }; readonly limits: { readonly cpu: string } },
  node: Node,
  pool: string,
  share: number,
): Problem[] {
  const most = Math.floor(node.cpuMillis * share);
  const part = share < 1 ? `${share * 100} % of what` : "what";
  return [
    ...when(milliCpu(resources.requests.cpu) > most, {
      path: `${path}.requests.cpu`,
      rule: `must be at most ${most}m, ${part} type ${node.type} of pool ${pool} leaves for pods`,
      got: resources.requests.cpu,
      fix: `Lower it, or give nodePools.${pool} a larger type.`,
    }),
    ...when(milliCpu(resources.limits.cpu) > node.cores * 1000, {
      path: `${path}.limits.cpu`,
      rule: `must be at most ${node.cores}, the cores of type ${node.type} of pool ${pool}`,
      got: resources.limits.cpu,
      fix: `Lower it, or give nodePools.${pool} a larger type.`,
    }),
  ];
}

const langfuse = rule(["nodePools", "langfuse"], ({ nodePools, langfuse }) => {
  const node = smallestNode(nodePools, "cpu");
  if (node === undefined) return [];
  const most = Math.floor(node.memoryMiB * SHARE_OF_PODS);
  return (["web", "worker"] as const).flatMap((name) => {
    const { resources } = langfuse[name];
    const path = `langfuse.${name}.resources`;
    return [
      ...cpuFits(path, resources, node, "cpu", SHARE_OF_PODS),
      ...when(mebibytes(resources.limits.memory) > most, {
        path: `${path}.limits.memory`,
        rule: `must be at most ${most}Mi, 90 % of what type ${node.type} of pool cpu leaves for pods`,
        got: resources.limits.memory,
        fix: "Lower it, or give nodePools.cpu a larger type.",
      }),
    ];
  });
});

const ceiling = rule(["network", "nodePools", "langfuse"], ({ network, nodePools, langfuse }) => {
  const node = smallestNode(nodePools, "cpu");
  const pool = nodePools.cpu;
  if (node === undefined || pool === undefined) return [];
  const wanted = (amount: (requests: { cpu: string; memory: string }) => number) =>
    (["web", "worker"] as const).reduce(
      (sum, name) => sum + amount(langfuse[name].resources.requests) * langfuse[name].autoscaling.maxReplicas,
      0,
    );
  const nodesFor = (want: number, space: number) => Math.ceil(want / (space * SHARE_OF_PODS));
  const zones = pool.perZone ? zonesOfPool(network, pool).length || 1 : 1;
  const machines = Math.max(
    nodesFor(
      wanted(({ cpu }) => milliCpu(cpu)),
      node.cpuMillis,
    ),
    nodesFor(
      wanted(({ memory }) => mebibytes(memory)),
      node.memoryMiB,
    ),
  );
  const needed = Math.ceil(machines / zones);
  return when(needed > pool.maxSize, {
    path: "nodePools.cpu.maxSize",
    rule: `must be at least ${needed}${pool.perZone ? " in each zone" : ""}, or Langfuse cannot reach its maxReplicas on machines of type ${node.type}`,
    got: pool.maxSize,
    fix: `Raise it to ${needed}, lower maxReplicas or the requests, or take a larger type.`,
  });
});

const servers = rule(["network", "nodePools", "clickhouse"], ({ network, nodePools, clickhouse }) => {
  const create = clickhouse.create;
  const pool = nodePools.data;
  const node = smallestNode(nodePools, "data");
  if (create === undefined || pool === undefined || node === undefined || !pool.perZone) return [];
  const zones = zonesOfPool(network, pool).length;
  if (zones === 0) return [];
  const { cpu, memory } = create.resources.requests;
  const perNode = Math.min(
    Math.floor((node.cpuMillis * SHARE_OF_PODS) / milliCpu(cpu)),
    Math.floor((node.memoryMiB * SHARE_OF_PODS) / mebibytes(memory)),
  );
  const perZone = Math.ceil((create.shards * create.replicas) / zones);
  const needed = Math.ceil(perZone / Math.max(perNode, 1));
  return when(needed > pool.maxSize, {
    path: "nodePools.data.maxSize",
    rule: `must be at least ${needed} in each zone for ${create.shards} × ${create.replicas} ClickHouse servers on machines of type ${node.type}`,
    got: pool.maxSize,
    fix: `Raise it to ${needed}, or take a larger type.`,
  });
});

export const CAPACITY_RULES = [clickhouse, langfuse, ceiling, servers];
