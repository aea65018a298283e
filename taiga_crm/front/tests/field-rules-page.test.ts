import { describe, expect, it } from 'vitest';
import FieldRulesScreen from '@/screens/settings/rules/FieldRulesScreen.vue';
import { rule, ruleSet } from './rules-support';
import { fakeServer, mountAt, type Reply, type Sent, settle } from './support';

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
