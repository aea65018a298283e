/** Events of the security log, and its filters as they stand in the address. */
export interface SecurityEvent {
  id: number;
  kind: string;
  at: string;
  first_at: string;
  number: number;
  user: { id: number; label: string } | null;
  token: { id: number; label: string; prefix: string } | null;
  ip: string | null;
  route: string;
  object: { kind: string; id: number | null; label: string } | null;
  details: Record<string, unknown>;
}

export interface LogOptions {
  kinds: { key: string; label: string }[];
  days: number;
}

export const FILTERS = ['kind', 'user', 'token', 'from', 'to'] as const;
export type Filters = Partial<Record<(typeof FILTERS)[number], string>>;

/** Reads the filters of an address; anything else in it is left alone. */
export function filtersOf(query: Record<string, unknown>): Filters {
  return Object.fromEntries(
    FILTERS.flatMap((name) => {
      const value = query[name];
      return typeof value === 'string' && value ? [[name, value]] : [];
    }),
  );
}

/** A day of the reader's clock as moments, so that "today" is his own. */
export function asMoments({ from, to, ...rest }: Filters): Filters {
  return { ...rest, ...(from && { from: moment(from, 0) }), ...(to && { to: moment(to, 1) }) };
}

function moment(day: string, later: number): string {
  const date = new Date(`${day}T00:00:00`);
  if (Number.isNaN(date.getTime())) return day;
  date.setDate(date.getDate() + later);
  return new Date(date.getTime() - later).toISOString();
}

/** What the codes of an event say, in a line: `rows: 12 · format: csv`. */
export function detailsOf({ details }: SecurityEvent): [string, string][] {
  return Object.entries(details).flatMap(([name, value]): [string, string][] => {
    const text = Array.isArray(value) ? value.join(', ') : String(value ?? '');
    return text ? [[name, text]] : [];
  });
}
