import { changesIn } from "../engine/request";
import type { Stage } from "../stage";
import { type Verdict, verdict } from "../verdict";
import { counts, failuresOf, stepLine, unexpected } from "./drill";

const POOL = "cpu";

/** On a deployed stack: the autoscaler has added a node, then the pool's upper bound moves. The node stays. */
export async function poolBounds(stage: Stage): Promise<Verdict[]> {
  const [group] = stage.cloud.nodeGroups().filter(({ pool }) => pool === `pool-${POOL}`);
  if (group === undefined) throw new Error(`the stack has no pool ${POOL}`);
  const grown = group.size + 1;
  await stage.cloud.setDesiredSize(group.name, grown);
  stage.change({ [`nodePools.${POOL}.maxSize`]: Number(stage.setting(`nodePools.${POOL}.maxSize`)) + 1 });
  const up = await stage.run("up", { options: { refresh: true } });
  const now = stage.cloud.nodeGroups().find(({ name }) => name === group.name);
  const title = "a pool's bound changes and live nodes stay";
  return [
    verdict(
      title,
      `${group.size} → ${grown} → ${now?.size ?? 0} nodes, bound ${group.maxSize} → ${now?.maxSize ?? 0}`,
      [
        ...unexpected(up, ({ type, op }) => op === "update" && /nodeGroup|autoscaling/.test(type)),
        ...(now?.size === grown ? [] : [`${group.name} has ${now?.size ?? 0} nodes in place of ${grown}`]),
        ...(now?.maxSize === group.maxSize + 1 ? [] : [`the bound of ${group.name} did not move`]),
      ],
    ),
  ];
}

/** On a deployed stack: the cluster gets another endpoint and certificate authority. No Kubernetes object is replaced. */
export async function endpointChange(stage: Stage): Promise<Verdict[]> {
  stage.moveEndpoint();
  const up = await stage.run("up", { options: { refresh: true } });
  const lost = changesIn(up).filter(({ op, type }) => /replace|delete|create/.test(op) && /kubernetes/.test(type));
  const moved = changesIn(up).some(({ type, op }) => type === "pulumi:providers:kubernetes" && op === "update");
  return [
    verdict("a new cluster endpoint and CA replace no Kubernetes object", counts(up), [
      ...failuresOf(up),
      ...lost.map((step) => `unexpected: ${stepLine(step)}`),
      ...(moved ? [] : ["the Kubernetes provider did not notice that the endpoint moved"]),
    ]),
  ];
}
