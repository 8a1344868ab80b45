import type * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import type { IamSettings, Mirrors, Placement } from "../components";
import { placementOf, type Workload } from "./placement";
import type { Settings } from "./settings";

/** What every room of the composition needs, settled once. */
export interface Context {
  readonly settings: Settings;
  readonly region: string;
  /** Whether data must be hard to lose. */
  readonly durable: boolean;
  readonly mirrors: Mirrors;
  readonly iam: IamSettings;
  /** Where a workload runs. */
  readonly placement: (workload: Workload) => Placement;
}

/** Providers for components, by what they make. */
export interface Providers {
  /** For components that make AWS resources alone. */
  readonly aws: pulumi.ComponentResourceOptions;
  /** For components that make Kubernetes objects alone. */
  readonly kubernetes: pulumi.ComponentResourceOptions;
  /** For components that make both. */
  readonly both: pulumi.ComponentResourceOptions;
}

/** The context of a stack. */
export function contextOf(settings: Settings): Context {
  const pools = settings.cluster.create === undefined ? undefined : settings.nodePools;
  return {
    settings,
    region: settings.aws.region,
    durable: settings.lifecycle === "durable",
    mirrors: { charts: settings.charts.mirror, images: settings.images.mirror },
    iam: { permissionsBoundaryArn: settings.iam.permissionsBoundaryArn, path: settings.iam.path },
    placement: (workload) => placementOf(workload, pools),
  };
}

/** Component options for the AWS provider, and for both once there is a Kubernetes provider. */
export function providersOf(
  awsProvider: aws.Provider | undefined,
  kubernetesProvider: pulumi.ProviderResource,
): Providers {
  const own = awsProvider === undefined ? [] : [awsProvider];
  return {
    aws: { providers: own },
    kubernetes: { providers: [kubernetesProvider] },
    both: { providers: [...own, kubernetesProvider] },
  };
}

/** Whether pods reach what no endpoint in the VPC stands for, such as Route 53. An adopted network is taken to have a way out. */
export function reachesInternet({ network }: Settings): boolean {
  return network?.create?.natGateways !== "none";
}

/** The names by which the world reaches the platform. */
export function publicHosts({ langfuse, llm }: Settings): string[] {
  return [langfuse.host, ...(llm.enabled && llm.host !== undefined ? [llm.host] : [])];
}
