import { DNS_LABEL } from "../internal/names";
import { type Problem, Problems } from "../internal/problems";
import type { ModelPromotionArgs, ModelStoreArgs } from "./model-store";

/** A version as the store has it in its paths. */
export const MODEL_VERSION = /^[0-9a-z]([0-9a-z.-]{0,30}[0-9a-z])?$/;

const MOMENT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$/;

/** What is wrong with the name and the version of a model; paths begin with `path`, when there is one. */
export function modelVersionProblems(path: string, { model, version }: { model: string; version: string }): Problem[] {
  const at = (key: string) => (path === "" ? key : `${path}.${key}`);
  return [
    ...(DNS_LABEL.test(model)
      ? []
      : [
          {
            path: at("model"),
            rule: "must be a DNS label: at most 63 lower-case letters, digits and dashes",
            got: model,
            fix: "Rename it.",
          },
        ]),
    ...(MODEL_VERSION.test(version)
      ? []
      : [
          {
            path: at("version"),
            rule: "must be at most 32 lower-case letters, digits, dots and dashes",
            got: version,
            fix: "Write it like 1 or 2024-11.",
          },
        ]),
  ];
}

/** Throws one error with everything that is wrong. */
export function checkModelStoreArgs(name: string, args: ModelStoreArgs): void {
  const problems = new Problems();
  problems.exactlyOne("args", { create: args.create, existing: args.existing });
  problems.check(DNS_LABEL.test(args.environment), {
    path: "environment",
    rule: "must be a DNS label, since promotions are kept under it",
    got: args.environment,
    fix: "Name it like prod.",
  });
  const promotions = args.promotions ?? [];
  for (const [index, promotion] of promotions.entries()) checkPromotion(problems, promotions, promotion, index);
  problems.throwIfAny("ModelStore", name);
}

function checkPromotion(
  problems: Problems,
  all: readonly ModelPromotionArgs[],
  promotion: ModelPromotionArgs,
  index: number,
): void {
  const path = `promotions[${index}]`;
  for (const problem of modelVersionProblems(path, promotion)) problems.check(false, problem);
  const first = all.findIndex(({ model, version }) => model === promotion.model && version === promotion.version);
  problems.check(first === index, {
    path,
    rule: "must name each version once",
    got: `${promotion.model} v${promotion.version}`,
    fix: `Remove it: promotions[${first}] is of the same.`,
  });
  problems.check(promotion.promotedBy.trim() !== "", {
    path: `${path}.promotedBy`,
    rule: "must say who promoted it",
    fix: "Write a name or an address.",
  });
  problems.check(MOMENT.test(promotion.time) && !Number.isNaN(Date.parse(promotion.time)), {
    path: `${path}.time`,
    rule: "must be a moment in UTC",
    got: promotion.time,
    fix: "Write it like 2026-11-25T09:30:00Z.",
  });
}
