/** Look of the section about the rehearsal; the page of a stack that was never rehearsed goes without. */
export const REHEARSAL_STYLE = `
:root { --good: #166534; --bad: #b91c1c; --open: #92400e; --bad-soft: #fef2f2; }
@media (prefers-color-scheme: dark) { :root { --good: #4ade80; --bad: #f87171; --open: #fbbf24; --bad-soft: #450a0a; } }
.verdicts td:first-child { min-width: 18rem; }
.outcome { display: inline-block; padding: 0 .55rem; border: 1px solid; border-radius: .7rem; font-size: .85rem; font-weight: 600; white-space: nowrap; }
.passed .outcome { color: var(--good); } .failed .outcome { color: var(--bad); } .not-run .outcome { color: var(--open); }
tr.failed { background: var(--bad-soft); }
tr.failed td:first-child { box-shadow: inset 3px 0 var(--bad); }
tr.not-run td { color: var(--muted); }
.verdicts li { overflow-wrap: anywhere; white-space: pre-line; }
.outdated { padding: .6rem .9rem; border-left: 3px solid var(--warn-line); background: var(--warn); }
.pool { white-space: nowrap; }
.share .bar { min-width: 0; }
.share { display: grid; grid-template-columns: minmax(3rem, 10rem) 3.5rem; align-items: center; gap: .5rem; }
`;

