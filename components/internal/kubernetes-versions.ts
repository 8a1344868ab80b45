/** What we know of a Kubernetes minor on EKS. */
export interface KubernetesVersion {
  /** Last day of standard support, ISO date; after it EKS upgrades a cluster with upgrade policy STANDARD by itself. */
  readonly standardSupportUntil: string;
  /** Last day of extended (paid) support, ISO date. */
  readonly extendedSupportUntil: string;
}

/** The minors that the platform's charts, add-ons and images are pinned for. */
export const KUBERNETES_VERSIONS = {
  "1.34": { standardSupportUntil: "2026-12-02", extendedSupportUntil: "2027-12-02" },
  "1.35": { standardSupportUntil: "2027-03-27", extendedSupportUntil: "2028-03-27" },
  "1.36": { standardSupportUntil: "2027-08-02", extendedSupportUntil: "2028-08-02" },
} as const satisfies Record<string, KubernetesVersion>;

/** A minor of `KUBERNETES_VERSIONS`, e.g. `1.35`. */
export type KubernetesMinor = keyof typeof KUBERNETES_VERSIONS;

/** The minors, oldest first. */
export const KUBERNETES_MINORS = Object.keys(KUBERNETES_VERSIONS) as KubernetesMinor[];
