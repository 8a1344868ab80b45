import { hasGpus, instanceShape } from "../../../components/internal/instance-types";
import type { Problem } from "../../../components/internal/problems";
import { GPU_POOL_RULES } from "./gpu-pools";
import { rule, when } from "./rule";

const REQUIRED = ["system", "cpu"] as const;

const required = rule(["cluster", "nodePools", "clickhouse"], ({ cluster, nodePools, clickhouse }) => {
  if (cluster.create === undefined) return [];
  const names = [...REQUIRED, ...(clickhouse.create === undefined ? [] : ["data"])];
  return names.flatMap((name) =>
    when(nodePools[name] === undefined, {
      path: `nodePools.${name}`,
      rule: "is required for a new cluster: a part of the platform runs nowhere else",
      fix: `Add nodePools.${name} with instanceType, minSize and maxSize.`,
    }),
  );
});

const bounds = rule(["nodePools"], ({ nodePools }) =>
  Object.entries(nodePools).flatMap(([name, pool]): Problem[] => {
    const path = `nodePools.${name}`;
    const { minSize, maxSize, desiredSize, resize } = pool;
    return [
      ...when(minSize > maxSize, {
        path: `${path}.minSize`,
        rule: `must not be above maxSize (${maxSize})`,
        got: minSize,
        fix: "Raise maxSize or lower minSize.",
      }),
      ...when(desiredSize !== undefined && minSize <= maxSize && (desiredSize < minSize || desiredSize > maxSize), {
        path: `${path}.desiredSize`,
        rule: `must be between minSize and maxSize (${minSize} to ${maxSize})`,
        got: desiredSize,
        fix: "Change it, or leave it out.",
      }),
      ...when(resize && desiredSize === undefined, {
        path: `${path}.resize`,
        rule: "must come with desiredSize, the size to go to",
        got: resize,
        fix: "Add desiredSize, or remove resize.",
      }),
    ];
  }),
);

const standing = rule(["cluster", "nodePools"], ({ cluster, nodePools }) =>
  [...REQUIRED, "data"].flatMap((name) =>
    when(cluster.create !== undefined && nodePools[name]?.minSize === 0, {
      path: `nodePools.${name}.minSize`,
      rule: "must be at least 1: the platform runs there all the time",
      got: 0,
      fix: "Raise it to 1 or more.",
    }),
  ),
);

const zonal = rule(["nodePools", "clickhouse", "monitoring"], ({ nodePools, clickhouse, monitoring }) => {
  const owners = [
    ...(clickhouse.create === undefined ? [] : ["ClickHouse"]),
    ...(monitoring.prometheus.enabled ? ["Prometheus"] : []),
  ];
  // Without ClickHouse the pool may be left out; Prometheus then runs among the controllers.
  const name = clickhouse.create === undefined && nodePools.data === undefined ? "system" : "data";
  return when(owners.length > 0 && nodePools[name]?.perZone === false, {
    path: `nodePools.${name}.perZone`,
    rule: `must be true: volumes of ${owners.join(" and ")} lie in one zone each, and the autoscaler cannot choose a zone otherwise`,
    got: false,
    fix: "Set it to true; minSize and maxSize then count in each zone.",
  });
});

const spot = rule(["nodePools"], ({ nodePools }) =>
  ["system", "data"].flatMap((name) =>
    when(nodePools[name]?.capacityType === "spot", {
      path: `nodePools.${name}.capacityType`,
      rule: "must not be spot: what runs there does not survive losing its machine at two minutes' notice",
      got: "spot",
      fix: "Choose onDemand; other pools may be spot.",
    }),
  ),
);

const alike = rule(["nodePools"], ({ nodePools }) =>
  Object.entries(nodePools).flatMap(([name, { instanceTypes }]) => {
    const shapes = instanceTypes.flatMap((type) => instanceShape(type) ?? []);
    const kinds = new Set(
      shapes.map(({ architecture, gpu }) => `${architecture} ${gpu?.count ?? 0} ${gpu?.model ?? ""}`),
    );
    const withGpus = instanceTypes.filter(hasGpus).length;
    return when(kinds.size > 1 || (withGpus > 0 && withGpus < instanceTypes.length), {
      path: `nodePools.${name}.instanceTypes`,
      rule: "must be types of one architecture with the same GPUs: a pool has one machine image, and the autoscaler takes its machines for alike",
      got: instanceTypes,
      fix: "Make a pool for each kind.",
    });
  }),
);

/** Pools whose label is not their name. */
const OTHER_LABELS = { cpu: "general", gpu: "llm-inference" };

const names = rule(["nodePools"], ({ nodePools }) =>
  Object.entries(OTHER_LABELS).flatMap(([pool, label]) =>
    when(nodePools[label] !== undefined, {
      path: `nodePools.${label}`,
      rule: `must have another name: pool ${pool} carries workload-type: ${label}, and its pods would run here too`,
      fix: "Rename the pool.",
    }),
  ),
);

const zones = rule(["network", "nodePools"], ({ network, nodePools }) => {
  const known = (network?.create ?? network?.existing)?.zones;
  if (known === undefined) return [];
  return Object.entries(nodePools).flatMap(([name, pool]) => {
    const strange = (pool.zones ?? []).filter((zone) => !known.includes(zone));
    return when(strange.length > 0, {
      path: `nodePools.${name}.zones`,
      rule: `must be zones of the network, written as there (${known.join(", ")})`,
      got: strange,
      fix: "Correct them, or leave zones out for all.",
    });
  });
});

export const NODE_POOL_RULES = [required, bounds, standing, zonal, spot, alike, names, zones, ...GPU_POOL_RULES];
