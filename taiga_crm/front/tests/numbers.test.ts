import { describe, expect, it } from 'vitest';
import { parseDecimal, parseInteger } from '@/kinds/numbers';

describe('a decimal as typed', () => {
  it.each([
    ['1234.5', 'en', '1234.5'],
    ['1,234.50', 'en', '1234.5'],
    ['1.234,50', 'de', '1234.5'],
    ['1.234,50', 'en', '1234.5'],
    ['1 234,5', 'cs', '1234.5'],
    ['1,234', 'en', '1234'],
    ['1,5', 'en', '1.5'],
    ['1.234', 'de', '1234'],
    ['1.5', 'de', '1.5'],
    ['1,234', 'de', '1.234'],
    ['-0.10', 'en', '-0.1'],
    ['+7', 'ko', '7'],
    ['12345678901234567890.12', 'en', '12345678901234567890.12'],
  ])('%s in %s is %s', (typed, lang, expected) => {
    expect(parseDecimal(typed, lang)).toBe(expected);
  });

  it.each(['', '   ', 'abc', '1.2.3', '1,2,3', '--1', '1e5', '.'])('%j is no number', (typed) => {
    expect(parseDecimal(typed, 'en')).toBeNull();
  });
});

describe('a whole number as typed', () => {
  it('accepts groups and refuses fractions', () => {
    expect([parseInteger('3,400', 'en'), parseInteger('3.5', 'en'), parseInteger('x', 'en')]).toEqual([
      3400,
      null,
      null,
    ]);
  });

  it('refuses what does not fit', () => {
    expect(parseInteger('99999999999999999999', 'en')).toBeNull();
  });
});
