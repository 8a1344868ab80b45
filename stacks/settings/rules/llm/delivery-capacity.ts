import { idleReplicas } from "../../../../components/delivery/model-blue-green-colors";
import { canaryReplicas } from "../../../../components/delivery/model-canary-spec";
import { allocatable } from "../../../../components/internal/instance-types";
import type { Problem } from "../../../../components/internal/problems";
import { poolOfModel } from "../../gpu-pools";
import { zonesOfPool } from "../../pool-zones";
import type { ParsedSections } from "../../settings";
import { rule, when } from "../rule";

type Model = ParsedSections["llm"]["models"][string];
type Pools = Pick<ParsedSections, "nodePools" | "network">;

/** GPUs of one node that a replica takes, of whichever version takes most. */
function gpusOf({ engine, workload, delivery }: Model): number {
  const { blue, green } = delivery.blueGreen ?? {};
  const engines = [engine, blue?.engine, green?.engine].flatMap((each) => each ?? []);
  const stages = (each: Model["engine"]) => (workload === "multiNode" ? 1 : each.pipelineParallelSize);
  return Math.max(...engines.map((each) => each.tensorParallelSize * stages(each)));
}

/** Replicas that a server has at least and at most, all of its versions together. */
function replicasOf(model: Model): { readonly least: number; readonly most: number; readonly why?: string } {
  const { autoscaling, replicas = 1, delivery } = model;
  const own = { minReplicas: autoscaling?.minReplicas ?? replicas, maxReplicas: autoscaling?.maxReplicas ?? replicas };
  const bounds = { least: own.minReplicas, most: own.maxReplicas };
  if (delivery.canary) {
    const { maxReplicas } = canaryReplicas(own, delivery.canary);
    return { ...bounds, most: own.maxReplicas + maxReplicas, why: `${own.maxReplicas} and ${maxReplicas} of a canary` };
  }
  if (delivery.blueGreen?.blue && delivery.blueGreen.green) {
    const idle = idleReplicas({ replicas, autoscaling: autoscaling && { ...autoscaling, prometheusUrl: "" } });
    const why = `${own.maxReplicas} and ${idle} of the idle colour`;
    return { least: own.minReplicas + idle, most: own.maxReplicas + idle, why };
  }
  return bounds;
}

/** Replicas of so many GPUs that fit into a pool at its largest; undefined where nothing is known of its machines. */
function roomIn({ nodePools, network }: Pools, name: string, gpus: number): number | undefined {
  const pool = nodePools[name];
  if (pool === undefined) return undefined;
  const perNode = pool.instanceTypes.map((type) => allocatable(type)?.gpus);
  if (perNode.length === 0 || perNode.includes(undefined)) return undefined;
  const fewest = Math.min(...perNode.map((each) => each ?? 0));
  const nodes = pool.maxSize * (pool.perZone ? zonesOfPool(network, pool).length : 1);
  return Math.floor(fewest / gpus) * nodes;
}

/** Two versions at once need more machines than one, which nobody notices until the day of the new version. */
export const headroom = rule(["llm", "nodePools", "network"], ({ llm, nodePools, network }) => {
  if (!llm.enabled) return [];
  const models = Object.entries(llm.models);
  return models.flatMap(([server, model]): Problem[] => {
    const { most, why } = replicasOf(model);
    const pool = poolOfModel(model);
    // Of a node's GPUs that are shared there are more than the machine has.
    if (why === undefined || llm.gpu.sharing[pool] !== undefined) return [];
    const gpus = gpusOf(model);
    const others = models.filter(([other, each]) => other !== server && poolOfModel(each) === pool);
    const taken = others.reduce((sum, [, each]) => sum + replicasOf(each).least * Math.ceil(gpusOf(each) / gpus), 0);
    const room = roomIn({ nodePools, network }, pool, gpus);
    return when(room !== undefined && room - taken < most, {
      path: `llm.models.${server}.delivery`,
      rule: `must leave room for two versions at once: ${most} replicas of ${gpus} GPUs (${why}), and pool ${pool} holds ${Math.max(0, (room ?? 0) - taken)} beside the other servers`,
      fix: `Raise nodePools.${pool}.maxSize, or lower autoscaling.maxReplicas.`,
    });
  });
});
