/** What the API answers when many records are touched at once: a result for each. */
export interface BulkResult {
  id: number;
  status: 'changed' | 'unchanged' | 'deleted' | 'refused' | 'stale';
  message?: string;
  errors?: Record<string, string[]>;
}

export interface BulkAnswer {
  results: BulkResult[];
  counts: Partial<Record<BulkResult['status'], number>>;
}

export const MOST = 500;

/** Why a row was left as it is. */
export function reasonOf(result: BulkResult): string {
  const errors = Object.values(result.errors ?? {}).flat();
  return errors.join(' ') || result.message || '';
}
