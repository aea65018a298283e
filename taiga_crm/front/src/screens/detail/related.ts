/** What stands in a tab, and what the list of a related one is filtered by. */
import type { Tab } from '@/api/meta';

/** The parts of a stack, or the tab itself. */
export function partsOf(tab: Tab): Tab[] {
  return tab.parts?.length ? tab.parts : [tab];
}

/** `$id` stands for the record itself. */
export function relatedFilter(tab: Tab, id: number): Record<string, string> {
  return Object.fromEntries(
    Object.entries(tab.filter).map(([name, value]) => [name, value === '$id' ? String(id) : value]),
  );
}
