// First: what it makes lazy must not be loaded by the imports after it.
import "../preview/lazy-modules";
import { main } from "./main";

main(process.argv.slice(2), {
  folder: process.cwd(),
  stdout: process.stdout,
  stderr: process.stderr,
}).then((code) => {
  process.exitCode = code;
});
