import type * as pulumi from "@pulumi/pulumi";

/** Makes a component of a name with the least that makes something. */
export type Make = (name: string, options: pulumi.ComponentResourceOptions) => pulumi.ComponentResource;
