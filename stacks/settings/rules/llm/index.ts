import type { Rule } from "../rule";
import { AUTOSCALING_RULES } from "./autoscaling";
import { DELIVERY_RULES } from "./delivery";
import { GATEWAY_RULES } from "./gateway";
import { GPU_RULES } from "./gpu";
import { MODEL_RULES } from "./model";
import { SECTION_RULES } from "./section";
import { WEIGHTS_RULES } from "./weights";

/** Everything that must hold of models, and between them and the rest. */
export const LLM_RULES: readonly Rule[] = [
  ...SECTION_RULES,
  ...GPU_RULES,
  ...MODEL_RULES,
  ...WEIGHTS_RULES,
  ...AUTOSCALING_RULES,
  ...GATEWAY_RULES,
  ...DELIVERY_RULES,
];
