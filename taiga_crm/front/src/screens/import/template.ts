/** An empty CSV file with a column for every field, which any spreadsheet opens and no spreadsheet calculates. */
import type { ImportKind } from './imports';

const BOM = '\ufeff';

export function templateOf(kind: ImportKind): string {
  return `${BOM}${kind.fields.map(({ label }) => cell(label)).join(',')}\r\n`;
}

function cell(text: string): string {
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return `"${safe.replaceAll('"', '""')}"`;
}
