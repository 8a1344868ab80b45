/** An answer of the service that says no, in its own words: code, then message. */
export function refusal(code: string, message: string): Error {
  return new Error(`${code}: ${message}`);
}
