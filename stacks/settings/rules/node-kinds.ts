import { GPU_TAINT, hasGpus } from "../../../components/internal/instance-types";
import type { Problem } from "../../../components/internal/problems";
import { pathText } from "../translate";
import { rule, when } from "./rule";

/** Pools that the platform's own pods run on. */
const OWN_POOLS = ["system", "cpu", "data"];

/** Labels by which workloads and the autoscaler find a pool, and device plugins its devices. */
const OWN_LABELS = [
  "node-type",
  "workload-type",
  "k8s.amazonaws.com/accelerator",
  "nvidia.com/gpu.present",
  "nvidia.com/device-plugin.config",
  "nvidia.com/mps.capable",
  "vpc.amazonaws.com/efa.present",
];

const gpus = rule(["nodePools"], ({ nodePools }) =>
  Object.entries(nodePools).flatMap(([name, { instanceTypes }]): Problem[] => {
    const [type] = instanceTypes;
    const path = `nodePools.${name}.${instanceTypes.length === 1 ? "instanceType" : "instanceTypes"}`;
    const got = instanceTypes.length === 1 ? type : instanceTypes;
    return [
      ...when(OWN_POOLS.includes(name) && instanceTypes.every(hasGpus), {
        path,
        rule: "must be without GPUs: the platform's own pods run there, and GPU machines keep them away",
        got,
        fix: "Choose another type; GPUs go into a pool of another name.",
      }),
      ...when(name === "gpu" && !instanceTypes.some(hasGpus), {
        path,
        rule: "must have GPUs in pool gpu",
        got,
        fix: "Choose a g6e, g6, g5, p4d or p5 type, or rename the pool.",
      }),
    ];
  }),
);

const labels = rule(["nodePools"], ({ nodePools }) =>
  Object.entries(nodePools).flatMap(([name, pool]) =>
    OWN_LABELS.flatMap((label) =>
      when(Object.hasOwn(pool.labels, label), {
        path: pathText("nodePools", [name, "labels", label]),
        rule: "must be left to the platform: workloads and the autoscaler find the pool by it",
        got: pool.labels[label],
        fix: "Remove it, or take another key.",
      }),
    ),
  ),
);

const taints = rule(["nodePools"], ({ nodePools }) =>
  Object.entries(nodePools).flatMap(([name, { instanceTypes, taints }]): Problem[] => {
    const keys = taints.map(({ key, effect }) => `${key}:${effect}`);
    if (OWN_POOLS.includes(name)) {
      return when(keys.length > 0, {
        path: `nodePools.${name}.taints`,
        rule: `must be left out: the platform's own pods, which tolerate none of yours, would stay pending; pools other than ${OWN_POOLS.join(", ")} may be tainted`,
        got: keys,
        fix: "Remove them, or make a pool of another name.",
      });
    }
    const own = instanceTypes.some(hasGpus) ? [`${GPU_TAINT.key}:${GPU_TAINT.effect}`] : [];
    return keys.flatMap((key, index) =>
      when([...own, ...keys.slice(0, index)].includes(key), {
        path: `nodePools.${name}.taints[${index}]`,
        rule: "must name each key with an effect once",
        got: key,
        fix: own.includes(key) ? "Remove it: machines with GPUs carry it already." : "Remove the repetition.",
      }),
    );
  }),
);

export const NODE_KIND_RULES = [gpus, labels, taints];
