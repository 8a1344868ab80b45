import * as pulumi from "@pulumi/pulumi";

/** A monitor selects pods that do not exist. */
pulumi.runtime.registerStackTransformation(({ type, props, opts }) => {
  if (type !== "kubernetes:monitoring.coreos.com/v1:PodMonitor") return undefined;
  return { props: { ...props, spec: { ...props.spec, selector: { matchLabels: { app: "nobody" } } } }, opts };
});
