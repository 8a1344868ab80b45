import { escaped } from "./html";
import { manifestFiles, type OutputFile, valuesFiles } from "./manifests";
import { pageOf } from "./page";
import { pictureOf } from "./picture";
import { dotOf } from "./picture-dot";
import { styledSvg } from "./picture-svg";
import { REPORT_FILE } from "./rehearsal-report";
import type { StackView } from "./view";

/** The part of Graphviz that we use. */
export interface Layout {
  dot(source: string, format: "svg"): string;
}

/** Graphviz as WebAssembly. */
export async function loadGraphviz(): Promise<Layout> {
  const { Graphviz } = await import("@hpcc-js/wasm-graphviz");
  return Graphviz.load();
}

/** All files of a stack's preview; the same view gives the same bytes. */
export function filesOf(view: StackView, layout: Layout): OutputFile[] {
  const { project, stack } = view.plan;
  const picture = pictureOf(view.tree);
  const svg = styledSvg(layout.dot(dotOf(picture), "svg"), escaped(`The platform ${project}, stack ${stack}`));
  const files = [
    { path: "plan.json", text: `${JSON.stringify(view.plan, undefined, 2)}\n` },
    { path: "graph.svg", text: svg },
    ...manifestFiles(view.plan),
    ...valuesFiles(view.plan),
    ...(view.rehearsal === undefined ? [] : [{ path: REPORT_FILE, text: view.rehearsal.text }]),
  ];
  return [
    {
      path: "index.html",
      text: pageOf(
        view,
        picture,
        svg,
        files.map(({ path }) => path),
      ),
    },
    ...files,
  ];
}
