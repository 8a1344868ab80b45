import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { stackFileSchema } from "./schema";

const path = join(__dirname, "../../settings.schema.json");
writeFileSync(path, `${JSON.stringify(stackFileSchema(), null, 2)}\n`);
