import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

/** A role whose logical name leaves no room for the suffix of automatic names. */
pulumi.runtime.registerStackTransformation(({ type, resource }) => {
  if (type !== "pulumi:providers:aws") return undefined;
  const assumeRolePolicy = JSON.stringify({ Version: "2012-10-17", Statement: [] });
  setImmediate(() => new aws.iam.Role("a".repeat(60), { assumeRolePolicy }, { provider: resource as aws.Provider }));
  return undefined;
});
