import { describe, expect, it } from 'vitest';
import { createI18n, nearest } from '@/i18n';
import en from '@/i18n/en.json';
import ko from '@/i18n/ko.json';

const PLURAL_FORMS = new Set(['one', 'other']);

function leaves(node: unknown, path = ''): Map<string, string> {
  if (typeof node === 'string') return new Map([[path, node]]);
  const entries = Object.entries(node as object);
  if (entries.every(([key]) => PLURAL_FORMS.has(key)))
    return new Map([[path, String((node as { other: string }).other)]]);
  return new Map(entries.flatMap(([key, child]) => [...leaves(child, path ? `${path}.${key}` : key)]));
}

const placeholders = (message = '') => [...message.matchAll(/\{(\w+)\}/g)].map(([, name]) => name).sort();

describe('the catalogues', () => {
  it('have the same keys in every language', () => {
    expect([...leaves(ko).keys()].sort()).toEqual([...leaves(en).keys()].sort());
  });

  it('have the same placeholders in every language', () => {
    const korean = leaves(ko);
    for (const [key, message] of leaves(en))
      expect([key, placeholders(korean.get(key))]).toEqual([key, placeholders(message)]);
  });

  it('leave nothing untranslated', () => {
    for (const [key, message] of leaves(ko)) expect([key, message.trim()]).not.toEqual([key, '']);
  });
});

describe('a message', () => {
  it('is spoken in the nearest language', () => {
    expect([nearest('ko-KR'), nearest('KO'), nearest('fr'), nearest('en_US')]).toEqual([
      'ko',
      'ko',
      'en',
      'en',
    ]);
  });

  it('fills in text and formats numbers', async () => {
    const i18n = createI18n();
    await i18n.speak('en');
    expect(i18n.t('list.range', { from: 1, to: 50, n: 1234 })).toBe('1–50 of 1,234');
    expect(i18n.t('list.new', { name: '{name}' })).toBe('New {name}');
  });

  it('is the key itself when it is missing', async () => {
    const i18n = createI18n();
    await i18n.speak('ko');
    expect(i18n.t('no.such.key' as 'common.save')).toBe('no.such.key');
    expect(i18n.t('common.save')).toBe('저장');
  });
});
