import * as aws from "@pulumi/aws";
import * as kubernetes from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";

/** Component options with explicit providers, as every stack passes them. Call it inside the recorded program. */
export function explicitProviders(): pulumi.ComponentResourceOptions {
  return {
    providers: [
      new aws.Provider("aws", { region: "us-east-1" }),
      new kubernetes.Provider("kubernetes", { kubeconfig: "{}" }),
    ],
  };
}
