import { type Html, html } from "./html";
import { isCreated, shortType } from "./plan";
import { counted } from "./text";
import { type TreeNode, typeCounts } from "./tree";
import type { StackView } from "./view";

/** Every resource, below the component that makes it. */
export function treeSection({ tree, counts }: StackView): Html {
  return html`<section id="resources"><h2>Resources</h2>
<p>${counted(counts.resources, "resource")} in ${counted(counts.components, "component")}; Pulumi counts ${counts.all}, since it adds
components, providers and the stack. <span id="found" role="status"></span></p>
<p class="tools"><button type="button" id="open-all">Open components</button> <button type="button" id="close-all">Close all</button></p>
<div class="tree">${tree.children.map(branch)}</div></section>`;
}

function branch(node: TreeNode): Html {
  const { resource, children, count } = node;
  const kind = resource.custom ? "resource" : "component";
  const folded = resource.custom
    ? undefined
    : html`<span class="count">${count}</span><span class="types">${typeCounts(node)
        .map(({ type, count: of }) => (of === 1 ? type : `${of} ${type}`))
        .join(", ")}</span>`;
  const marks = [
    ...(resource.read ? ["exists already"] : []),
    ...(resource.options.protect ? ["protected"] : []),
    ...(resource.options.retainOnDelete ? ["kept on destroy"] : []),
    ...(resource.custom && !isCreated(resource) && !resource.read ? ["provider"] : []),
  ].map((mark) => html`<span class="mark">${mark}</span>`);
  return html`<details class="${kind}" data-urn="${resource.urn}"><summary><span class="type" title="${resource.type}">${shortType(resource.type)}</span>
<span class="name">${resource.name}</span>${marks}${folded}</summary>
<div class="inside"><pre class="details"></pre>${children.map(branch)}</div></details>`;
}
