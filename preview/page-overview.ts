import { type Html, html } from "./html";
import { REPORT_FILE } from "./rehearsal-report";
import { BLIND_SPOTS, type StackView } from "./view";

/** Notices, reachability, quotas, files and limits. */
export function overview(view: StackView, paths: readonly string[]): Html {
  return html`${noticeSection(view)}
${reachSection(view)}
${quotaSection(view)}
${fileSection(paths)}
${limitSection()}`;
}

function noticeSection({ notices }: StackView): Html {
  return html`<section id="notices"><h2>Notices</h2>
${notices.length === 0 ? html`<p>The settings give no reason for any.</p>` : list(notices)}</section>`;
}

function reachSection({ reachability }: StackView): Html {
  const group = (title: string, lines: readonly string[]) =>
    lines.length === 0 ? undefined : html`<h3>${title}</h3>${list(lines)}`;
  return html`<section id="reach"><h2>Who can reach what</h2>
${group("The cluster's API", reachability.cluster)}
${group("Whom the cluster lets in", reachability.people)}
${group("What is public", reachability.public)}</section>`;
}

function quotaSection({ quotas, uncounted }: StackView): Html {
  const rows = quotas.map(
    ({ name, code, service, min, max, usual, command }) => html`<tr class="${max > usual ? "tight" : "fits"}">
<td>${name}</td><td class="number">${min}</td><td class="number">${max}</td><td class="number">${usual}</td>
<td><code>${service}</code> <code>${code}</code></td><td><code class="command">${command}</code></td></tr>`,
  );
  return html`<section id="quotas"><h2>AWS quotas this stack takes</h2>
<p>Ask for more before the first deployment where the account has less. Marked: more than an account usually starts with.</p>
<div class="scroll"><table>
<thead><tr><th>Quota</th><th>at start</th><th>at most</th><th>usual</th><th>code</th><th>what the account has</th></tr></thead>
<tbody>${rows}</tbody></table></div>
${uncounted.length > 0 && html`<p class="note">No vCPUs counted for ${uncounted.join(", ")}: shapes unknown here.</p>`}</section>`;
}

const FILE_PURPOSES: readonly (readonly [start: string, purpose: string])[] = [
  ["plan.json", "every resource with inputs, dependencies and options"],
  ["graph.svg", "the picture alone"],
  ["manifests/", "Kubernetes objects, one file each"],
  ["values/", "values of the Helm releases"],
  [REPORT_FILE, "how the last rehearsal ended"],
];

function fileSection(paths: readonly string[]): Html {
  const groups = FILE_PURPOSES.map(([start, purpose]) => {
    const found = paths.filter((path) => path.startsWith(start)).sort();
    if (found.length === 0) return undefined;
    const links = found.map((path) => html`<li><a href="${encodeURI(path)}">${path}</a></li>`);
    const shown = found.length <= 1 ? html`<ul class="files">${links}</ul>` : folded(found.length, links);
    return html`<tr><td><code>${start}</code></td><td>${purpose}</td><td>${shown}</td></tr>`;
  });
  return html`<section id="files"><h2>Files beside this page</h2><table><tbody>${groups}</tbody></table></section>`;
}

function folded(count: number, links: readonly Html[]): Html {
  return html`<details><summary>${count} files</summary><ul class="files">${links}</ul></details>`;
}

function limitSection(): Html {
  const rows = BLIND_SPOTS.map(({ what, why }) => html`<dt>${what}</dt><dd>${why}</dd>`);
  return html`<section id="limits"><h2>What this preview cannot see</h2>
<p>It runs the program with stand-ins for the clouds. Real plans are made by <code>pulumi preview</code>.</p>
<dl class="limits">${rows}</dl></section>`;
}

function list(lines: readonly string[]): Html {
  return html`<ul>${lines.map((line) => html`<li>${withCode(line)}</li>`)}</ul>`;
}

/** Text in which what stands between backticks is code. */
function withCode(text: string): Html {
  return html`${text.split("`").map((part, index) => (index % 2 === 1 ? html`<code>${part}</code>` : part))}`;
}
