import { DNS_LABEL } from "../internal/names";
import { Problems } from "../internal/problems";
import { mebibytes } from "../internal/quantities";
import type { ModelVolumeArgs } from "./model-volume";

/** Throws one error with everything that is wrong. */
export function checkModelVolumeArgs(name: string, args: ModelVolumeArgs): void {
  const problems = new Problems();
  const { s3Mount, efs, fsxLustre } = args;
  problems.exactlyOne("args", { s3Mount, efs, fsxLustre });
  problems.check(DNS_LABEL.test(args.claimName), {
    path: "claimName",
    rule: "must be a DNS label",
    got: args.claimName,
    fix: "Name it like llm-model-pvc.",
  });
  const sizes = { "efs.size": efs?.size, "fsxLustre.size": fsxLustre?.size, "s3Mount.cacheSize": s3Mount?.cacheSize };
  for (const [path, size] of Object.entries(sizes)) {
    problems.check(size === undefined || mebibytes(size) >= 1024, {
      path,
      rule: "must be an amount of storage of at least 1Gi",
      got: size,
      fix: "Write it like 200Gi.",
    });
  }
  problems.throwIfAny("ModelVolume", name);
}
