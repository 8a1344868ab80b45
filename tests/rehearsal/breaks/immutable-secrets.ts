import * as pulumi from "@pulumi/pulumi";

/** The Kubernetes provider replaces Secrets whose data changes, which is its default. */
pulumi.runtime.registerStackTransformation(({ type, props, opts }) => {
  if (type !== "pulumi:providers:kubernetes") return undefined;
  return { props: { ...props, enableSecretMutable: "false" }, opts };
});
