/** Failures by message: the SDK announces one fault through every promise that hangs on it. */
export class Failures {
  private readonly byMessage = new Map<string, Error>();

  readonly add = (reason: unknown): void => {
    const error = reason instanceof Error ? reason : new Error(String(reason));
    // gRPC carries the reason in `details`; the SDK drops the message on its way.
    if (error.message === "") error.message = (error as { details?: string }).details ?? "a failure without a message";
    if (!this.byMessage.has(error.message)) this.byMessage.set(error.message, error);
  };

  all(): Error[] {
    return [...this.byMessage.values()];
  }
}
