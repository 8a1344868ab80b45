import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { InstallError } from "./install-error";

const run = promisify(execFile);

/** The Go that builds the tools. */
export interface Go {
  /** e.g. `go1.26.8`. */
  readonly version: string;
  /** Folder of Go's own sources. */
  readonly root: string;
}

/** What a build may not take over from whoever runs it: other sources than the pinned ones. */
export const GO_ENVIRONMENT = { GOWORK: "off" };

/** The Go on this machine, when it is able to build the module in `folder`, whose go.mod is given. */
export async function findGo(folder: string, goMod: string): Promise<Go> {
  const required = requiredGo(goMod);
  const advice = `Install Go ${required} or later, with 'go' on the PATH.`;
  // Asked inside the module, so that a Go that changes its own version has done so.
  const answer = await run("go", ["env", "GOVERSION", "GOROOT"], {
    cwd: folder,
    env: { ...process.env, ...GO_ENVIRONMENT },
  }).catch((error: NodeJS.ErrnoException & { stderr?: string }) => {
    if (error.code === "ENOENT")
      throw new InstallError(`Go is missing, which builds the tools of a rehearsal. ${advice}`);
    throw new InstallError(`'go env' failed: ${(error.stderr || error.message).trim()} ${advice}`);
  });
  const [version = "", root = ""] = answer.stdout.trim().split("\n");
  if (isOlder(version, required)) {
    throw new InstallError(`Go is too old to build the tools of a rehearsal: it is ${version}. ${advice}`);
  }
  return { version, root };
}

/** The oldest Go that a go.mod allows, e.g. `1.25.11`. */
export function requiredGo(goMod: string): string {
  return /^go (\S+)$/m.exec(goMod)?.[1] ?? "1.25";
}

/** Whether `go1.24.3` comes before `1.25.11`. */
export function isOlder(version: string, required: string): boolean {
  const has = numbersIn(version);
  for (const [index, needed] of numbersIn(required).entries()) {
    const difference = (has[index] ?? 0) - needed;
    if (difference !== 0) return difference < 0;
  }
  return false;
}

function numbersIn(version: string): number[] {
  return (version.match(/\d+(\.\d+)*/)?.[0] ?? "0").split(".").map(Number);
}
