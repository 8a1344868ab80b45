import type { RuleTable } from "./resource";
import { BUCKET_RULES } from "./services/buckets";
import { CACHE_RULES } from "./services/caches";
import { DATABASE_RULES } from "./services/databases";
import { CLUSTER_RULES } from "./services/eks-cluster";
import { NODE_RULES } from "./services/eks-nodes";
import { ENTRY_RULES } from "./services/entry";
import { FIREWALL_RULES } from "./services/firewalls";
import { GLOBAL_ENTRY_RULES } from "./services/global-entry";
import { IDENTITY_RULES } from "./services/identity";
import { LOG_RULES } from "./services/logs";
import { LUSTRE_RULES } from "./services/lustre";
import { NETWORK_RULES } from "./services/network";
import { SECURITY_GROUP_RULES } from "./services/security-groups";
import { STORAGE_RULES } from "./services/storage";

/** Everything that the stand-in knows about AWS, by type. */
export const RULES: RuleTable = {
  ...NETWORK_RULES,
  ...SECURITY_GROUP_RULES,
  ...IDENTITY_RULES,
  ...LOG_RULES,
  ...CLUSTER_RULES,
  ...NODE_RULES,
  ...DATABASE_RULES,
  ...CACHE_RULES,
  ...BUCKET_RULES,
  ...STORAGE_RULES,
  ...LUSTRE_RULES,
  ...ENTRY_RULES,
  ...FIREWALL_RULES,
  ...GLOBAL_ENTRY_RULES,
};
