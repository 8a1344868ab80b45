// First: what it makes lazy must not be loaded by the imports after it.
import "./lazy-modules";
import { main } from "./main";

main(process.argv.slice(2), {
  folder: process.cwd(),
  today: new Date(),
  stdout: process.stdout,
  stderr: process.stderr,
  colour: process.stdout.isTTY === true && !process.env.NO_COLOR,
}).then((code) => {
  process.exitCode = code;
});
