/** What the list of a related tab is filtered by; `$id` stands for the record itself. */
import type { Tab } from '@/api/meta';

export function relatedFilter(tab: Tab, id: number): Record<string, string> {
  return Object.fromEntries(
    Object.entries(tab.filter).map(([name, value]) => [name, value === '$id' ? String(id) : value]),
  );
}
