import { Html, html, scriptJson } from "./html";
import { overview } from "./page-overview";
import { rehearsalSection } from "./page-rehearsal";
import { PAGE_SCRIPT } from "./page-script";
import { PAGE_STYLE, REHEARSAL_STYLE } from "./page-style";
import { timeline } from "./page-timeline";
import { treeSection } from "./page-tree";
import type { Picture } from "./picture";
import { minutes } from "./text";
import type { StackView } from "./view";

const SECTIONS = [
  ["picture", "Picture"],
  ["rehearsal", "Rehearsal"],
  ["notices", "Notices"],
  ["reach", "Reachability"],
  ["quotas", "Quotas"],
  ["timeline", "Timeline"],
  ["resources", "Resources"],
  ["files", "Files"],
  ["limits", "Limits"],
] as const;

/** The page of a stack: one file, no requests, readable without a server. */
export function pageOf(view: StackView, picture: Picture, svg: string, paths: readonly string[]): string {
  const { project, stack } = view.plan;
  const { rehearsal } = view;
  const sections = SECTIONS.filter(([id]) => id !== "rehearsal" || rehearsal !== undefined);
  const navigation = sections.map(([id, label]) => html`<a href="#${id}">${label}</a>`);
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${project} · ${stack} · preview</title>
<style>${new Html(PAGE_STYLE)}${rehearsal && new Html(REHEARSAL_STYLE)}</style>
</head>
<body>
<header>
<div class="title"><h1>${project}</h1><span class="stack">${stack}</span></div>
<p>What <code>pulumi up</code> will build, seen without an account or a cluster.</p>
<dl class="facts">
<div><dt>resources</dt><dd>${view.counts.resources}</dd></div>
<div><dt>components</dt><dd>${view.counts.components}</dd></div>
<div><dt>waves</dt><dd>${Math.max(0, ...view.schedule.resources.map(({ wave }) => wave))}</dd></div>
<div><dt>first deployment, at least</dt><dd>≈ ${minutes(view.schedule.minutes)}</dd></div>
</dl>
</header>
<nav>${navigation}<input id="search" type="search" placeholder="Search resources: type, name, URN, input  ( / )" aria-label="Search resources"></nav>
<main>
<section id="picture">
<h2>Picture</h2>
<div class="scroll">${new Html(svg)}</div>
<p class="note">Solid arrows carry data, dashed ones steer. Click a box to see what it consists of.</p>
</section>
${
  rehearsal &&
  html`${rehearsalSection(rehearsal.report, rehearsal.outdated)}
`
}${overview(view, paths)}
${timeline(view.schedule)}
${treeSection(view)}
</main>
<script type="application/json" id="plan">${scriptJson(pageData(view, picture))}</script>
<script>${new Html(PAGE_SCRIPT)}</script>
</body>
</html>
`.text;
}

/** What the script needs: details by URN, in the order of the tree, and where a click on a box leads. */
function pageData(view: StackView, picture: Picture): unknown {
  const details = Object.fromEntries(
    view.plan.resources.map(({ urn, inputs, provider, dependencies, options, read }) => [
      urn,
      {
        inputs,
        ...(read ? { read } : {}),
        ...(Object.keys(options).length > 0 ? { options } : {}),
        ...(dependencies.length > 0 ? { dependencies } : {}),
        ...(provider === "" ? {} : { provider }),
      },
    ]),
  );
  return { details, boxes: Object.fromEntries(picture.boxes.flatMap(({ id, urn }) => (urn ? [[id, urn]] : []))) };
}
