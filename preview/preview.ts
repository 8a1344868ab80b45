import * as pulumi from "@pulumi/pulumi";
import type { StackFile } from "../stacks/settings";
import { planErrors } from "./checks";
import { PlanError, RefusedError } from "./errors";
import { type Project, readStackText, runProgram, type SettingsReader } from "./project";
import { record } from "./recorder";
import { type StackView, viewOf } from "./view";

/** How a preview is made. */
export interface PreviewOptions {
  readonly project: Project;
  readonly stack: string;
  readonly reader: SettingsReader;
  /** The day that notices judge by. */
  readonly today: Date;
  /** Called for every resource with the number seen so far. */
  readonly onResource?: (count: number) => void;
}

/** Runs the program of a stack without any cloud and returns what it would build; throws when that must not be deployed. */
export async function previewStack(options: PreviewOptions): Promise<StackView> {
  const { project, stack, reader } = options;
  const file = refusing(() => reader.loadStackFile(readStackText(project, stack), project.name));
  let notices: string[] | undefined;
  let refusal: unknown;
  let count = 0;
  const recording = await record(
    () => {
      try {
        notices = reader.notices(reader.readSettings(), noticeContext(options, file));
      } catch (error) {
        refusal = error;
        throw error;
      }
      return runProgram(project);
    },
    {
      project: project.name,
      stack,
      config: file.config,
      secretConfig: file.secretKeys,
      onResource: () => options.onResource?.(++count),
    },
  );
  if (refusal !== undefined) refusing(() => raise(refusal));
  const faults = planErrors(recording);
  if (faults.length > 0) throw new PlanError(faults);
  return viewOf(project.name, stack, recording, notices ?? []);
}

function noticeContext({ project, today }: PreviewOptions, file: StackFile) {
  const own = `${project.name}:`;
  return {
    today,
    secretsEncrypted: file.secretKeys.includes(`${own}secrets`),
    passphrase: file.passphrase,
    otherKeys: Object.keys(file.config).filter((key) => !key.startsWith(own)),
  };
}

/** Errors that the program raises on purpose keep their text alone; any other is a fault of ours and keeps its stack. */
function refusing<Result>(action: () => Result): Result {
  try {
    return action();
  } catch (error) {
    if (pulumi.RunError.isInstance(error)) throw new RefusedError(error.message);
    throw error;
  }
}

function raise(error: unknown): never {
  throw error;
}
