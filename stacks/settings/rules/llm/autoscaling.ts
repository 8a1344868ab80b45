import { instanceShape } from "../../../../components/internal/instance-types";
import type { Problem } from "../../../../components/internal/problems";
import { zonesOfPool } from "../../pool-zones";
import type { ParsedSections } from "../../settings";
import { rule, when } from "../rule";

type Model = ParsedSections["llm"]["models"][string];
type Pool = ParsedSections["nodePools"][string];

/** Problems of each server that the load scales, by its path. */
function ofScaled(
  llm: ParsedSections["llm"],
  check: (server: string, scaling: NonNullable<Model["autoscaling"]>, path: string, model: Model) => readonly Problem[],
): Problem[] {
  if (!llm.enabled) return [];
  return Object.entries(llm.models).flatMap(([server, model]) =>
    model.autoscaling === undefined ? [] : check(server, model.autoscaling, `llm.models.${server}.autoscaling`, model),
  );
}

const measured = rule(["llm", "monitoring"], ({ llm, monitoring }) =>
  ofScaled(llm, (_, __, path) =>
    when(!monitoring.prometheus.enabled, {
      path,
      rule: "needs monitoring.prometheus.enabled: queues and KV caches are read from Prometheus",
      fix: "Switch Prometheus on, or use replicas.",
    }),
  ),
);

const woken = rule(["llm", "ingress"], ({ llm, ingress }) =>
  ofScaled(llm, (server, { minReplicas, wakeUp }, path, { delivery }) => {
    const { enabled, servers } = llm.gateway.router;
    const routed = enabled && (servers === undefined || servers.includes(server));
    return [
      ...when(wakeUp === "gateway" && ingress.controller !== "traefik", {
        path: `${path}.wakeUp`,
        rule: `must be router with ingress.controller ${ingress.controller}: only Traefik's count of requests reaches Prometheus`,
        got: wakeUp,
        fix: "Set it to router and llm.gateway.router.enabled to true, or keep minReplicas at 1.",
      }),
      ...when(wakeUp === "router" && !routed, {
        path: `${path}.wakeUp`,
        rule: "must not be router for a server that llm.gateway.router does not have behind it",
        got: wakeUp,
        fix: "Switch the router on for this server, or choose gateway.",
      }),
      ...when(minReplicas === 0 && delivery.blueGreen !== undefined, {
        path: `${path}.minReplicas`,
        rule: "must be at least 1 with delivery.blueGreen: a colour that sleeps cannot be tried before the switch",
        got: minReplicas,
        fix: "Raise it to 1.",
      }),
    ];
  }),
);

/** The fewest and the most replicas of a server. */
function bounds({ autoscaling, replicas }: Model): { fewest: number; most: number; key: string } {
  if (autoscaling === undefined) return { fewest: replicas ?? 1, most: replicas ?? 1, key: "replicas" };
  return { fewest: autoscaling.minReplicas, most: autoscaling.maxReplicas, key: "autoscaling.maxReplicas" };
}

/** Pods of one replica, and GPUs of each. */
function sizeOf({ engine, workload, nodesPerReplica }: Model): { pods: number; gpus: number } {
  const { tensorParallelSize, pipelineParallelSize } = engine;
  if (workload === "multiNode") return { pods: nodesPerReplica ?? pipelineParallelSize, gpus: tensorParallelSize };
  return { pods: 1, gpus: tensorParallelSize * pipelineParallelSize };
}

/** How many pods with so many GPUs each a machine of the pool holds; undefined of types that nobody knows. */
function podsPerNode({ instanceTypes }: Pool, gpus: number, shares: number): number | undefined {
  const counts = instanceTypes.map((type) => instanceShape(type)?.gpu?.count);
  if (counts.length === 0 || counts.includes(undefined)) return undefined;
  const fewest = Math.min(...counts.map((count) => count ?? 0));
  return Math.floor((fewest * shares) / gpus);
}

/** Pods that may share a GPU of the pool. */
function sharesOf(llm: ParsedSections["llm"], pool: string): number {
  const sharing = llm.gpu.sharing[pool];
  return sharing?.timeSlicing?.replicas ?? sharing?.mps?.replicas ?? sharing?.mig?.partitions ?? 1;
}

interface Room {
  readonly server: string;
  readonly pool: string;
  readonly nodes: number;
  /** Replicas that the whole pool holds. */
  readonly replicas: number;
}

/** What each server's pool has room for; nothing is said of pools that are missing, too small or unknown: others refuse those. */
function rooms({ llm, nodePools, network }: Pick<ParsedSections, "llm" | "nodePools" | "network">): Room[] {
  return Object.entries(llm.models).flatMap(([server, model]) => {
    const pool = nodePools[model.nodePool];
    const { pods, gpus } = sizeOf(model);
    const each = pool && podsPerNode(pool, gpus, sharesOf(llm, model.nodePool));
    if (pool === undefined || each === undefined || each === 0) return [];
    const nodes = pool.maxSize * (pool.perZone ? zonesOfPool(network, pool).length : 1);
    return [{ server, pool: model.nodePool, nodes, replicas: Math.floor((nodes * each) / pods) }];
  });
}

const room = rule(["llm", "nodePools", "network"], (sections) => {
  const { llm } = sections;
  if (!llm.enabled) return [];
  return rooms(sections).flatMap(({ server, pool, nodes, replicas }) => {
    const model = llm.models[server];
    if (model === undefined) return [];
    const { most, key } = bounds(model);
    return when(most > replicas, {
      path: `llm.models.${server}.${key}`,
      rule: `must be at most ${replicas}, as many as ${nodes} machines of pool ${pool} hold`,
      got: most,
      fix: `Lower it, or raise nodePools.${pool}.maxSize.`,
    });
  });
});

const together = rule(["llm", "nodePools", "network"], (sections) => {
  const { llm, nodePools } = sections;
  if (!llm.enabled) return [];
  const known = rooms(sections);
  return Object.keys(nodePools).flatMap((pool) => {
    const here = known.filter((each) => each.pool === pool);
    // In shares of the pool: servers differ in how many of their replicas fill a machine.
    const share = here.reduce((sum, { server, replicas }) => {
      const model = llm.models[server];
      return model === undefined ? sum : sum + bounds(model).fewest / replicas;
    }, 0);
    return when(here.length > 1 && share > 1, {
      path: `nodePools.${pool}.maxSize`,
      rule: `must hold the fewest replicas of all servers of the pool at once (${here.map(({ server }) => server).join(", ")}), which take ${Math.round(share * 100)} % of its GPUs`,
      got: nodePools[pool]?.maxSize,
      fix: "Raise it, or lower minReplicas.",
    });
  });
});

const promised = rule(["llm"], ({ llm }) =>
  Object.keys(llm.monitoring.timeToFirstTokenSecondsOf).flatMap((server) =>
    when(llm.enabled && llm.models[server] === undefined, {
      path: `llm.monitoring.timeToFirstTokenSecondsOf.${server}`,
      rule: "must be one of llm.models",
      fix: "Correct the name, or take it out.",
    }),
  ),
);

export const AUTOSCALING_RULES = [measured, woken, room, together, promised];
