import * as pulumi from "@pulumi/pulumi";

/** The component hands an Output of the database to the engine, as if all its arguments had gone to `super`. */
let database: pulumi.Resource | undefined;
pulumi.runtime.registerStackTransformation(({ type, resource, props, opts }) => {
  if (type === "aws:rds/instance:Instance") database = resource;
  if (type !== "llm-platform:index:LangfuseSecrets" || database === undefined) return undefined;
  const { address } = database as unknown as { address: pulumi.Output<string> };
  return { props: { ...props, host: address }, opts };
});
