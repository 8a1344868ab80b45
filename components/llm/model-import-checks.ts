import { Problems } from "../internal/problems";
import type { ModelImportArgs } from "./model-import";
import { ModelQuantization } from "./model-server-kinds";
import { modelSourceProblems } from "./model-source-checks";
import { modelVersionProblems } from "./model-store-checks";

/** Throws one error with everything that is wrong. */
export function checkModelImportArgs(name: string, args: ModelImportArgs): void {
  const problems = new Problems();
  const { huggingFace, bucket, filePatterns, quantization, deadlineMinutes } = args;
  problems.exactlyOne("args", { huggingFace, bucket });
  for (const problem of [
    ...modelVersionProblems("", args),
    ...modelSourceProblems("", { huggingFace, bucket, filePatterns }, !(args.movingRevision ?? false)),
  ]) {
    problems.check(false, problem);
  }
  const formats: string[] = Object.values(ModelQuantization);
  problems.check(quantization === undefined || formats.includes(quantization), {
    path: "quantization",
    rule: `must be one of ${formats.join(", ")}`,
    got: quantization,
    fix: "Choose one of them, or leave it out.",
  });
  problems.check(
    deadlineMinutes === undefined ||
      (Number.isInteger(deadlineMinutes) && deadlineMinutes >= 10 && deadlineMinutes <= 1440),
    {
      path: "deadlineMinutes",
      rule: "must be a whole number from 10 to 1440",
      got: deadlineMinutes,
      fix: "Correct it; 180 is the default.",
    },
  );
  problems.throwIfAny("ModelImport", name);
}
