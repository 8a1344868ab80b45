import { existsSync } from "node:fs";
import { mkdir, readdir, rename, rm, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { UsageError } from "./errors";
import type { OutputFile } from "./manifests";
import { REPORT_FILE } from "./rehearsal-report";

/** Every folder that we wrote holds one of these files; a folder that does not is not ours to replace. */
const OWN_MARKS = ["plan.json", REPORT_FILE];

/**
 * Makes `folder` hold exactly `files`. They are written beside it first and moved into place at the end, so that a reader
 * finds either the whole old preview or the whole new one, and nothing stale.
 */
export async function replaceFolder(
  folder: string,
  files: readonly OutputFile[],
  marks: readonly string[] = OWN_MARKS,
): Promise<void> {
  await refuseForeign(folder, marks);
  const parent = dirname(folder);
  const fresh = join(parent, `.${basename(folder)}.new-${process.pid}`);
  const old = join(parent, `.${basename(folder)}.old-${process.pid}`);
  try {
    await rm(fresh, { recursive: true, force: true });
    for (const below of new Set(files.map(({ path }) => dirname(path))))
      await mkdir(join(fresh, below), { recursive: true });
    await Promise.all(files.map(({ path, text }) => writeFile(join(fresh, path), text)));
    if (existsSync(folder)) await rename(folder, old);
    await rename(fresh, folder);
  } finally {
    await Promise.all([fresh, old].map((each) => rm(each, { recursive: true, force: true })));
  }
}

/** Fails when `folder` holds something that an earlier run did not write: none of `marks` is there. */
export async function refuseForeign(folder: string, marks: readonly string[] = OWN_MARKS): Promise<void> {
  if (!existsSync(folder)) return;
  const names = await readdir(folder).catch(() => {
    throw new UsageError(`${folder} is not a folder. Choose another place with --out.`);
  });
  if (names.length === 0 || marks.some((mark) => names.includes(mark))) return;
  const writer = marks === OWN_MARKS ? "preview" : "run";
  throw new UsageError(`${folder} holds files that no ${writer} wrote. Choose another place with --out, or empty it.`);
}