/** Look of the page, in light and in dark. */
export const PAGE_STYLE = `
:root { --ink: #0f172a; --muted: #475569; --paper: #ffffff; --ground: #f1f5f9; --line: #e2e8f0; --accent: #6d28d9; --soft: #c4b5fd; --warn: #fff7ed; --warn-line: #c2410c; --code: #f1f5f9; }
@media (prefers-color-scheme: dark) {
:root { --ink: #f1f5f9; --muted: #a3b1c6; --paper: #0f172a; --ground: #020617; --line: #263449; --accent: #a78bfa; --soft: #4c3d8f; --warn: #431407; --warn-line: #fb923c; --code: #1e293b; }
}
* { box-sizing: border-box; }
html { scroll-padding-top: 4rem; }
body { margin: 0; background: var(--ground); color: var(--ink); font: 15px/1.5 system-ui, -apple-system, "Segoe UI", Helvetica, Arial, sans-serif; }
header, main { max-width: 1480px; margin: 0 auto; padding: 0 1.5rem; }
header { padding-top: 1.75rem; }
header p { margin: .25rem 0 1rem; color: var(--muted); }
.title { display: flex; align-items: center; gap: .75rem; }
h1 { margin: 0; font-size: 1.75rem; letter-spacing: -.01em; }
h2 { margin: 0 0 .75rem; font-size: 1.2rem; }
h3 { margin: 1.1rem 0 .35rem; font-size: 1rem; }
.stack { padding: .1rem .7rem; border-radius: 1rem; background: var(--accent); color: var(--paper); font-weight: 600; }
.facts { display: flex; flex-wrap: wrap; gap: .75rem; margin: 0 0 1.25rem; }
.facts div { display: flex; flex-direction: column-reverse; padding: .6rem 1.1rem; background: var(--paper); border: 1px solid var(--line); border-radius: .6rem; }
.facts dt { color: var(--muted); font-size: .85rem; }
.facts dd { margin: 0; font-size: 1.5rem; font-weight: 650; line-height: 1.25; }
nav { position: sticky; top: 0; z-index: 2; display: flex; flex-wrap: wrap; align-items: center; gap: .25rem 1rem; padding: .55rem max(1.5rem, calc((100vw - 1480px) / 2 + 1.5rem)); background: var(--paper); border-block: 1px solid var(--line); }
nav a { color: var(--muted); text-decoration: none; }
nav a:hover { color: var(--accent); }
nav input { flex: 1 1 20rem; max-width: 30rem; margin-left: auto; padding: .4rem .75rem; border: 1px solid var(--line); border-radius: .5rem; background: var(--ground); color: var(--ink); font: inherit; }
main { display: flex; flex-direction: column; gap: 1.25rem; padding-top: 1.25rem; padding-bottom: 4rem; }
section { padding: 1.25rem 1.5rem; background: var(--paper); border: 1px solid var(--line); border-radius: .75rem; }
#files { order: 1; } #limits { order: 2; }
p { margin: 0 0 .6rem; }
ul, ol { margin: 0; padding-left: 1.25rem; }
li + li { margin-top: .2rem; }
.note { color: var(--muted); font-size: .9rem; }
.scroll { overflow-x: auto; }
.scroll svg { display: block; margin: 0 auto; max-width: 100%; height: auto; }
code, pre { font: .87em/1.5 ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; }
code { padding: .05rem .3rem; border-radius: .25rem; background: var(--code); }
table { width: 100%; border-collapse: collapse; }
th, td { padding: .4rem .6rem; border-bottom: 1px solid var(--line); text-align: left; vertical-align: top; }
th { color: var(--muted); font-weight: 600; font-size: .85rem; white-space: nowrap; }
td code { white-space: nowrap; }
td code.command { white-space: normal; overflow-wrap: anywhere; font-size: .78em; }
.number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
tr.tight td:first-child { box-shadow: inset 3px 0 var(--warn-line); }
tr.tight { background: var(--warn); }
.files { columns: 22rem auto; margin-top: .4rem; list-style: none; padding: 0; }
a { color: var(--accent); }
.chain { padding: 0; list-style: none; }
.chain li, .wave { display: grid; align-items: center; gap: .75rem; }
.chain li { grid-template-columns: minmax(14rem, 26rem) 1fr 5rem; margin: .15rem 0; }
.wave { grid-template-columns: 2.5rem 4.5rem minmax(12rem, 1fr) minmax(12rem, 22rem); min-height: 1.5rem; font-size: .9rem; }
.wave .label { text-align: right; color: var(--muted); }
.wave .what, .chain a { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; color: var(--muted); text-decoration: none; }
.chain a, .wave .what.critical { color: var(--ink); }
.wave a:hover, .chain a:hover { color: var(--accent); }
em { font-style: normal; font-weight: 600; }
.track { position: relative; height: 1rem; border-radius: .25rem; background: var(--ground); }
.bar { position: absolute; top: 0; bottom: 0; min-width: 3px; border-radius: .25rem; background: var(--soft); }
.bar.critical { background: var(--accent); }
.axis { color: var(--muted); font-size: .8rem; }
.axis .track { background: none; }
.axis .track span { position: absolute; }
.tree { overflow-x: auto; }
.tree details { border-left: 2px solid transparent; }
.tree details[hidden] { display: none; }
.tree .inside { margin-left: 1.25rem; }
summary { padding: .15rem .25rem; border-radius: .3rem; cursor: pointer; white-space: nowrap; }
summary:hover { background: var(--ground); }
.component > summary .type { color: var(--accent); font-weight: 600; }
.type { color: var(--muted); }
.name { font-weight: 600; }
.count { margin-left: .6rem; padding: 0 .5rem; border-radius: .7rem; background: var(--code); font-size: .85rem; }
.types { margin-left: .6rem; color: var(--muted); font-size: .85rem; }
.mark { margin-left: .5rem; padding: 0 .4rem; border: 1px solid var(--line); border-radius: .3rem; color: var(--muted); font-size: .8rem; }
.found > summary { outline: 2px solid var(--accent); }
.details { max-height: 30rem; margin: .25rem 0 .6rem; padding: .75rem; overflow: auto; border-radius: .5rem; background: var(--code); }
.details:empty { display: none; }
.limits { display: grid; grid-template-columns: max-content 1fr; gap: .3rem 1.25rem; margin: 0; }
.limits dt { font-weight: 600; } .limits dd { margin: 0; color: var(--muted); }
button { padding: .25rem .75rem; border: 1px solid var(--line); border-radius: .4rem; background: var(--ground); color: var(--ink); font: inherit; font-size: .9rem; cursor: pointer; }
@media (max-width: 800px) { .wave { grid-template-columns: 2rem 3rem 1fr; } .wave .what { display: none; } .chain li { grid-template-columns: 1fr 4rem; } .chain .track { display: none; } }
@media print { nav, .tools { display: none; } section { break-inside: avoid; } }
`;
