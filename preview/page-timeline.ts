import { type Html, html } from "./html";
import { shortType } from "./plan";
import type { Schedule, ScheduledResource } from "./schedule";
import { counted, minutes } from "./text";
import { lasts, notableSteps, type Wave, wavesOf } from "./waves";

/** The waves of creation as bars over time, with the chain that decides the total. */
export function timeline(schedule: Schedule): Html {
  const total = Math.max(schedule.minutes, 0.1);
  const { steps, short } = notableSteps(schedule);
  return html`<section id="timeline"><h2>Timeline of the first deployment</h2>
<p>An estimate and a lower bound: typical creation times, nothing but dependencies in the way. At least
<strong>${minutes(schedule.minutes)}</strong>.</p>
<h3>The chain that decides the total</h3>
<ol class="chain">${steps.map((step) => chainStep(step, total))}</ol>
<p class="note">and ${counted(short, "step")} of a few seconds between them.</p>
<h3>Waves</h3>
<p class="note">What may be created at the same time. Light: from the first start to the last end of a wave; dark: its part of the chain.</p>
<div class="waves">${axis(total)}${wavesOf(schedule).map((wave) => waveRow(wave, total))}</div></section>`;
}

function chainStep(step: ScheduledResource, total: number): Html {
  return html`<li><a href="#${step.resource.urn}" data-urn="${step.resource.urn}">${shortType(step.resource.type)}
<em>${step.resource.name}</em></a><span class="track"><span class="bar critical" style="${extent(step, total)}"></span></span>
<span class="number">${minutes(lasts(step))}</span></li>`;
}

function waveRow(wave: Wave, total: number): Html {
  const { critical, longest } = wave;
  const shown = critical ?? longest;
  return html`<div class="wave"><span class="label">${wave.number}</span><span class="number">${wave.count}</span>
<span class="track"><span class="bar" style="${extent(wave, total)}"></span>
${critical && html`<span class="bar critical" style="${extent(critical, total)}"></span>`}</span>
<a class="${critical ? "what critical" : "what"}" href="#${shown.resource.urn}" data-urn="${shown.resource.urn}">
${shortType(shown.resource.type)} <em>${shown.resource.name}</em></a></div>`;
}

function axis(total: number): Html {
  const step = [1, 2, 5, 10, 20, 60].find((each) => total / each <= 10) ?? 120;
  const marks = Array.from({ length: Math.floor(total / step) + 1 }, (_, index) => index * step);
  const labels = marks.map((mark) => html`<span style="left:${percent(mark / total)}">${mark}</span>`);
  return html`<div class="wave axis"><span class="label">wave</span><span class="number">resources</span>
<span class="track">${labels}</span><span class="what">minutes; longest or deciding resource</span></div>`;
}

function extent({ start, finish }: { start: number; finish: number }, total: number): string {
  return `left:${percent(start / total)};width:${percent((finish - start) / total)}`;
}

function percent(share: number): string {
  return `${(share * 100).toFixed(2)}%`;
}
