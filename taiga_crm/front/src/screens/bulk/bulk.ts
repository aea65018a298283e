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
