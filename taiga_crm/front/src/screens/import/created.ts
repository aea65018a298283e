/** The list that shows exactly what an import has created. */
import { count, type Import } from './imports';

export function createdQuery(data: Import): Record<string, string> {
  if (count(data.result, 'created') === 0) return {};
  // Whatever view the list starts with, it would hide some of them.
  return { imported: String(data.id), view: 'none' };
}
