import { describe, expect, it } from 'vitest';
import { gathered, simplified } from '@/screens/list/builder/convert';
import { levelsOf, mayNest } from '@/screens/list/builder/edit';
import type { Filter } from '@/screens/list/state';
import {
  fromGroup,
  isUsable,
  type Leaf,
  newGroup,
  type Tree,
  toGroup,
  usableTree,
} from '@/screens/list/tree';
import { NESTED } from './builder-support';
import { plants } from './support';

describe('a tree of conditions', () => {
  it('survives the way into the builder and back, whatever its values look like', () => {
    const trees: Tree[] = [
      NESTED,
      ['name', 'exact', ['Oak, old', 'Ash']],
      { not: ['name', 'exact', 'x'] },
      { not: { not: ['name', 'exact', 'x'] } },
      {
        any: [
          {
            any: [
              ['a', 'exact', 1],
              ['b', 'exact', false],
            ],
          },
          ['c', 'exact', 'x'],
        ],
      },
    ];
    for (const tree of trees.slice(1)) expect(fromGroup(toGroup(tree))).toEqual(tree);
    // A group of one condition is that condition.
    expect(fromGroup(toGroup(NESTED))).toEqual({
      all: [...(NESTED as { all: Tree[] }).all.slice(0, 2), { not: ['family', 'exact', ['7', '8']] }],
    });
  });

  it('is asked without what no longer exists, and keeps it', () => {
    const tree: Tree = {
      any: [['wings', 'exact', 'x'], ['name', 'contains', 'oak'], { not: ['name', 'gte', '1'] }],
    };
    expect(usableTree(tree, plants())).toEqual({ any: [['name', 'contains', 'oak']] });
    expect(usableTree({ not: ['wings', 'exact', 'x'] }, plants())).toBeNull();
    expect(isUsable(['is_rare', 'exact', true], plants())).toBe(true);
  });

  it('becomes plain filters only where they say the same', () => {
    const plain: Leaf[] = [
      ['name', 'contains', 'oak'],
      ['height', 'gte', '20'],
    ];
    expect(simplified({ all: plain }, plants())).toEqual({
      tree: null,
      filters: [
        { field: 'name', operator: 'contains', value: 'oak' },
        { field: 'height', operator: 'gte', value: '20' },
      ],
    });
    const others: Tree[] = [
      { any: plain },
      { not: ['name', 'contains', 'oak'] },
      { all: [...plain, { any: plain }] },
      {
        all: [
          ['name', 'contains', 'oak'],
          ['name', 'contains', 'ash'],
        ],
      },
      ['name', 'exact', ['Oak, old', 'Ash']],
      ['wings', 'exact', '2'],
      { all: Array.from({ length: 21 }, (_, at) => ['name', 'exact', String(at)] as Leaf) },
    ];
    for (const tree of others) expect(simplified(tree, plants())).toEqual({ filters: [], tree });
  });

  it('takes the plain filters in, unless it would become too deep', () => {
    const filters: Filter[] = [{ field: 'name', operator: 'contains', value: 'oak' }];
    expect(gathered({ filters, tree: { any: [['height', 'gte', '1']] } }).tree).toEqual({
      all: [['name', 'contains', 'oak'], { any: [['height', 'gte', '1']] }],
    });
    let deep: Tree = ['height', 'gte', '1'];
    for (let level = 0; level < 5; level += 1) deep = { any: [deep] };
    expect(gathered({ filters, tree: deep })).toEqual({ filters, tree: deep });
  });

  it('counts a negation as a level', () => {
    const group = { ...newGroup('all', [{ ...newGroup('any'), negated: true }]), negated: true };
    expect(levelsOf(group)).toBe(4);
    expect([mayNest(newGroup(), 3), mayNest(newGroup(), 4)]).toEqual([true, false]);
  });
});
