import { describe, expect, it } from 'vitest';
import { outcomes, outcomesInAnyState, warningsOf } from '@/screens/settings/rules/outcome';
import {
  EVERY_STATE,
  gridOf,
  implied,
  offered,
  type Rule,
  type RuledField,
  rulesFrom,
  same,
  viewersOf,
  withCell,
  withViewers,
} from '@/screens/settings/rules/rules';
import { field, rule, ruleSet } from './rules-support';

describe('a grid of rules', () => {
  it('says the same as the rules it was made from, in as few rules as it can', () => {
    const rules = [
      rule('height', 'hidden', { roles: [1], states: ['seed'] }),
      rule('height', 'hidden', { users: [9], states: ['seed'] }),
      rule('height', 'required'),
    ];
    const back = rulesFrom('height', gridOf(rules));
    expect(back).toEqual([
      rule('height', 'hidden', { roles: [1], users: [9], states: ['seed'] }),
      rule('height', 'required'),
    ]);
    expect(same(rules, back)).toBe(true);
  });

  it('never lets a rule for everybody swallow one for somebody, or the other way round', () => {
    const rules = [
      rule('height', 'hidden', { states: ['seed'] }),
      rule('height', 'hidden', { roles: [1], states: ['seed'] }),
    ];
    expect(rulesFrom('height', gridOf(rules))).toEqual(rules);
  });

  it('replaces the effect of one cell and leaves the others and the viewers', () => {
    const rules = [rule('height', 'visible_to', { users: [9] }), rule('height', 'hidden', { roles: [1, 2] })];
    expect(withCell('height', rules, 'roles:1', EVERY_STATE, 'read_only')).toEqual([
      rule('height', 'visible_to', { users: [9] }),
      rule('height', 'hidden', { roles: [2] }),
      rule('height', 'read_only', { roles: [1] }),
    ]);
    expect(withCell('height', rules, 'roles:1', EVERY_STATE, null)).toHaveLength(2);
  });

  it('shows what a wider cell, or a rule of all projects, implies', () => {
    const own = [
      rule('height', 'read_only', { roles: [1] }),
      rule('height', 'required', { states: ['tree'] }),
    ];
    expect(implied(own, [], 'roles:1', 'seed')).toBe('read_only');
    expect(implied(own, [], 'roles:2', 'tree')).toBe('required');
    expect(implied(own, [], 'roles:1', EVERY_STATE)).toBeNull();
    expect(implied(own, [rule('height', 'hidden')], 'roles:2', 'seed')).toBe('hidden');
  });

  it('says who may see a field, and everyone when nobody is left', () => {
    const rules = withViewers('height', [rule('height', 'required')], ['roles:1', 'users:9']);
    expect(viewersOf(rules)).toEqual(['roles:1', 'users:9']);
    expect(withViewers('height', rules, [])).toEqual([rule('height', 'required')]);
  });

  it('offers only what makes sense', () => {
    expect(offered(field('name', { may_hide: false }), EVERY_STATE)).toEqual(['read_only', 'required']);
    expect(offered(field('stage', { is_state: true }), 'seed')).toEqual(['hidden', 'required']);
    expect(offered(field('total', { may_write: false, may_require: false }), 'seed')).toEqual(['hidden']);
  });
});

describe('a preview', () => {
  const rules = [
    rule('height', 'read_only', { roles: [1], states: ['tree'] }),
    rule('price', 'visible_to', { user_types: [1] }),
    rule('stage', 'required'),
  ];

  it('tells what a role sees, edits and must fill in, and hides what is made from hidden fields', () => {
    const found = outcomes(ruleSet(), rules, ['roles:1'], 'tree');
    expect([...found]).toEqual([
      ['name', 'required'],
      ['stage', 'required'],
      ['height', 'read'],
      ['price', 'hidden'],
      ['total', 'hidden'],
    ]);
    expect(outcomes(ruleSet(), rules, ['roles:1'], 'seed').get('height')).toBe('edit');
    expect(outcomes(ruleSet(), rules, ['user_types:1'], 'tree').get('price')).toBe('edit');
  });

  it('says that it depends on the state where it does', () => {
    expect(outcomesInAnyState(ruleSet(), rules, ['roles:1']).get('height')).toBe('varies');
    expect(outcomesInAnyState(ruleSet(), rules, ['roles:2']).get('height')).toBe('edit');
  });

  it('knows the rules of all projects', () => {
    const set = ruleSet({ project: 3, inherited: [rule('height', 'hidden')] });
    expect(outcomes(set, [], ['roles:1'], 'seed').get('height')).toBe('hidden');
  });
});

describe('a warning', () => {
  const kinds = (name: string, own: Rule[], set = ruleSet()) =>
    warningsOf(set, set.fields.find((one) => one.name === name) as RuledField, own).map(({ kind }) => kind);

  it('is given when nobody would see a field any more', () => {
    expect(kinds('height', [rule('height', 'hidden')])).toEqual(['nobody']);
    expect(
      kinds('height', [
        rule('height', 'hidden', { states: ['seed'] }),
        rule('height', 'hidden', { states: ['tree'] }),
      ]),
    ).toEqual(['nobody']);
    expect(kinds('height', [rule('height', 'hidden', { states: ['seed'] })])).toEqual([]);
    expect(kinds('height', [rule('height', 'visible_to', { users: [77] })])).toEqual(['nobody']);
    const all = [rule('height', 'hidden', { roles: [1, 2] })];
    expect(kinds('height', all)).toEqual([]);
    expect(kinds('height', all, ruleSet({ project: 3 }))).toEqual(['nobody']);
  });

  it('is given when the same people must fill in what they cannot', () => {
    expect(kinds('height', [rule('height', 'required'), rule('height', 'hidden', { roles: [1] })])).toEqual([
      'hides_required',
    ]);
    expect(
      kinds('height', [
        rule('height', 'required', { states: ['tree'] }),
        rule('height', 'read_only', { roles: [1] }),
      ]),
    ).toEqual(['locks_required']);
    expect(
      kinds('height', [
        rule('height', 'required', { states: ['tree'] }),
        rule('height', 'read_only', { roles: [1], states: ['seed'] }),
      ]),
    ).toEqual([]);
  });

  it('names what else disappears', () => {
    expect(warningsOf(ruleSet(), field('price'), [rule('price', 'hidden', { roles: [1] })])).toEqual([
      { kind: 'hides_made', severe: false, names: 'Total' },
    ]);
  });
});
