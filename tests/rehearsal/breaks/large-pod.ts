import * as pulumi from "@pulumi/pulumi";

/** The web pods ask for more memory than any node of their pool has. */
pulumi.runtime.registerStackTransformation(({ type, name, props, opts }) => {
  if (type !== "kubernetes:helm.sh/v3:Release" || name !== "langfuse-release") return undefined;
  const resources = { requests: { cpu: "1", memory: "200Gi" }, limits: { memory: "200Gi" } };
  const values = pulumi.output(props.values).apply((given) => ({
    ...given,
    langfuse: { ...given.langfuse, web: { ...given.langfuse.web, resources } },
  }));
  return { props: { ...props, values }, opts };
});
