import { main } from "./main";

main(process.argv.slice(2), {
  folder: process.cwd(),
  today: () => new Date(),
  stdout: process.stdout,
  stderr: process.stderr,
  colour: process.stdout.isTTY === true && !process.env.NO_COLOR,
}).then((code) => {
  // Open connections of stopped servers must not keep the process alive.
  process.exit(code);
});

// What runs for the rehearsal is stopped when this process exits; Ctrl-C alone would end it without that.
for (const [signal, code] of [
  ["SIGINT", 130],
  ["SIGTERM", 143],
] as const) {
  process.on(signal, () => process.exit(code));
}
