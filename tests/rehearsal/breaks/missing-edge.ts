import * as pulumi from "@pulumi/pulumi";

/** Langfuse's release waits for nothing but its namespace: neither for the migration nor for the stores. */
pulumi.runtime.registerStackTransformation(({ type, name, props, opts }) => {
  if (type !== "kubernetes:helm.sh/v3:Release" || name !== "langfuse-release") return undefined;
  return { props, opts: { ...opts, dependsOn: [] } };
});
