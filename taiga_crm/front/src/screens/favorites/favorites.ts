/** A person's stars on records of all kinds, in one of two orders. */
export interface Favorite {
  kind: string;
  id: number;
  label: string;
  detail: string;
  starred_at: string;
}

export type Order = 'newest' | 'own';

export const keyOf = ({ kind, id }: Pick<Favorite, 'kind' | 'id'>): string => `${kind}/${id}`;

/** The API answers in the person's own order. */
export function inOrder(favorites: Favorite[], order: Order): Favorite[] {
  if (order === 'own') return favorites;
  return [...favorites].sort((a, b) => b.starred_at.localeCompare(a.starred_at));
}

/** The same list with one moved up or down by a place; null when it is at the end already. */
export function moved(favorites: Favorite[], at: number, by: -1 | 1): Favorite[] | null {
  const [one, other] = [favorites[at], favorites[at + by]];
  if (!one || !other) return null;
  return favorites.map((each, place) => (place === at ? other : place === at + by ? one : each));
}
