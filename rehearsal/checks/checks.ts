import { type Verdict, verdict } from "../verdict";
import { checkAccepted } from "./accepted";
import type { Check, CheckContext } from "./context";
import { checkDisruptionBudgets } from "./disruption-budgets";
import { checkEvictions } from "./evictions";
import { checkHeadroom } from "./headroom";
import { checkMonitors } from "./monitors";
import { checkOpenSecrets } from "./open-secrets";
import { checkPinnedImages } from "./pinned-images";
import { checkPodIdentity } from "./pod-identity";
import { checkPodSecurity } from "./pod-security-check";
import { checkReady } from "./ready";
import { checkReferences } from "./references";
import { checkRoutes } from "./routes";
import { checkAutoscalers } from "./scale-targets";
import { checkSelections } from "./selections";
import { checkServices } from "./services";
import { checkSpread } from "./spread";
import { checkUtilisation } from "./utilisation";
import { checkWebhooks } from "./webhooks";

/** In the order of the table. The last one evicts pods: the others judge the cluster as `up` left it. */
const CHECKS: readonly Check[] = [
  checkAccepted,
  checkPodSecurity,
  checkReady,
  checkUtilisation,
  checkHeadroom,
  checkSpread,
  checkSelections,
  checkServices,
  checkMonitors,
  checkRoutes,
  checkAutoscalers,
  checkReferences,
  checkWebhooks,
  checkOpenSecrets,
  checkPodIdentity,
  checkPinnedImages,
  checkDisruptionBudgets,
  checkEvictions,
];

/** Judges what `up` has made. A check that breaks has failed, and the others go on. */
export async function runChecks(context: CheckContext): Promise<Verdict[]> {
  const verdicts: Verdict[] = [];
  for (const check of CHECKS) {
    try {
      verdicts.push(...(await check(context)));
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      verdicts.push(verdict(check.name, "broke off", [`${check.name} could not finish: ${message}`]));
    }
  }
  return verdicts;
}
