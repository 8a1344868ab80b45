import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { CHARTS, chartSource } from "../internal/charts";
import { after, ready } from "../internal/gates";
import type { Mirrors } from "../internal/mirrors";
import type { ContainerResources, Placement } from "../internal/pods";
import { checkExternalSecretsArgs } from "./external-secrets-checks";
import { externalSecret, secretStore } from "./external-secrets-objects";
import { externalSecretsValues } from "./external-secrets-values";

export interface ExternalSecretsArgs {
  /** Namespace of the operator; it exists. Changing it replaces the release. */
  readonly namespace: pulumi.Input<string>;
  /** Region of Secrets Manager. */
  readonly region: pulumi.Input<string>;
  /** Name of the ClusterSecretStore. Default `aws-secrets-manager`. */
  readonly storeName?: string;
  /**
   * Kubernetes Secrets that are filled from Secrets Manager, by a short name that stays; at least one. Their namespaces are
   * the only ones that may use the store.
   */
  readonly secrets: Record<string, ExternalSecretArgs>;
  /** Pods of operator and webhook each; from 2 on with a leader and disruption budgets. Default 2. */
  readonly replicas?: number;
  /** Requests and limits of each pod. Default 50m/128Mi to 500m/512Mi. */
  readonly resources?: ContainerResources;
  /** Where the pods run. Default anywhere. */
  readonly placement?: Placement;
  /** PriorityClass of the pods. Default the cluster's. */
  readonly priorityClassName?: pulumi.Input<string>;
  /** Where chart and images come from. Default their public homes. */
  readonly mirrors?: Mirrors;
  /**
   * Gate: the operator's identity exists, for the ServiceAccount `external-secrets` and with a policy like
   * `externalSecretsPolicy`. Pods admitted before never get credentials.
   */
  readonly identityReady?: pulumi.Input<string>;
  /** Gate: policies that let the operator reach the API server and AWS, and the API server its webhook, are in place. */
  readonly policiesReady?: pulumi.Input<string>;
  /** Gate: the values in Secrets Manager are written. */
  readonly sourceReady?: pulumi.Input<string>;
}

/** One Kubernetes Secret filled from one JSON secret in Secrets Manager. */
export interface ExternalSecretArgs {
  /** Namespace of the Kubernetes Secret; it exists. Only namespaces named here may use the store. */
  readonly namespace: pulumi.Input<string>;
  /** Name of the Kubernetes Secret, which nobody else manages. */
  readonly secretName: pulumi.Input<string>;
  /** ARN of the secret in Secrets Manager, e.g. that of a recovery copy. */
  readonly sourceArn: pulumi.Input<string>;
  /** Property of the JSON secret by key of the Kubernetes Secret, e.g. `{ "encryption-key": "encryptionKey" }`. */
  readonly keys: Record<string, string>;
  /** How often the value is read again, as a duration. Default `1h`. */
  readonly refreshInterval?: pulumi.Input<string>;
}

/**
 * External Secrets: the operator's release, one store for Secrets Manager that the operator's own identity opens, and
 * ExternalSecrets that fill Kubernetes Secrets from it. Identity and values in Secrets Manager are not made here. One per
 * cluster: the custom resource definitions are cluster-wide, and outlive the release.
 */
export class ExternalSecrets extends pulumi.ComponentResource {
  /** For ExternalSecrets made elsewhere. */
  readonly storeName: pulumi.Output<string>;
  /** Gate: the operator and its webhook run, and the store is open. */
  readonly ready: pulumi.Output<string>;
  /** Gate: the Kubernetes Secrets are filled. */
  readonly secretsReady: pulumi.Output<string>;

  constructor(name: string, args: ExternalSecretsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("llm-platform:index:ExternalSecrets", name, {}, opts);
    checkExternalSecretsArgs(name, args);
    const release = new kubernetes.helm.v3.Release(
      `${name}-release`,
      {
        ...chartSource(CHARTS.externalSecrets, args.mirrors),
        name: "external-secrets",
        namespace: args.namespace,
        timeout: 600,
        waitForJobs: true,
        cleanupOnFail: true,
        values: externalSecretsValues(args),
      },
      {
        parent: this,
        dependsOn: after(args.identityReady, args.policiesReady),
        customTimeouts: { create: "15m", update: "15m", delete: "15m" },
      },
    );
    const entries = Object.entries(args.secrets);
    const store = secretStore(
      name,
      {
        storeName: args.storeName ?? DEFAULT_STORE,
        region: args.region,
        namespaces: entries.map(([, secret]) => secret.namespace),
      },
      { parent: this, dependsOn: [release] },
    );
    const filled = entries.map(([key, secret]) =>
      externalSecret(`${name}-secret-${key}`, store.metadata.name, secret, {
        parent: this,
        dependsOn: after(ready([store]), args.sourceReady),
      }),
    );
    this.storeName = store.metadata.name;
    this.ready = ready([release, store]);
    this.secretsReady = ready(filled);
    this.registerOutputs({ storeName: this.storeName, ready: this.ready, secretsReady: this.secretsReady });
  }
}

const DEFAULT_STORE = "aws-secrets-manager";
