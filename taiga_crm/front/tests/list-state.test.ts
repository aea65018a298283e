import { describe, expect, it } from 'vitest';
import {
  columnsOf,
  emptyState,
  filterParams,
  narrow,
  nextSort,
  readState,
  writeState,
} from '@/screens/list/state';
import { plants } from './support';

describe('the state of a list in its address', () => {
  it('survives the way into the address and back', () => {
    const state = {
      ...emptyState(),
      q: 'oak & ash',
      sort: ['-height', 'name'],
      groupBy: 'planted_at:month',
      open: ['2026-11-01', 'a,b'],
      page: 3,
      pageSize: 100,
      columns: ['height', 'name'],
      filters: [
        { field: 'family', operator: 'exact' as const, value: '5,7' },
        { field: 'name', operator: 'contains' as const, value: 'oak' },
        { field: 'height', operator: 'gte' as const, value: '20' },
      ],
    };
    expect(readState(writeState(state), plants())).toEqual(state);
  });

  it('keeps to what one import has created, and sends it with every other filter', () => {
    const state = readState({ imported: '12', is_rare: 'true', view: 'none' }, plants());
    expect(filterParams(state)).toEqual({ imported: 12, is_rare: 'true' });
    expect(writeState(state)).toEqual({ imported: '12', is_rare: 'true' });
    expect(readState({ imported: 'all' }, plants()).broken).toEqual({ imported: 'all' });
  });

  it('is a plain address for a plain list', () => {
    expect(writeState(emptyState())).toEqual({});
  });

  it('keeps a filter that no longer exists, as broken, and does not send it', () => {
    const state = readState({ wingspan__gte: '3', is_rare: 'true' }, plants());
    expect(state.broken).toEqual({ wingspan__gte: '3' });
    expect(filterParams(state)).toEqual({ is_rare: 'true' });
    expect(writeState(state)).toEqual({ is_rare: 'true', wingspan__gte: '3' });
  });

  it('ignores nonsense in pages, sizes, sorts, groups and columns', () => {
    const query = {
      page: '-4',
      page_size: '7',
      sort: 'wings,-name',
      group_by: 'wings',
      columns: 'wings',
      tab: 'people',
    };
    expect(readState(query, plants())).toEqual({ ...emptyState(), sort: ['-name'] });
  });

  it('never lets the star be a column', () => {
    expect(columnsOf(emptyState(), plants())).toEqual(['name', 'family', 'height', 'price']);
    expect(columnsOf({ ...emptyState(), columns: ['price', 'is_favorite'] }, plants())).toEqual(['price']);
  });

  it('lets the page around the list win over its own filters', () => {
    const state = readState({ family: '9' }, plants());
    expect(filterParams(state, { family: '1' })).toEqual({ family: '1' });
  });

  it('takes the narrower bound when a group is opened', () => {
    const params = { planted_at__gte: '2026-11-15', planted_at__lte: '2026-12-31', family: '1,2' };
    const group = { planted_at__gte: '2026-11-01', planted_at__lte: '2026-11-30', family: '1' };
    expect(narrow(params, group)).toEqual({
      planted_at__gte: '2026-11-15',
      planted_at__lte: '2026-11-30',
      family: '1',
    });
  });

  it('sorts up, down, and back to the order of the entity', () => {
    expect([nextSort([], 'a'), nextSort(['a'], 'a'), nextSort(['-a'], 'a'), nextSort(['b'], 'a')]).toEqual([
      ['a'],
      ['-a'],
      [],
      ['a'],
    ]);
  });
});
