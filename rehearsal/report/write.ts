import { mkdir, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { refuseForeign } from "../../preview/files";
import { type Project, type SettingsReader, settingsReader } from "../../preview/project";
import { REPORT_FILE, type RehearsalReport } from "../../preview/rehearsal-report";
import { writePreview } from "../../preview/write";

/**
 * Writes `report` into the folder of its stack below `outFolder`, and makes the preview beside it anew, whose page then shows it.
 * Returns the report's path. The report is there even if the preview refuses the plan and throws. The program runs in this
 * process: nothing else may use Pulumi's SDK meanwhile.
 */
export async function writeReport(
  outFolder: string,
  report: RehearsalReport,
  project: Project,
  reader: SettingsReader = settingsReader(project.folder),
): Promise<string> {
  const folder = join(outFolder, report.stack);
  await refuseForeign(folder);
  await mkdir(folder, { recursive: true });
  const file = join(folder, REPORT_FILE);
  await writeWhole(file, `${JSON.stringify(report, undefined, 2)}\n`);
  await writePreview(folder, { project, stack: report.stack, reader, today: new Date(report.finished) });
  return file;
}

/** A reader finds the old text or the new one, never half of it. */
async function writeWhole(file: string, text: string): Promise<void> {
  const fresh = `${file}.new-${process.pid}`;
  try {
    await writeFile(fresh, text);
    await rename(fresh, file);
  } finally {
    await rm(fresh, { force: true });
  }
}
