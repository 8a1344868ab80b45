import { execFile } from "node:child_process";
import { constants } from "node:fs";
import { access, realpath } from "node:fs/promises";
import { basename, delimiter, dirname, join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

/** Folder with a `bin/pulumi` that is on the PATH and may serve in place of a built one; undefined when there is none. */
export async function installedPulumi(path = process.env.PATH ?? ""): Promise<string | undefined> {
  for (const folder of path.split(delimiter)) {
    const program = join(folder, "pulumi");
    const real = await realProgram(program);
    if (real === undefined || !(await answersSuitably(real))) continue;
    return dirname(dirname(real));
  }
  return undefined;
}

/** The program behind a name; none for scripts (npm's package `pulumi` is one, which downloads when it is asked). */
async function realProgram(program: string): Promise<string | undefined> {
  try {
    await access(program, constants.X_OK);
    const real = await realpath(program);
    return basename(real) === "pulumi" && basename(dirname(real)) === "bin" ? real : undefined;
  } catch {
    return undefined;
  }
}

async function answersSuitably(program: string): Promise<boolean> {
  try {
    const { stdout } = await run(program, ["version"], { env: { ...process.env, PULUMI_SKIP_UPDATE_CHECK: "true" } });
    return isSuitable(stdout);
  } catch {
    return false;
  }
}

/** Whether an engine of this version behaves as the pinned one does: any 3.2xx. */
export function isSuitable(version: string): boolean {
  return /^v?3\.2\d\d\.\d+/.test(version.trim());
}
