import { ModelColor } from "../../../../components/delivery/model-blue-green-args";
import { coloredName } from "../../../../components/delivery/model-blue-green-colors";
import type { Problem } from "../../../../components/internal/problems";
import { modelServerProblems } from "../../../../components/llm/model-server-checks";
import { coloredVersions } from "../../colored-models";
import { modelServerArguments, storedName } from "../../model-server";
import { type Rule, rule, when } from "../rule";

/** A colour's version is no server's, so that nobody brings it into the store unasked. */
const versions = rule(["llm"], ({ llm }) => {
  if (!llm.enabled || llm.store.bucket.existing !== undefined) return [];
  return Object.entries(llm.models).flatMap(([server, settings]) => {
    if (settings.weights.kind === "image") return [];
    const model = storedName(server, settings);
    return Object.values(ModelColor).flatMap((color): Problem[] => {
      const version = settings.delivery.blueGreen?.[color]?.version;
      if (version === undefined || !coloredVersions(settings).includes(version)) return [];
      const path = `llm.models.${server}.delivery.blueGreen.${color}.version`;
      const imported = llm.store.imports.some((each) => each.model === model && each.version === version);
      return [
        ...when(!imported, {
          path,
          rule: `must be a version of ${model} that llm.store.imports brings`,
          got: version,
          fix: `Add { model: ${model}, version: "${version}", source: … } to llm.store.imports.`,
        }),
        ...when(settings.weights.kind === "efs", {
          path,
          rule: "must be left out with weights of kind efs: only the server's own version is copied there",
          got: version,
          fix: "Use s3Streamer or s3Mount.",
        }),
      ];
    });
  });
});

/** The checks of the component itself, of what a colour has of its own. */
const engines = rule(["llm", "nodePools"], ({ llm, nodePools }) => {
  if (!llm.enabled) return [];
  return Object.entries(llm.models).flatMap(([server, settings]) =>
    Object.values(ModelColor).flatMap((color): Problem[] => {
      const engine = settings.delivery.blueGreen?.[color]?.engine;
      if (engine === undefined) return [];
      const sections = { llm, nodePools };
      const own = modelServerProblems(modelServerArguments(server, settings, sections)).map(({ rule }) => rule);
      const colored = modelServerArguments(coloredName(server, color), { ...settings, engine }, sections);
      return modelServerProblems(colored)
        .filter((problem) => !own.includes(problem.rule))
        .map((problem) => ({
          ...problem,
          path: `llm.models.${server}.delivery.blueGreen.${color}.${problem.path.startsWith("engine") ? problem.path : "engine"}`,
        }));
    }),
  );
});

export const COLOR_RULES: readonly Rule[] = [versions, engines];
