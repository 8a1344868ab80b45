import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { UsageError } from "../preview/errors";
import { refuseForeign, replaceFolder } from "../preview/files";
import type { OutputFile } from "../preview/manifests";
import { HEADER } from "./manifests";

const KUSTOMIZATION = "kustomization.yaml";

/** Fails when `folder` holds something that an earlier run did not write. */
export async function refuseForeignEnvironment(folder: string): Promise<void> {
  await refuseForeign(folder, [KUSTOMIZATION]);
  const kustomization = join(folder, KUSTOMIZATION);
  if (existsSync(kustomization) && !readFileSync(kustomization, "utf8").startsWith(HEADER)) {
    throw new UsageError(
      `${folder} holds a kustomization that no run wrote. Choose another place with --out, or empty it.`,
    );
  }
}

/** Makes `folder` hold exactly the files of an environment. */
export async function writeEnvironment(folder: string, files: readonly OutputFile[]): Promise<void> {
  await replaceFolder(folder, files, [KUSTOMIZATION]);
}
