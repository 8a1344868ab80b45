import { createPlatform } from "./stacks/platform";
import { readSettings } from "./stacks/settings";

export = createPlatform(readSettings());
