import * as pulumi from "@pulumi/pulumi";
import { globalStack } from "./global";
import { regionalStack } from "./regional";

// One program, two kinds of stacks: one a region, and one that reads them. Never the other way round.
const config = new pulumi.Config();

export = config.require("kind") === "global" ? globalStack(config) : regionalStack(config);
