import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { ready } from "../internal/gates";
import { stableJson } from "../internal/stable-json";

export interface RecoverySecretArgs {
  /** What the copy is good for, one line, shown in the Secrets Manager console. */
  readonly description: pulumi.Input<string>;
  /** The values by name; all of them are treated as secret. Written as one JSON object with sorted keys. */
  readonly values: pulumi.Input<Record<string, pulumi.Input<string>>>;
  /** ARN of the key that encrypts the copy; a durable copy needs a key that outlives the stack too. */
  readonly kmsKeyArn: pulumi.Input<string>;
  /**
   * Durable: the copy is protected, stays when the stack goes, and waits 30 days before a deletion takes effect.
   * Otherwise it goes at once with the stack.
   */
  readonly durable: boolean;
}

const RECOVERY_WINDOW_DAYS = 30;

/**
 * A copy of generated secrets in Secrets Manager, for the day when the stack's state is lost: state is the only other place
 * where they are kept. Its name is generated, since Secrets Manager blocks the name of a deleted secret for up to 30 days.
 * It does not rotate anything, and nothing in the cluster reads it unless External Secrets is told to.
 */
export class RecoverySecret extends pulumi.ComponentResource {
  /** For people who recover, and for the policy of whoever reads it. */
  readonly secretArn: pulumi.Output<string>;
  /** The generated name, for tools that find secrets by name. */
  readonly secretName: pulumi.Output<string>;
  /** Gate: the values are written. */
  readonly ready: pulumi.Output<string>;

  constructor(name: string, args: RecoverySecretArgs, opts?: pulumi.ComponentResourceOptions) {
    super("llm-platform:index:RecoverySecret", name, {}, opts);
    const secret = new aws.secretsmanager.Secret(
      `${name}-secret`,
      {
        description: args.description,
        kmsKeyId: args.kmsKeyArn,
        recoveryWindowInDays: args.durable ? RECOVERY_WINDOW_DAYS : 0,
      },
      { parent: this, protect: args.durable, retainOnDelete: args.durable },
    );
    const version = new aws.secretsmanager.SecretVersion(
      `${name}-version`,
      { secretId: secret.arn, secretString: pulumi.secret(args.values).apply((values) => stableJson(values)) },
      // Retained with its secret, which would be empty without it. Not protected: every rotation replaces it.
      { parent: this, retainOnDelete: args.durable },
    );
    this.secretArn = secret.arn;
    this.secretName = secret.name;
    this.ready = ready([version]);
    this.registerOutputs({ secretArn: this.secretArn, secretName: this.secretName, ready: this.ready });
  }
}
