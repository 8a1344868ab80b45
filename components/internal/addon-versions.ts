import { KUBERNETES_MINORS, type KubernetesMinor } from "./kubernetes-versions";
import type { Problems } from "./problems";

/** EKS add-ons of the platform, by their names in EKS. */
export const Addons = {
  VpcCni: "vpc-cni",
  KubeProxy: "kube-proxy",
  PodIdentityAgent: "eks-pod-identity-agent",
  CoreDns: "coredns",
  SnapshotController: "snapshot-controller",
  EbsCsiDriver: "aws-ebs-csi-driver",
  EfsCsiDriver: "aws-efs-csi-driver",
  S3CsiDriver: "aws-mountpoint-s3-csi-driver",
  FsxCsiDriver: "aws-fsx-csi-driver",
  MetricsServer: "metrics-server",
  NodeMonitoringAgent: "eks-node-monitoring-agent",
} as const;
export type Addons = (typeof Addons)[keyof typeof Addons];

/**
 * Add-on versions that serve every minor alike. vpc-cni stays at 1.23.0 or newer: earlier network policy agents drop all
 * traffic of a fresh cluster when policies are on.
 *
 * Which builds EKS offers can only be asked of EKS, and a build may be withdrawn. These were in use on clusters of these
 * minors in 2026; when EKS refuses one, `aws eks describe-addon-versions --kubernetes-version <minor> --addon-name <name>`
 * lists its successors, and `addonVersions` of the components takes one without a change here.
 */
const EVERY_MINOR = {
  "vpc-cni": "v1.23.0-eksbuild.1",
  "eks-pod-identity-agent": "v1.3.10-eksbuild.3",
  "snapshot-controller": "v8.6.0-eksbuild.6",
  "aws-ebs-csi-driver": "v1.65.0-eksbuild.1",
  "aws-efs-csi-driver": "v3.4.1-eksbuild.1",
  "aws-mountpoint-s3-csi-driver": "v2.7.0-eksbuild.1",
  "aws-fsx-csi-driver": "v1.9.0-eksbuild.1",
  "metrics-server": "v0.9.0-eksbuild.11",
  "eks-node-monitoring-agent": "v1.6.7-eksbuild.1",
} as const;

/** Add-on versions by minor. Upgrade vpc-cni one minor at a time. */
export const ADDON_VERSIONS: Readonly<Record<KubernetesMinor, Readonly<Record<Addons, string>>>> = {
  "1.34": { ...EVERY_MINOR, "kube-proxy": "v1.34.6-eksbuild.18", coredns: "v1.13.2-eksbuild.11" },
  "1.35": { ...EVERY_MINOR, "kube-proxy": "v1.35.3-eksbuild.21", coredns: "v1.14.3-eksbuild.16" },
  "1.36": { ...EVERY_MINOR, "kube-proxy": "v1.36.0-eksbuild.25", coredns: "v1.14.3-eksbuild.16" },
};

/** The version of an add-on: the caller's if it names one, else the pinned one. */
export function addonVersion(minor: KubernetesMinor, addon: Addons, overrides: Record<string, string> = {}): string {
  return overrides[addon] ?? ADDON_VERSIONS[minor][addon];
}

/** Notes what is wrong with `kubernetesVersion` and `addonVersions` of a component. */
export function checkVersions(
  problems: Problems,
  kubernetesVersion: string,
  overrides: Record<string, string> | undefined,
): void {
  problems.check((KUBERNETES_MINORS as string[]).includes(kubernetesVersion), {
    path: "kubernetesVersion",
    rule: `must be one of ${KUBERNETES_MINORS.join(", ")}`,
    got: kubernetesVersion,
    fix: "Take a minor that add-ons, charts and images are pinned for.",
  });
  const names: string[] = Object.values(Addons);
  for (const [addon, version] of Object.entries(overrides ?? {})) {
    problems.check(names.includes(addon), {
      path: `addonVersions.${addon}`,
      rule: `must name one of ${names.join(", ")}`,
      fix: "Correct the name, or remove it.",
    });
    problems.check(/^v\d+\.\d+\.\d+-eksbuild\.\d+$/.test(version), {
      path: `addonVersions.${addon}`,
      rule: "must be an exact version like v1.23.0-eksbuild.1",
      got: version,
      fix: "Take one that `aws eks describe-addon-versions` lists for the cluster's minor.",
    });
  }
}
