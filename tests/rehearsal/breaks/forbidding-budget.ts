import * as pulumi from "@pulumi/pulumi";

/** The budget of the web pods wants as many as there are: no node can be drained. */
pulumi.runtime.registerStackTransformation(({ type, name, props, opts }) => {
  if (type !== "kubernetes:helm.sh/v3:Release" || name !== "langfuse-release") return undefined;
  const values = pulumi.output(props.values).apply((given) => ({
    ...given,
    langfuse: { ...given.langfuse, web: { ...given.langfuse.web, pdb: { create: true, minAvailable: "100%" } } },
  }));
  return { props: { ...props, values }, opts };
});
