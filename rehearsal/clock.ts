/**
 * How many real seconds one second of the cloud takes in a rehearsal: waits of the real services (eventual consistency, hooks of
 * the program) are shortened by the same factor on both sides, so that who waits too little still loses.
 */
export const SECOND = 0.1;

/** Waits `seconds` of the cloud's time. */
export function wait(seconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, seconds * SECOND * 1000));
}
