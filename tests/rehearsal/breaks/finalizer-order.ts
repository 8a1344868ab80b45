import * as pulumi from "@pulumi/pulumi";

/** KEDA's objects do not wait for KEDA, so that on destruction KEDA may go before it has removed its finalizers. */
pulumi.runtime.registerStackTransformation(({ type, props, opts }) => {
  if (!type.startsWith("kubernetes:keda.sh/")) return undefined;
  return { props, opts: { ...opts, dependsOn: [] } };
});
