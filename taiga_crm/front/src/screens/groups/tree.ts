/** Rows that lie below one another, as a forest: cut into sections, narrowed by a text. */
import type { CrmRecord, Entity, LinkValue } from '@/api/meta';
import { entityName, fieldOf } from '@/api/records';

export interface TreeRow extends CrmRecord {
  /** Records under the row itself; missing where they cannot be seen. */
  _own?: number;
  /** Those and the ones of the rows below, each once. */
  _whole?: number;
}

export interface TreeNode {
  row: TreeRow;
  name: string;
  children: TreeNode[];
}

export interface Section {
  key: string;
  label: string;
  nodes: TreeNode[];
}

/** Keeps the order of the rows; what leads to no row at the top (a circle) is shown at the top. */
export function forestOf(rows: TreeRow[], entity: Entity): TreeNode[] {
  const nodes = new Map(
    rows.map((row) => [row.id, { row, name: entityName(entity, row), children: [] as TreeNode[] }]),
  );
  const above = (node: TreeNode) => nodes.get((node.row[entity.tree ?? ''] as LinkValue | null)?.id ?? 0);
  const roots: TreeNode[] = [];
  for (const node of nodes.values()) {
    const parent = above(node);
    if (parent && !leadsTo(parent, node, above)) parent.children.push(node);
    else roots.push(node);
  }
  return roots;
}

function leadsTo(from: TreeNode, wanted: TreeNode, above: (node: TreeNode) => TreeNode | undefined) {
  const seen = new Set<TreeNode>();
  for (let one: TreeNode | undefined = from; one && !seen.has(one); one = above(one)) {
    if (one === wanted) return true;
    seen.add(one);
  }
  return false;
}

/** Rows whose name contains the text, and the way to them. */
export function narrowed(nodes: TreeNode[], text: string): TreeNode[] {
  const wanted = text.trim().toLowerCase();
  if (!wanted) return nodes;
  return nodes.flatMap((node) => {
    const children = narrowed(node.children, text);
    return children.length || node.name.toLowerCase().includes(wanted) ? [{ ...node, children }] : [];
  });
}

/** One section for each choice of the field that the list is grouped by first, when it is a choice. */
export function sectionsOf(nodes: TreeNode[], entity: Entity): Section[] {
  const field = fieldOf(entity, entity.group_by[0]?.name ?? '');
  if (!field?.choices) return [{ key: '', label: '', nodes }];
  const known = new Set(field.choices.map(({ value }) => value));
  const sections = field.choices.map(({ value, label }) => ({
    key: value,
    label,
    nodes: nodes.filter(({ row }) => row[field.name] === value),
  }));
  const others = nodes.filter(({ row }) => !known.has(String(row[field.name])));
  return [...sections, { key: '', label: '', nodes: others }].filter((one) => one.nodes.length);
}
