/** What the API tells about an import of cards. */
export interface CardRow {
  number: number;
  kind: string;
  name: string;
  id: number | null;
  account: string | null;
  outcome: 'created' | 'updated' | 'unchanged' | 'refused';
  remarks: string[];
}

export interface CardReport {
  cards: number;
  counts: Record<CardRow['outcome'], number>;
  rows: CardRow[];
}
