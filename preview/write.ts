import { refuseForeign, replaceFolder } from "./files";
import { filesOf, loadGraphviz } from "./output";
import { type PreviewOptions, previewStack } from "./preview";
import { readStackText } from "./project";
import { readRehearsal, settingsDigest } from "./rehearsal-report";
import type { ShownRehearsal, StackView } from "./view";

/** What was written: the view behind it, and how many files. */
export interface WrittenPreview {
  readonly view: StackView;
  readonly files: number;
}

/** Makes `folder` hold the preview of a stack; the report of a rehearsal that is there stays, and the page shows it. */
export async function writePreview(folder: string, options: PreviewOptions): Promise<WrittenPreview> {
  await refuseForeign(folder);
  const rehearsal = await rehearsalIn(folder, options);
  // Compiling Graphviz takes a tenth of a second: it starts before the program and goes on beside it.
  const graphviz = loadGraphviz();
  const view = { ...(await previewStack(options)), rehearsal };
  const files = filesOf(view, await graphviz);
  await replaceFolder(folder, files);
  return { view, files: files.length };
}

async function rehearsalIn(folder: string, options: PreviewOptions): Promise<ShownRehearsal | undefined> {
  const kept = await readRehearsal(folder);
  if (kept === undefined) return undefined;
  const digest = settingsDigest(readStackText(options.project, options.stack));
  return { ...kept, outdated: kept.report.settingsDigest !== digest };
}
