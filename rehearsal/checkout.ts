import { cpSync, mkdirSync, rmSync, symlinkSync } from "node:fs";
import { basename, join } from "node:path";

/** What a checkout does not hold, or need not. */
const LEFT_OUT = ["node_modules", ".git", "out", "bin"];

/** Makes `target` a checkout of the project in `folder`, with its installed packages. What was there is gone. */
export function checkOut(folder: string, target: string): void {
  rmSync(target, { recursive: true, force: true });
  mkdirSync(target, { recursive: true });
  cpSync(folder, target, { recursive: true, filter: (source) => !LEFT_OUT.includes(basename(source)) });
  symlinkSync(join(folder, "node_modules"), join(target, "node_modules"));
}
