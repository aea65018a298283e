import { describe, expect, it } from 'vitest';
import type { Kind } from '@/api/meta';
import { createFormats } from '@/kinds/formats';
import { kindOf, toBody, toDraft } from '@/kinds/index';
import { safeHref } from '@/kinds/url';
import { field } from './support';

const en = createFormats('en');
const text = (kind: Kind, value: unknown, over = {}) =>
  kindOf({ kind }).text(value, en, field('x', kind, over));

describe('a value as text', () => {
  it('is empty for nothing, whatever the kind', () => {
    const kinds: Kind[] = [
      ...([
        'text',
        'long_text',
        'integer',
        'decimal',
        'money',
        'boolean',
        'date',
        'datetime',
        'choice',
        'country',
      ] as const),
      ...(['link', 'links', 'emails', 'phones', 'url', 'color', 'tags'] as const),
    ];
    expect(kinds.map((kind) => text(kind, null))).toEqual(kinds.map(() => ''));
  });

  it('shows money with its own minor units and never adds currencies', () => {
    expect(text('money', { amount: '1234.5', currency: 'EUR' })).toBe('€1,234.50');
    expect(text('money', { amount: '9568017', currency: 'KRW' })).toBe('₩9,568,017');
    expect(text('money', { amount: '1400000000.00', currency: 'CZK' })).toBe('Kč\u00a01,400,000,000');
    const both = [
      { amount: '1.00', currency: 'EUR' },
      { amount: '2.00', currency: 'USD' },
    ];
    expect(text('money', both)).toBe('€1 + $2');
  });

  it('keeps every digit of a long decimal', () => {
    expect(text('decimal', '12345678901234567890.12')).toBe('12,345,678,901,234,567,890.12');
  });

  it('shows a day as the same day in every time zone', () => {
    expect(text('date', '2026-01-31')).toBe('Jan 31, 2026');
  });

  it('does not group the digits of a year', () => {
    expect(kindOf({ kind: 'integer' }).text(1998, en, field('founded_year', 'integer'))).toBe('1998');
    expect(kindOf({ kind: 'integer' }).text(3400, en, field('employees', 'integer'))).toBe('3,400');
  });

  it('knows countries by name in the language', () => {
    expect(text('country', 'KR')).toBe('South Korea');
    expect(kindOf({ kind: 'country' }).text('KR', createFormats('ko'), field('x', 'country'))).toBe(
      '대한민국',
    );
  });

  it('shows labels of choices, links and the primary e-mail first', () => {
    expect(text('choice', 'b', { choices: [{ value: 'b', label: 'Beta' }] })).toBe('Beta');
    expect(text('link', { id: 3, label: 'Acme' })).toBe('Acme');
    const emails = [
      { value: 'b@x.test', type: 'work', is_primary: false },
      { value: 'a@x.test', type: 'work', is_primary: true },
    ];
    expect(text('emails', emails)).toBe('a@x.test, b@x.test');
  });

  it('shows a kind it does not know as text and does not edit it', () => {
    const spec = kindOf({ kind: 'hologram' as Kind });
    expect([spec.text('?', en, field('x', 'text')), spec.edit]).toEqual(['?', null]);
  });
});

describe('what is sent for a draft', () => {
  it('is the id of a link and the ids of links', () => {
    expect(toBody(field('x', 'link'), { id: 3, label: 'Acme' })).toBe(3);
    expect(toBody(field('x', 'link'), null)).toBeNull();
    expect(toBody(field('x', 'links'), [{ id: 3, label: 'A' }])).toEqual([3]);
  });

  it('is null for empty text only where null is allowed', () => {
    expect(toBody(field('x', 'text'), '  ')).toBe('');
    expect(toBody(field('x', 'text', { nullable: true }), '')).toBeNull();
  });

  it('leaves out empty e-mail rows and has exactly one primary', () => {
    const rows = [
      { value: ' a@x.test ', type: 'work', is_primary: false },
      { value: '', type: 'home', is_primary: true },
      { value: 'b@x.test', type: 'home', is_primary: false, display: 'B' },
    ];
    expect(toBody(field('x', 'emails'), rows)).toEqual([
      { value: 'a@x.test', type: 'work', is_primary: true },
      { value: 'b@x.test', type: 'home', is_primary: false },
    ]);
  });

  it('is null for money without an amount', () => {
    expect(toBody(field('x', 'money'), { amount: '', currency: 'EUR' })).toBeNull();
    expect(toBody(field('x', 'money'), { amount: '5', currency: 'EUR' })).toEqual({
      amount: '5',
      currency: 'EUR',
    });
  });

  it('is a copy: typing never changes the record itself', () => {
    const record = [{ value: 'a@x.test', type: 'work', is_primary: true }];
    const draft = toDraft(field('x', 'emails'), record) as typeof record;
    (draft[0] as { value: string }).value = 'changed';
    expect(record[0]?.value).toBe('a@x.test');
  });
});

describe('a web address', () => {
  it('opens only http and https', () => {
    expect(safeHref('example.com')).toBe('https://example.com');
    expect(safeHref('http://example.com/a')).toBe('http://example.com/a');
    expect(safeHref('javascript:alert(1)')).toBeNull();
    expect(safeHref('data:text/html,x')).toBeNull();
  });
});
