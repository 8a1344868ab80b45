import type { Cloud } from "../cloud";
import type { LiveResource, RuleTable } from "../resource";

const LOG_GROUP = "aws:cloudwatch/logGroup:LogGroup";

/** CloudWatch Logs. */
export const LOG_RULES: RuleTable = {
  [LOG_GROUP]: {
    name: { property: "name", longest: 512 },
    replaces: ["logGroupClass"],
    tagged: true,
    computed: ({ physicalName }, cloud) => ({
      id: physicalName,
      arn: `arn:aws:logs:${cloud.region}:${cloud.account}:log-group:${physicalName}`,
    }),
    unique: {
      key: ({ name }) => `${name}`,
      message: ({ physicalName }) =>
        `ResourceAlreadyExistsException: The specified log group already exists: ${physicalName}`,
    },
    check: ({ retentionInDays: days }) =>
      typeof days !== "number" || RETENTIONS.includes(days)
        ? []
        : [{ property: "retentionInDays", reason: `expected one of ${RETENTIONS.join(", ")}, got ${days}` }],
    missing: (value) => `ResourceNotFoundException: The specified log group does not exist: ${value}`,
    gone: keepTakenByWriter,
  },
};

/** Periods that CloudWatch Logs knows, in days. */
const RETENTIONS = [
  0, 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
];

/** Services that make the group of this name whenever they have something to write, and keep it. */
const WRITERS = /^\/aws\/(eks|rds)\//;

/** A group that a service writes to comes back after it was deleted; with EKS even after the cluster itself is gone. */
function keepTakenByWriter({ physicalName }: LiveResource, cloud: Cloud): void {
  const writer = writerOf(physicalName, cloud);
  if (writer !== undefined) {
    cloud.hazards.push(
      `log group ${physicalName} was deleted while ${writer.logicalName} wrote to it, and came back without retention`,
    );
  }
  if (writer !== undefined || physicalName.startsWith("/aws/eks/")) {
    cloud.reserve(LOG_GROUP, physicalName, "its service made it again after it was deleted");
  }
}

function writerOf(group: string, cloud: Cloud): LiveResource | undefined {
  const name = WRITERS.test(group) ? group.split("/").at(-2) : undefined;
  const types = ["aws:eks/cluster:Cluster", "aws:rds/instance:Instance"];
  return types.flatMap((type) => cloud.all(type)).find(({ physicalName }) => physicalName === name);
}

/** What a service does that finds no group to write to: it makes one, which nobody else can make any more. */
export function ensureLogGroup(name: string, cloud: Cloud): void {
  if (cloud.takenBy(LOG_GROUP, name) !== undefined) return;
  cloud.reserve(LOG_GROUP, name, "its service made it, since it was not there when the first line was written");
}
