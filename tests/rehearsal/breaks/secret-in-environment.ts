import * as pulumi from "@pulumi/pulumi";
import type { RandomPassword } from "@pulumi/random";

/** A generated password stands in a Job's environment in place of a reference, and nobody says that it is secret. */
let password: pulumi.Resource | undefined;
pulumi.runtime.registerStackTransformation(({ type, name, resource, props, opts }) => {
  if (type === "random:index/randomPassword:RandomPassword") password ??= resource;
  if (type !== "kubernetes:batch/v1:Job" || !name.includes("migrations")) return undefined;
  const value = pulumi.unsecret((password as RandomPassword).result);
  const [container, ...others] = props.spec.template.spec.containers;
  const open = { ...container, env: [...container.env, { name: "PASSWORD", value }] };
  const template = { ...props.spec.template, spec: { ...props.spec.template.spec, containers: [open, ...others] } };
  return { props: { ...props, spec: { ...props.spec, template } }, opts };
});
