/** Fields, rules and a set of them for the tests of field permissions. */
import type { Rule, RuledField, RuleSet } from '@/screens/settings/rules/rules';

export const field = (name: string, over: Partial<RuledField> = {}): RuledField => ({
  name,
  label: name.replace(/^./, (letter) => letter.toUpperCase()),
  section: 'Plant',
  custom: false,
  required: false,
  may_hide: true,
  may_write: true,
  may_require: true,
  is_state: false,
  made_from: [],
  ...over,
});
export const rule = (name: string, effect: Rule['effect'], over: Partial<Rule> = {}): Rule => ({
  field: name,
  effect,
  roles: [],
  user_types: [],
  users: [],
  states: [],
  ...over,
});

export function ruleSet(over: Partial<RuleSet> = {}): RuleSet {
  return {
    kind: 'plant',
    project: null,
    version: 4,
    fields: [
      field('name', { may_hide: false, required: true }),
      field('stage', { is_state: true }),
      field('height'),
      field('price'),
      field('total', { may_write: false, may_require: false, made_from: ['price'] }),
    ],
    state: {
      field: 'stage',
      label: 'Stage',
      values: [
        { value: 'seed', label: 'Seed' },
        { value: 'tree', label: 'Tree' },
      ],
    },
    roles: [
      { id: 1, label: 'Sales', project: 'Aurora' },
      { id: 2, label: 'Support', project: 'Aurora' },
    ],
    user_types: [{ id: 1, label: 'Director' }],
    users: [],
    rules: [],
    inherited: [],
    ...over,
  };
}
