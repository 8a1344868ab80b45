/** Behaviour of the page: details on demand, search, and links from picture and timeline into the tree. */
export const PAGE_SCRIPT = `
"use strict";
const plan = JSON.parse(document.getElementById("plan").textContent);
const nodes = [...document.querySelectorAll(".tree details[data-urn]")];
const byUrn = new Map(nodes.map((node) => [node.dataset.urn, node]));

function shortUrn(urn) { return urn.split("::").slice(2).join("::"); }

function fill(node) {
  const target = node.querySelector(":scope > .inside > .details");
  if (target.textContent !== "") return;
  const { inputs, dependencies, ...rest } = plan.details[node.dataset.urn];
  const shown = { urn: node.dataset.urn, ...rest, inputs };
  if (dependencies) shown.dependencies = dependencies.map(shortUrn);
  if (node.className === "component" && Object.keys(inputs).length === 0) delete shown.inputs;
  target.textContent = JSON.stringify(shown, undefined, 2);
}
for (const node of nodes) node.addEventListener("toggle", () => { if (node.open) fill(node); });

function reveal(urn) {
  const node = byUrn.get(urn);
  if (!node) return;
  search.value = "";
  filter();
  for (let each = node; each; each = each.parentElement.closest("details")) each.open = true;
  node.scrollIntoView({ block: "center" });
  node.classList.add("found");
  setTimeout(() => node.classList.remove("found"), 2000);
}
for (const link of document.querySelectorAll("a[data-urn]")) {
  link.addEventListener("click", (event) => { event.preventDefault(); reveal(link.dataset.urn); });
}
for (const [id, urn] of Object.entries(plan.boxes)) {
  // Graphviz puts its own prefix before the ids of cells in a grid.
  const box = document.getElementById("box-" + id) || document.getElementById("a_box-" + id);
  if (!box) continue;
  box.style.cursor = "pointer";
  box.addEventListener("click", (event) => { event.preventDefault(); reveal(urn); });
}

const texts = new Map();
function textOf(urn) {
  if (!texts.has(urn)) texts.set(urn, (urn + " " + JSON.stringify(plan.details[urn].inputs)).toLowerCase());
  return texts.get(urn);
}
const search = document.getElementById("search");
const found = document.getElementById("found");
function filter() {
  const words = search.value.toLowerCase().split(/\\s+/).filter(Boolean);
  let count = 0;
  for (const node of nodes) node.hidden = words.length > 0;
  for (const node of nodes) {
    if (words.length === 0 || !words.every((word) => textOf(node.dataset.urn).includes(word))) continue;
    count++;
    for (let each = node; each; each = each.parentElement.closest("details")) {
      each.hidden = false;
      if (each !== node) each.open = true;
    }
    for (const child of node.className === "component" ? node.querySelectorAll("details") : []) child.hidden = false;
  }
  found.textContent = words.length === 0 ? "" : count + " of " + nodes.length + " match.";
}
let timer;
search.addEventListener("input", () => {
  clearTimeout(timer);
  timer = setTimeout(() => {
    filter();
    if (search.value !== "") document.getElementById("resources").scrollIntoView();
  }, 150);
});
document.addEventListener("keydown", (event) => {
  if (event.key === "/" && document.activeElement !== search) { event.preventDefault(); search.focus(); }
  if (event.key === "Escape" && document.activeElement === search) { search.value = ""; filter(); }
});
document.getElementById("open-all").addEventListener("click", () => {
  for (const node of nodes) if (node.className === "component") node.open = true;
});
document.getElementById("close-all").addEventListener("click", () => { for (const node of nodes) node.open = false; });
`;
