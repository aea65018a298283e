/** Files of lists: their names in any alphabet. */
import { describe, expect, it } from 'vitest';
import { fileName } from '@/api/client';

describe('the name of a file', () => {
  it.each([
    ['attachment; filename="_.csv"; filename*=UTF-8\'\'%EA%B1%B0%EB%9E%98.csv', '거래.csv'],
    ['attachment; filename="Accounts.csv"', 'Accounts.csv'],
    ['', ''],
  ])('%s', (header, name) => {
    expect(fileName(header)).toBe(name);
  });
});
