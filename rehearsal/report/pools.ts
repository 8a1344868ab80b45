import type { ReportedPool } from "../../preview/rehearsal-report";
import { allocatableOf, requestsOf, total } from "../checks/requests";
import { readCluster } from "../checks/snapshot";
import { poolsOf as groupsByPool, nodesOf, podsOn } from "../checks/utilisation";
import type { Stage } from "../stage";

/** How the node pools of a deployed stack are used at this moment. */
export async function poolsOf(stage: Stage): Promise<ReportedPool[]> {
  const snapshot = await readCluster(stage.api);
  const added = stage.actors?.figures().added ?? {};
  return groupsByPool(stage.cloud.nodeGroups()).map(([pool, groups]) => {
    const nodes = groups.flatMap((group) => nodesOf(snapshot, group));
    const room = total(nodes.map(allocatableOf));
    const asked = total(nodes.flatMap((node) => podsOn(snapshot, node).map(({ spec }) => requestsOf(spec))));
    const share = (resource: keyof typeof room) => (room[resource] === 0 ? 0 : asked[resource] / room[resource]);
    return {
      pool,
      nodes: nodes.length,
      added: added[pool] ?? 0,
      cpu: share("cpu"),
      memory: share("memory"),
      pods: share("pods"),
      ...(room.gpu === 0 ? {} : { gpu: share("gpu") }),
    };
  });
}
