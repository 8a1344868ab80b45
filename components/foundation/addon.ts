import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import { type Addons, addonVersion } from "../internal/addon-versions";
import type { KubernetesMinor } from "../internal/kubernetes-versions";
import { stableJson } from "../internal/stable-json";

/** One EKS add-on. */
export interface AddonSettings {
  readonly addon: Addons;
  readonly clusterName: pulumi.Input<string>;
  readonly minor: KubernetesMinor;
  /** Versions of the caller's choice by add-on. */
  readonly versions: Record<string, string> | undefined;
  /** Configuration by the add-on's own schema; EKS refuses unknown keys. */
  readonly configuration?: Record<string, unknown>;
  /** Whether its pods stay in the cluster when the add-on goes. Default false. */
  readonly preserve?: boolean;
}

/** Makes an EKS add-on at an exact version; what it finds of itself in the cluster it takes over. */
export function createAddon(name: string, settings: AddonSettings, opts: pulumi.CustomResourceOptions): aws.eks.Addon {
  const configuration = settings.configuration ?? {};
  return new aws.eks.Addon(
    name,
    {
      clusterName: settings.clusterName,
      addonName: settings.addon,
      addonVersion: addonVersion(settings.minor, settings.addon, settings.versions),
      resolveConflictsOnCreate: "OVERWRITE",
      resolveConflictsOnUpdate: "OVERWRITE",
      ...(settings.preserve ? { preserve: true } : {}),
      ...(Object.keys(configuration).length === 0 ? {} : { configurationValues: stableJson(configuration) }),
    },
    opts,
  );
}
