import * as pulumi from "@pulumi/pulumi";
import { RandomId } from "@pulumi/random";

/** Two resources of one type have one name. */
pulumi.runtime.registerStackTransformation(({ type, name, opts }) => {
  if (type === "random:index/randomId:RandomId" && opts.parent !== undefined && !made.has(name)) {
    made.add(name);
    new RandomId(name, { byteLength: 4 }, { parent: opts.parent });
  }
  return undefined;
});
const made = new Set<string>();
