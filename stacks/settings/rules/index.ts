import { CAPACITY_RULES } from "./capacity";
import { CLUSTER_RULES } from "./cluster";
import { DURABLE_RULES } from "./durable";
import { EDGE_RULES } from "./edge";
import { EXISTING_RULES } from "./existing";
import { LANGFUSE_RULES } from "./langfuse";
import { LLM_RULES } from "./llm";
import { NETWORK_RULES } from "./network";
import { NODE_KIND_RULES } from "./node-kinds";
import { NODE_POOL_RULES } from "./node-pools";
import type { Rule } from "./rule";
import { STORE_RULES } from "./stores";

/** Everything that must hold between settings. */
export const RULES: readonly Rule[] = [
  ...NETWORK_RULES,
  ...CLUSTER_RULES,
  ...EXISTING_RULES,
  ...NODE_POOL_RULES,
  ...NODE_KIND_RULES,
  ...STORE_RULES,
  ...DURABLE_RULES,
  ...LANGFUSE_RULES,
  ...LLM_RULES,
  ...EDGE_RULES,
  ...CAPACITY_RULES,
];
