import { describe, expect, it } from 'vitest';
import FieldRulesScreen from '@/screens/settings/rules/FieldRulesScreen.vue';
import { outcomes, outcomesInAnyState, warningsOf } from '@/screens/settings/rules/outcome';
import {
  EVERY_STATE,
  gridOf,
  implied,
  offered,
  type Rule,
  type RuledField,
  type RuleSet,
  rulesFrom,
  same,
  viewersOf,
  withCell,
  withViewers,
} from '@/screens/settings/rules/rules';
import { fakeServer, mountAt, type Reply, type Sent, settle } from './support';

const field = (name: string, over: Partial<RuledField> = {}): RuledField => ({
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
const rule = (name: string, effect: Rule['effect'], over: Partial<Rule> = {}): Rule => ({
  field: name,
  effect,
  roles: [],
  user_types: [],
  users: [],
  states: [],
  ...over,
});

function ruleSet(over: Partial<RuleSet> = {}): RuleSet {
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

describe('the page of field permissions', () => {
  function server(over: (request: Sent) => Reply | null = () => null, set = ruleSet()) {
    return fakeServer((request) => {
      const special = over(request);
      if (special) return special;
      if (request.path === '/field-rules')
        return { kinds: [{ key: 'plant', label: 'Plants' }], global: true };
      if (request.path.endsWith('/history'))
        return [{ id: 1, at: '2026-01-01T10:00:00Z', actor: { id: 2, label: 'Ada' }, changes: [] }];
      if (request.method === 'PUT') return { ...set, ...request.body, version: 5 } as Record<string, unknown>;
      return request.path === '/field-rules/plant' ? { body: set } : {};
    });
  }
  const show = (query = '') => mountAt(FieldRulesScreen, { at: `/crm/settings/field-permissions${query}` });
  type Shown = Awaited<ReturnType<typeof show>>['wrapper'];
  const choose = async (wrapper: Shown, label: string, value: string) => {
    await wrapper.find(`select[aria-label="${label}"]`).setValue(value);
    await settle();
  };
  const button = (wrapper: Shown, text: string) =>
    wrapper.findAll('button').find((one) => one.text() === text);

  it('lists the fields with their rules as chips, and only those with rules when asked', async () => {
    const rules = [
      rule('height', 'hidden', { roles: [1, 2], states: ['tree'] }),
      rule('price', 'visible_to', { roles: [2] }),
    ];
    server(undefined, ruleSet({ rules }));
    const { wrapper } = await show('?only=1');
    expect(wrapper.findAll('.rule-row .name').map((one) => one.text())).toEqual(['Height', 'Price']);
    expect(wrapper.find('[data-field=height] .chips').text()).toBe('Hidden: Sales, Support · Tree');
    expect(wrapper.find('[data-field=price] .seen').text()).toBe('Support');
  });

  it('saves the changed rules as one with the version, the others as they were', async () => {
    const kept = [rule('price', 'hidden', { roles: [2] }), rule('price', 'hidden', { roles: [1] })];
    const sent = server(undefined, ruleSet({ rules: kept }));
    const { wrapper, host } = await show('?open=height');
    expect(host.leaving?.()).toBeNull();
    await choose(wrapper, 'Height: Sales (Aurora), Tree', 'required');
    expect(host.leaving?.()).toMatch(/not been saved/);
    await button(wrapper, 'Save')?.trigger('click');
    await settle();
    expect(sent.find(({ method }) => method === 'PUT')?.body).toEqual({
      version: 4,
      rules: [rule('height', 'required', { roles: [1], states: ['tree'] }), ...kept],
    });
    expect(host.notices).toEqual(['The rules were saved; they hold from now on']);
    expect(host.leaving?.()).toBeNull();
  });

  it('keeps what was typed when somebody else saved, takes over the rest, and asks where both changed', async () => {
    let stale = true;
    const theirs = ruleSet({
      version: 5,
      rules: [rule('height', 'hidden', { roles: [2] }), rule('price', 'read_only', { roles: [2] })],
    });
    const sent = server(({ method, path }) => {
      if (method === 'PUT' && stale) {
        stale = false;
        return {
          status: 400,
          body: { version: ['Changed.'], code: 'stale_version', _error_message: 'Changed.' },
        };
      }
      return method === 'GET' && path === '/field-rules/plant' && !stale ? { body: theirs } : null;
    });
    const { wrapper } = await show('?open=height');
    await choose(wrapper, 'Height: Sales (Aurora), Every state', 'required');
    await button(wrapper, 'Save')?.trigger('click');
    await settle();
    expect(wrapper.find('.conflicts p').text()).toBe(
      'Ada saved these rules while you worked. Your changes are kept. Taken over from them: Price. 1 field was changed by both of you: choose, then save again.',
    );
    expect(wrapper.findAll('.conflicts dd').map((one) => one.text())).toEqual([
      'Hidden: Support',
      'Required: Sales',
    ]);
    expect(button(wrapper, 'Save')?.attributes('disabled')).toBeDefined();
    await button(wrapper, 'Keep mine')?.trigger('click');
    await button(wrapper, 'Save')?.trigger('click');
    await settle();
    expect(sent.filter(({ method }) => method === 'PUT').at(-1)?.body).toEqual({
      version: 5,
      rules: [rule('height', 'required', { roles: [1] }), rule('price', 'read_only', { roles: [2] })],
    });
  });

  it('shows what a role would see, with the changes that are not saved yet', async () => {
    server();
    const { wrapper } = await show('?open=height&as=roles:1&in=tree');
    expect(wrapper.find('[data-field=height] .outcome').text()).toBe('Edits');
    await choose(wrapper, 'Height: Everybody, Tree', 'read_only');
    expect(wrapper.find('[data-field=height] .outcome').text()).toBe('Only reads');
    expect(wrapper.find('.rules-summary').text()).toContain('Sales (Aurora) · Tree');
  });

  it('says what the server refuses, and undoes one field', async () => {
    server(({ method }) =>
      method === 'PUT' ? { status: 400, body: { rules: ['Choose people from the list.'] } } : null,
    );
    const { wrapper } = await show('?open=height');
    await choose(wrapper, 'Height: Everybody, Seed', 'read_only');
    await button(wrapper, 'Save')?.trigger('click');
    await settle();
    expect(wrapper.find('.form-problem').text()).toBe('Choose people from the list.');
    await button(wrapper, 'Undo my changes')?.trigger('click');
    expect(button(wrapper, 'Save')).toBeUndefined();
  });
});
