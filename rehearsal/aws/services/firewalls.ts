import type { CheckResult, Properties } from "../../providers/provider";
import { freshHex } from "../identifiers";
import type { RuleTable } from "../resource";
import { known, only } from "./stores";

const WINDOWS = [60, 120, 300, 600];

/** Web application firewalls. Which load balancer asks one is told by Ingresses, not here. */
export const FIREWALL_RULES: RuleTable = {
  "aws:wafv2/webAcl:WebAcl": {
    name: { property: "name" },
    replaces: ["scope"],
    tagged: true,
    check: checkRules,
    unique: {
      key: ({ name, scope }) => `${scope} ${name}`,
      message: ({ physicalName }) =>
        `WAFDuplicateItemException: AWS WAF couldn't perform the operation because there is a web ACL ${physicalName} already.`,
    },
    computed: ({ physicalName }, cloud) => {
      const id = [8, 4, 4, 4, 12].map((digits) => freshHex(digits)).join("-");
      return { id, arn: `arn:aws:wafv2:${cloud.region}:${cloud.account}:regional/webacl/${physicalName}/${id}` };
    },
    missing: (value) => `WAFNonexistentItemException: AWS WAF couldn't find ${value}.`,
  },
};

/** What the service says of rules that count. */
function checkRules({ rules = [] }: Properties): CheckResult["failures"] {
  return (rules as Properties[]).flatMap(({ priority, statement }, index) => {
    const { limit, evaluationWindowSec } = statement?.rateBasedStatement ?? {};
    const path = `rules[${index}]`;
    return only([
      known(limit) &&
        !(limit >= 10 && limit <= 2_000_000_000) && {
          property: `${path}.statement.rateBasedStatement.limit`,
          reason: `expected to be in the range (10 - 2000000000), got ${limit}`,
        },
      known(evaluationWindowSec) &&
        !WINDOWS.includes(evaluationWindowSec) && {
          property: `${path}.statement.rateBasedStatement.evaluationWindowSec`,
          reason: `expected one of ${WINDOWS.join(", ")}, got ${evaluationWindowSec}`,
        },
      (rules as Properties[]).findIndex((other) => other.priority === priority) !== index && {
        property: `${path}.priority`,
        reason: `WAFInvalidParameterException: priority ${priority} is that of another rule`,
      },
    ]);
  });
}
