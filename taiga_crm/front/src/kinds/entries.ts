/** E-mails and phones: rows of a value and its type, one of them primary. */
export interface Entry {
  id?: number;
  value: string;
  type: string;
  is_primary: boolean;
  display?: string;
}

export const ENTRY_TYPES = {
  email: ['work', 'home', 'other'],
  phone: ['work', 'mobile', 'home', 'fax', 'other'],
};

export function entriesText(value: unknown): string {
  return primaryFirst(value)
    .map((entry) => entry.display || entry.value)
    .join(', ');
}

export function primaryFirst(value: unknown): Entry[] {
  return [...((value as Entry[] | null) ?? [])].sort((a, b) => Number(b.is_primary) - Number(a.is_primary));
}

/** Rows left empty are not sent; exactly one of the others is primary. */
export function entriesBody(draft: unknown): Omit<Entry, 'display'>[] {
  const filled = ((draft as Entry[] | null) ?? []).filter((entry) => entry.value.trim() !== '');
  const primary = Math.max(
    0,
    filled.findIndex((entry) => entry.is_primary),
  );
  return filled.map(({ display: _display, ...entry }, index) => ({
    ...entry,
    value: entry.value.trim(),
    is_primary: index === primary,
  }));
}
