import { type Html, html } from "./html";
import {
  basisOf,
  pathOf,
  percentage,
  type RehearsalReport,
  type ReportedPool,
  type ReportedVerdict,
  sharesOf,
  totals,
  whenOf,
} from "./rehearsal-report";
import { counted } from "./text";

/** More findings than these are folded away. */
const SHOWN_FINDINGS = 5;

/** How the last rehearsal ended. `outdated`: it was one of other settings than those of the page. */
export function rehearsalSection(report: RehearsalReport, outdated: boolean): Html {
  const facts = pathOf(report).map(([label, text]) => html`<dt>${label}</dt><dd>${text}</dd>`);
  return html`<section id="rehearsal"><h2>Rehearsal</h2>
<p><strong>${totals(report.verdicts)}</strong>. Finished ${whenOf(report)}.</p>
${outdated && otherSettings(report)}
<div class="scroll"><table class="verdicts">
<thead><tr><th>Drill</th><th>Verdict</th><th>Figure</th></tr></thead>
<tbody>${report.verdicts.map(verdictRow)}</tbody></table></div>
${report.pools && report.pools.length > 0 && poolTable(report.pools)}
<h3>Which path ran</h3>
<dl class="limits">${facts}</dl></section>`;
}

function otherSettings({ stack }: RehearsalReport): Html {
  return html`<p class="outdated"><strong>Rehearsed with other settings.</strong> <code>Pulumi.${stack}.yaml</code> has changed
since. Rehearse again: <code>npm run rehearse -- --stack ${stack}</code></p>`;
}

function verdictRow(verdict: ReportedVerdict): Html {
  const { drill, outcome, figure, findings } = verdict;
  const basis = basisOf(verdict);
  return html`<tr class="${outcome.replace(" ", "-")}">
<td>${drill}</td><td><span class="outcome">${outcome}</span></td>
<td>${figure}${basis !== undefined && html` <span class="mark">${basis}</span>`}${findings.length > 0 && findingList(findings)}</td></tr>`;
}

function findingList(findings: readonly string[]): Html {
  const items = findings.map((finding) => html`<li>${finding}</li>`);
  const content = html`<summary>${counted(findings.length, "finding")}</summary><ul>${items}</ul>`;
  return findings.length > SHOWN_FINDINGS
    ? html`<details>${content}</details>`
    : html`<details open>${content}</details>`;
}

function poolTable(pools: readonly ReportedPool[]): Html {
  const rows = pools.map(
    (pool) => html`<tr>
<td class="pool">${pool.pool}</td><td class="number">${pool.nodes}</td><td class="number">${pool.added}</td>
${sharesOf(pool).map(([, share]) => shareCell(share))}</tr>`,
  );
  return html`<h3>Node pools</h3>
<p class="note">What the pods ask for, of what the nodes have. Added: nodes beyond the pool's first ones, for pods that had no room.</p>
<div class="scroll"><table>
<thead><tr><th>Pool</th><th>nodes</th><th>added</th><th>CPU</th><th>memory</th><th>pods</th><th>GPUs</th></tr></thead>
<tbody>${rows}</tbody></table></div>`;
}

function shareCell(share: number | undefined): Html {
  if (share === undefined) return html`<td></td>`;
  const width = `width:${(Math.min(share, 1) * 100).toFixed(2)}%`;
  return html`<td><span class="share"><span class="track"><span class="bar critical" style="${width}"></span></span>
<span class="number">${percentage(share)}</span></span></td>`;
}
