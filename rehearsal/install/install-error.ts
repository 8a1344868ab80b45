/** The tools cannot be installed; the message says what is missing and what to do. */
export class InstallError extends Error {
  override readonly name = "InstallError";
}
