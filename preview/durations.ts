import { MODEL_IMPORT_LABEL, MODEL_SERVER_LABEL } from "../components/llm/model-names";
import { isCreated } from "./plan";
import type { RecordedResource } from "./recorder";

/** Minutes that creating one resource typically takes, as AWS and the charts publish or as is commonly seen; an estimate. */
const MINUTES: Record<string, number> = {
  "aws:ec2/vpc:Vpc": 0.3,
  "aws:ec2/subnet:Subnet": 0.2,
  "aws:ec2/natGateway:NatGateway": 2,
  "aws:eks/cluster:Cluster": 9,
  "aws:eks/nodeGroup:NodeGroup": 3,
  "aws:eks/addon:Addon": 1,
  // The component waits a quarter of a minute for it to spread.
  "aws:eks/podIdentityAssociation:PodIdentityAssociation": 0.3,
  "aws:rds/instance:Instance": 12,
  "aws:elasticache/replicationGroup:ReplicationGroup": 9,
  "aws:efs/fileSystem:FileSystem": 0.5,
  "kubernetes:helm.sh/v3:Release": 1,
  "kubernetes:clickhouse-keeper.altinity.com/v1:ClickHouseKeeperInstallation": 2,
  "kubernetes:clickhouse.altinity.com/v1:ClickHouseInstallation": 4,
};

/** Helm releases that take longer than a controller's one minute, by chart. */
const RELEASE_MINUTES: Record<string, number> = { "kube-prometheus-stack": 2, langfuse: 2 };

/** A database migration takes longer than other Jobs. */
const MIGRATION_MINUTES = 2;

/** Machines with GPUs join, the image is pulled, and weights go into GPU memory before a server answers. */
const MODEL_SERVER_MINUTES = 10;

/** Tens of gigabytes from the internet into S3, at the speed of a NAT gateway; an import knows no better figure beforehand. */
const MODEL_IMPORT_MINUTES = 5;

const WORKLOADS = [
  "kubernetes:apps/v1:Deployment",
  "kubernetes:apps/v1:StatefulSet",
  "kubernetes:leaderworkerset.x-k8s.io/v1:LeaderWorkerSet",
];

/** Everything else: an API call or two. */
const OTHER_MINUTES = 0.05;

/** Estimated minutes to create `resource`; components take no time of their own. */
export function creationMinutes(resource: RecordedResource): number {
  if (!isCreated(resource)) return 0;
  if (resource.type === "kubernetes:helm.sh/v3:Release") {
    const chart = String(resource.inputs.chart ?? "");
    const slow = Object.keys(RELEASE_MINUTES).find(
      (name) => chart === name || chart.endsWith(`/${name}`) || chart.includes(`/${name}-`),
    );
    if (slow !== undefined) return RELEASE_MINUTES[slow] ?? 1;
  }
  if (resource.type === "kubernetes:batch/v1:Job" && resource.name.includes("migration")) return MIGRATION_MINUTES;
  const labels = labelsOf(resource);
  if (WORKLOADS.includes(resource.type) && MODEL_SERVER_LABEL in labels) return MODEL_SERVER_MINUTES;
  if (resource.type === "kubernetes:batch/v1:Job" && MODEL_IMPORT_LABEL in labels) return MODEL_IMPORT_MINUTES;
  return MINUTES[resource.type] ?? OTHER_MINUTES;
}

/** Labels of a Kubernetes object; none of anything else. */
function labelsOf({ inputs }: RecordedResource): Readonly<Record<string, unknown>> {
  return (inputs.metadata as { labels?: Record<string, unknown> } | undefined)?.labels ?? {};
}
