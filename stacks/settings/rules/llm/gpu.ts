import { sharingProblems } from "../../../../components/internal/gpu-sharing";
import { instanceShape } from "../../../../components/internal/instance-types";
import type { Problem } from "../../../../components/internal/problems";
import { gpuPools, type PlacedModel, poolOfModel } from "../../gpu-pools";
import { type Rule, rule, when } from "../rule";

const sharedPools = rule(["llm", "nodePools"], ({ llm, nodePools }) => {
  const known = gpuPools(nodePools);
  return Object.entries(llm.gpu.sharing).flatMap(([name, sharing]): Problem[] => {
    const path = `llm.gpu.sharing.${name}`;
    if (!known.includes(name)) {
      return [
        {
          path,
          rule: `must be a pool with GPUs (${known.length === 0 ? "nodePools has none" : known.join(", ")})`,
          fix: "Correct the name, or remove it.",
        },
      ];
    }
    const types = nodePools[name]?.instanceTypes ?? [];
    return sharingProblems(
      path,
      sharing,
      types.flatMap((type) => instanceShape(type)?.gpu?.model ?? []),
    );
  });
});

const modelPools = rule(["cluster", "llm", "nodePools"], ({ cluster, llm, nodePools }) => {
  const known = gpuPools(nodePools);
  if (!llm.enabled || cluster.existing !== undefined) return [];
  return Object.entries<PlacedModel>(llm.models).flatMap(([server, model]) => {
    const pool = poolOfModel(model);
    // Machines that we know are judged with the model that is to fit on them.
    const isJudged = nodePools[pool]?.instanceTypes.some((type) => instanceShape(type) !== undefined) ?? false;
    return when(!known.includes(pool) && !isJudged, {
      path: `llm.models.${server}.nodePool`,
      rule: `must be a pool with GPUs (${known.length === 0 ? "nodePools has none" : known.join(", ")})`,
      got: pool,
      fix: `Name one of them, or add nodePools.${pool} with a type that has GPUs.`,
    });
  });
});

const wholeResource = rule(["llm"], ({ llm }) => {
  if (!llm.enabled) return [];
  return Object.entries<PlacedModel>(llm.models).flatMap(([server, model]) => {
    const pool = poolOfModel(model);
    return when(llm.gpu.sharing[pool]?.mig?.strategy === "mixed", {
      path: `llm.gpu.sharing.${pool}.mig.strategy`,
      rule: `must be single where a model server runs (${server}): it asks for nvidia.com/gpu, which mixed does not offer`,
      got: "mixed",
      fix: "Set it to single, or give the server another pool.",
    });
  });
});

export const GPU_RULES: readonly Rule[] = [sharedPools, modelPools, wholeResource];
