import { spawn } from "node:child_process";

/** Runs a program with `input` on its standard input; answers its standard output. */
export function run(program: string, parameters: readonly string[], folder: string, input = ""): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, parameters, { cwd: folder, stdio: ["pipe", "pipe", "pipe"] });
    const [output, complaints]: [Buffer[], Buffer[]] = [[], []];
    child.stdout.on("data", (chunk: Buffer) => output.push(chunk));
    child.stderr.on("data", (chunk: Buffer) => complaints.push(chunk));
    // A program that ends without reading its input says why on its standard error.
    child.stdin.on("error", () => {});
    child.on("error", (error) => reject(new Error(`${program} cannot be started: ${error.message}`)));
    child.on("close", (code) => {
      if (code === 0) resolve(Buffer.concat(output).toString("utf8"));
      else
        reject(new Error(`${program} failed: ${Buffer.concat(complaints).toString("utf8").trim() || `code ${code}`}`));
    });
    child.stdin.end(input);
  });
}
