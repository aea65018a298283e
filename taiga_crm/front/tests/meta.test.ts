import { describe, expect, it } from 'vitest';
import type { Kind, Meta, TabKind } from '@/api/meta';
import generated from '@/generated/meta.json';
import { kindOf } from '@/kinds/index';
import { isIcon } from '@/kit/icons';
import { columnsOf, emptyState } from '@/screens/list/state';

const { entities, order } = generated as unknown as Meta;
const all = Object.values(entities);
const TABS: TabKind[] = [
  'data',
  'related',
  'stack',
  'timeline',
  'history',
  'projects',
  'connections',
  'files',
  'privacy',
  'due',
  'pending',
];
const UNKNOWN = kindOf({ kind: 'hologram' as Kind }).text;

describe("the API's own description", () => {
  it('names only kinds the front can show', () => {
    const fields = all.flatMap((entity) => entity.fields);
    expect(fields.length).toBeGreaterThan(50);
    for (const field of fields) {
      const isKnown =
        kindOf(field).text !== UNKNOWN || ['text', 'long_text', 'url', 'color'].includes(field.kind);
      expect([field.name, field.kind, isKnown]).toEqual([field.name, field.kind, true]);
    }
  });

  it('can edit every field that may be written', () => {
    const writable = all.flatMap((entity) => entity.fields.filter((field) => !field.read_only));
    expect(writable.filter((field) => kindOf(field).edit === null)).toEqual([]);
  });

  it('names only icons, tabs and orders that exist', () => {
    expect(all.filter(({ icon }) => !isIcon(icon)).map(({ key }) => key)).toEqual([]);
    expect(all.flatMap(({ tabs }) => tabs).filter(({ kind }) => !TABS.includes(kind))).toEqual([]);
    expect(order.filter((key) => !entities[key])).toEqual([]);
  });

  it('has columns for every list, and fields for every name it mentions', () => {
    for (const entity of all) {
      const names = new Set(entity.fields.map(({ name }) => name));
      const mentioned = [
        ...columnsOf(emptyState(), entity),
        ...entity.fieldsets.flatMap(({ fields }) => fields),
        ...entity.group_by.map(({ name }) => name),
        ...entity.totals,
        entity.name_field,
      ];
      expect([entity.key, mentioned.filter((name) => !names.has(name))]).toEqual([entity.key, []]);
    }
  });
});
