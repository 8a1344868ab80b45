import { efaCards, hasCapacityBlocks } from "../../../components/internal/gpu-hardware";
import { hasGpus } from "../../../components/internal/instance-types";
import type { Problem } from "../../../components/internal/problems";
import { gpuPoolsInUse } from "../gpu-pools";
import { zonesOfPool } from "../pool-zones";
import type { ParsedSections } from "../settings";
import { rule, when } from "./rule";

type Pool = ParsedSections["nodePools"][string];

const capacityBlocks = rule(["nodePools"], ({ nodePools }) =>
  Object.entries(nodePools).flatMap(([name, pool]): Problem[] => {
    const { capacityType, capacityBlock, minSize, desiredSize, resize } = pool;
    const path = `nodePools.${name}`;
    const wanted = capacityType === "capacityBlock";
    if (wanted !== (capacityBlock !== undefined)) {
      return [
        {
          path: `${path}.capacityBlock`,
          rule: "must be given exactly when capacityType is capacityBlock",
          got: wanted ? "none" : `capacityType ${capacityType}`,
          fix: wanted ? "Add the block's reservationId." : "Remove it, or set capacityType to capacityBlock.",
        },
      ];
    }
    if (!wanted) return [];
    return [
      ...when(pool.instanceTypes.length !== 1 || !pool.instanceTypes.every(hasCapacityBlocks), {
        path: `${path}.${typesKey(pool)}`,
        rule: "must be the one P type that the capacity block holds",
        got: pool.instanceTypes,
        fix: "Name the block's type alone, e.g. p5.48xlarge.",
      }),
      ...when(minSize !== 0, {
        path: `${path}.minSize`,
        rule: "must be 0 with a capacity block, which has no machines before it begins and none after it ends",
        got: minSize,
        fix: "Set it to 0; once the block has begun the autoscaler starts the machines that pods need.",
      }),
      ...when((desiredSize ?? 0) > 0 && !resize, {
        path: `${path}.desiredSize`,
        rule: "must be 0 with a capacity block unless resize is set",
        got: desiredSize,
        fix: "Leave it out; to start machines by hand once the block has begun, set resize for one run.",
      }),
    ];
  }),
);

const efa = rule(["nodePools"], ({ nodePools }) =>
  Object.entries(nodePools).flatMap(([name, pool]) => {
    const cards = new Set(pool.instanceTypes.map(efaCards));
    const path = `nodePools.${name}`;
    if (!pool.efa) return [];
    if (!pool.instanceTypes.every(hasGpus)) {
      return [
        {
          path: `${path}.efa`,
          rule: "must be false without GPUs: it connects the GPUs of several machines",
          got: true,
          fix: "Remove it, or take a type with GPUs.",
        },
      ];
    }
    return when(cards.size > 1 || cards.has(0), {
      path: `${path}.${typesKey(pool)}`,
      rule: "must be types with the same number of network cards for EFA, at least one",
      got: pool.instanceTypes.map((type) => `${type}: ${efaCards(type)}`).join(", "),
      fix: "Take a g5, g6 or g6e type from 8xlarge on, or a p4d, p5 or p6 type; or remove efa.",
    });
  }),
);

const oneZone = rule(["network", "nodePools"], ({ network, nodePools }) =>
  Object.entries(nodePools).flatMap(([name, pool]) => {
    const reasons = [
      ...(pool.capacityType === "capacityBlock" ? ["a capacity block lies in one zone"] : []),
      ...(pool.efa ? ["machines that EFA connects stand close to each other"] : []),
    ];
    const zones = zonesOfPool(network, pool);
    return when(reasons.length > 0 && zones.length !== 1, {
      path: `nodePools.${name}.zones`,
      rule: `must be exactly one: ${reasons.join(", and ")}`,
      got: zones,
      fix: "Name the one zone.",
    });
  }),
);

const starter = rule(["llm", "nodePools", "autoscaling"], ({ llm, nodePools, autoscaling }) =>
  gpuPoolsInUse({ llm, nodePools }).flatMap((name) =>
    when(!autoscaling.clusterAutoscaler && nodePools[name]?.minSize === 0, {
      path: `nodePools.${name}.minSize`,
      rule: "must be at least 1 with model servers and without the cluster autoscaler: nobody starts the first machine",
      got: 0,
      fix: "Raise it, or set autoscaling.clusterAutoscaler.",
    }),
  ),
);

/** The key under which the user named the types. */
function typesKey({ instanceTypes }: Pool): string {
  return instanceTypes.length === 1 ? "instanceType" : "instanceTypes";
}

export const GPU_POOL_RULES = [capacityBlocks, efa, oneZone, starter];
