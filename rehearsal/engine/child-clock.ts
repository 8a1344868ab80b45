import * as promises from "node:timers/promises";
import { SECOND } from "../clock";

/** Waits of a second or more are the program's waits for the cloud, whose time runs faster in a rehearsal. */
const SHORTEST = 1000;

const shortened = (milliseconds: number) => (milliseconds < SHORTEST ? milliseconds : milliseconds * SECOND);

const { setTimeout: setRealTimeout } = globalThis;
globalThis.setTimeout = Object.assign(
  (action: (...rest: unknown[]) => void, milliseconds = 0, ...rest: unknown[]) =>
    setRealTimeout(action, shortened(milliseconds), ...rest),
  setRealTimeout,
) as typeof setTimeout;

const { setTimeout: realDelay } = promises;
Object.assign(require("node:timers/promises"), {
  setTimeout: (milliseconds = 0, ...rest: []) => realDelay(shortened(milliseconds), ...rest),
});
