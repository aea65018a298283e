/** What the person opened from the search lately; kept for this tab only, because names are nobody else's business. */
export interface Result {
  id: number;
  label: string;
  detail?: string;
  kind?: string;
  ref?: number;
  project?: { slug: string };
}

export interface Found extends Result {
  entity: string;
  /** A page of the CRM instead of a record: its address below the level. */
  page?: string;
  icon?: string;
}

const LIMIT = 8;

export function recentOf(user: number): Found[] {
  try {
    return JSON.parse(sessionStorage.getItem(name(user)) ?? '[]') as Found[];
  } catch {
    return [];
  }
}

export function remember(user: number, found: Found): void {
  const others = recentOf(user).filter(({ entity, id }) => entity !== found.entity || id !== found.id);
  sessionStorage.setItem(name(user), JSON.stringify([found, ...others].slice(0, LIMIT)));
}

export function forget(user: number): void {
  sessionStorage.removeItem(name(user));
}

function name(user: number): string {
  return `crm-recent-${user}`;
}
