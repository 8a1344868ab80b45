import { isCreated, type Plan, type PlannedResource, shortType } from "./plan";

/** A resource with what hangs under it. */
export interface TreeNode {
  readonly resource: PlannedResource;
  readonly children: TreeNode[];
  /** Resources that `pulumi up` creates for it and beneath it. */
  readonly count: number;
}

/** The plan as a tree whose root is the stack. */
export function treeOf(plan: Plan): TreeNode {
  const children = new Map<string, PlannedResource[]>();
  for (const resource of plan.resources) {
    const siblings = children.get(resource.parent);
    if (siblings) siblings.push(resource);
    else children.set(resource.parent, [resource]);
  }
  const node = (resource: PlannedResource): TreeNode => {
    const below = (children.get(resource.urn) ?? []).map(node);
    const count = below.reduce((sum, child) => sum + child.count, isCreated(resource) ? 1 : 0);
    return { resource, children: below, count };
  };
  const root = plan.resources.find((resource) => resource.type === "pulumi:pulumi:Stack");
  if (root === undefined) throw new Error("the plan has no stack: the program never ran");
  return node(root);
}

/** Components first, in the order of the plan; then the other resources. */
export function componentsOf(node: TreeNode): TreeNode[] {
  return node.children.filter(({ resource }) => !resource.custom);
}

/** `9 Subnet, 3 Eip`: the types of the resources directly under `node`, most frequent first. */
export function typeCounts(node: TreeNode): { type: string; count: number }[] {
  const counts = new Map<string, number>();
  for (const { resource } of node.children) {
    if (!isCreated(resource)) continue;
    const type = shortType(resource.type);
    counts.set(type, (counts.get(type) ?? 0) + 1);
  }
  return [...counts]
    .map(([type, count]) => ({ type, count }))
    .sort((a, b) => b.count - a.count || (a.type < b.type ? -1 : 1));
}
