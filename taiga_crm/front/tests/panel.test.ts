import { describe, expect, it } from 'vitest';
import { reactive } from 'vue';
import TicketPanel from '@/panel/TicketPanel.vue';
import { fakeHost, fakeServer, mountAt, type Reply, type Sent, settle } from './support';

const link = (id: number, label: string, is_primary = false) => ({
  id,
  account: { id: id * 10, label },
  type: 'Company',
  is_primary,
  can_open: true,
});
const answer = (links: object[], can_change = true) => ({
  ticket: { kind: 'issue', id: 5, ref: 46, subject: 'Broken', project: 3 },
  enabled: true,
  can_change,
  links,
});

async function panel(reply: (request: Sent) => Reply | Record<string, unknown>) {
  const sent = fakeServer(reply);
  const state = reactive({ ticket: { kind: 'issue', id: 5 }, hidden: false });
  const host = fakeHost({ project: () => ({ id: 3, slug: 'shop', name: 'Shop' }) });
  const { wrapper } = await mountAt(TicketPanel, { props: { state }, host });
  const button = (label: string) => wrapper.find(`button[aria-label="${label}"]`);
  return { sent, state, host, wrapper, button };
}

describe('the panel with a ticket’s accounts', () => {
  it('shows the primary account in bold and leads to its page', async () => {
    const { wrapper } = await panel(() => answer([link(1, 'Acme', true), link(2, 'Globex')]));
    expect(wrapper.findAll('strong').map((one) => one.text())).toEqual(['Acme']);
    expect(wrapper.find('strong a').attributes('href')).toContain('/project/shop/crm/accounts/10');
  });

  it('makes another account primary by its star', async () => {
    const { sent, wrapper, button } = await panel(({ method }) =>
      answer(
        method === 'GET'
          ? [link(1, 'Acme', true), link(2, 'Globex')]
          : [link(1, 'Acme'), link(2, 'Globex', true)],
      ),
    );
    await button('Make Globex the primary account').trigger('click');
    await settle();
    expect(sent.at(-1)).toMatchObject({ method: 'POST', path: '/ticket-accounts/2/star' });
    expect(wrapper.findAll('strong').map((one) => one.text())).toEqual(['Globex']);
  });

  it('unlinks, and links again with its star when that is taken back', async () => {
    const both = [link(1, 'Acme', true), link(2, 'Globex')];
    const { sent, wrapper, button } = await panel(({ method, path }) => {
      if (method === 'DELETE') return answer([link(2, 'Globex', true)]);
      if (path === '/ticket-accounts' && method === 'POST')
        return answer(
          [link(2, 'Globex', true), link(9, 'Acme')].map((one) =>
            one.id === 9 ? { ...one, account: { id: 10, label: 'Acme' } } : one,
          ),
        );
      return answer(both);
    });
    await button('Unlink Acme').trigger('click');
    await settle();
    const undo = wrapper.findAll('button').find((one) => one.text() === 'Undo');
    await undo?.trigger('click');
    await settle();
    expect(sent.map(({ method, path }) => `${method} ${path}`)).toEqual([
      'GET /ticket-accounts',
      'DELETE /ticket-accounts/1',
      'POST /ticket-accounts',
      'POST /ticket-accounts/9/star',
    ]);
    expect(sent[2]?.body).toEqual({ kind: 'issue', ticket: 5, account: 10 });
  });

  it('offers nothing to change to a reader', async () => {
    const { wrapper } = await panel(() => answer([link(1, 'Acme', true)], false));
    expect(wrapper.findAll('button')).toEqual([]);
    expect(wrapper.find('strong').text()).toBe('Acme');
  });

  it('hides itself where the CRM is off, and offers another try after a failure', async () => {
    const off = await panel(() => ({ status: 404, body: { code: 'not_found' } }));
    expect(off.state.hidden).toBe(true);
    let failing = true;
    const broken = await panel(() => (failing ? { status: 500, body: {} } : answer([])));
    expect(broken.state.hidden).toBe(false);
    failing = false;
    await broken.wrapper.find('button').trigger('click');
    await settle();
    expect(broken.wrapper.text()).toContain('No account is linked');
  });
});
