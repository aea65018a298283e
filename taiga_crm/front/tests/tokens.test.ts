import { describe, expect, it } from 'vitest';
import { asMoments, detailsOf, filtersOf, type SecurityEvent } from '@/screens/settings/security/events';
import SecurityLogScreen from '@/screens/settings/security/SecurityLogScreen.vue';
import TokensScreen from '@/screens/settings/tokens/TokensScreen.vue';
import { type ApiToken, presets, type TokenOptions } from '@/screens/settings/tokens/tokens';
import { fakeServer, mountAt, type Reply, type Sent, settle } from './support';

const OPTIONS: TokenOptions = {
  scopes: [
    { key: 'read', label: 'Read', help: 'Lists', in_projects: true },
    { key: 'settings', label: 'Settings', help: 'Fields', in_projects: false },
  ],
  projects: [{ id: 3, label: 'Aurora' }],
  max_days: 365,
  limit: { requests: 50, seconds: 10 },
  can_see_all: false,
};
const TOKEN: ApiToken = {
  id: 7,
  name: 'Report',
  prefix: 'tcrm_0123456789',
  scopes: ['read'],
  projects: [],
  state: 'active',
  days: 30,
  created_at: '2026-01-01T00:00:00Z',
  expires_at: '2099-01-01T00:00:00Z',
  revoked_at: null,
  last_used_at: null,
  last_ip: null,
};
const SECRET = 'tcrm_0123456789_secret';

async function open(rows: ApiToken[], over: (request: Sent) => Reply | null = () => null, options = OPTIONS) {
  const sent = fakeServer((request) => {
    const other = over(request);
    if (other) return other;
    if (request.path === '/tokens/options') return { body: options };
    if (request.method === 'GET') return { body: rows };
    return { body: { ...TOKEN, token: SECRET } };
  });
  const page = await mountAt(TokensScreen, { at: '/crm/settings/tokens' });
  const writes = () => sent.filter(({ method }) => method !== 'GET');
  return { ...page, sent, writes };
}

async function press(name: string) {
  const all = [...document.querySelectorAll<HTMLButtonElement>('button')];
  all.find((one) => one.getAttribute('aria-label') === name || one.textContent?.trim() === name)?.click();
  await settle();
}

async function submit(name: string) {
  const input = document.querySelector<HTMLInputElement>('input.k-input');
  if (input) {
    input.value = name;
    input.dispatchEvent(new Event('input'));
  }
  document.querySelector('form')?.dispatchEvent(new Event('submit', { cancelable: true }));
  await settle();
}

describe('personal tokens', () => {
  it('are listed with their beginning alone, and an empty page says what they are for', async () => {
    const { wrapper } = await open([
      TOKEN,
      { ...TOKEN, id: 8, state: 'revoked', revoked_at: '2026-02-01T00:00:00Z' },
    ]);
    expect(wrapper.findAll('li').length).toBe(2);
    expect(wrapper.findAll('li')[0]?.text()).toContain('tcrm_0123456789…');
    expect(wrapper.findAll('li')[0]?.text()).toContain('never used');
    expect(wrapper.findAll('li')[1]?.findAll('button').length).toBe(0);
    expect(wrapper.text()).toContain('50 requests in 10 seconds');
    const { wrapper: empty } = await open([]);
    expect(empty.text()).toContain('No tokens yet');
  });

  it('are shown once when they are made, and never after the dialog is closed', async () => {
    const { writes } = await open([TOKEN]);
    await press('New token');
    await submit('Newsletter');
    expect(writes().map(({ path, body }) => [path, body])).toEqual([
      ['/tokens', { name: 'Newsletter', days: 30, scopes: ['read'], projects: [] }],
    ]);
    expect(document.querySelector<HTMLInputElement>('.token-secret input')?.value).toBe(SECRET);
    await press('I have kept it');
    expect(document.body.innerHTML).not.toContain(SECRET);
  });

  it('kept to projects need one, and lose what reaches beyond projects', async () => {
    const { writes } = await open([]);
    await press('New token');
    document.querySelector<HTMLInputElement>('input[value="settings"]')?.click();
    document.querySelectorAll<HTMLInputElement>('input[type="radio"]')[1]?.click();
    await settle();
    await submit('Aurora only');
    expect(document.body.textContent).toContain('Choose at least one project.');
    expect(writes()).toEqual([]);
    expect(document.querySelector<HTMLInputElement>('input[value="settings"]')?.disabled).toBe(true);
    const boxes = [...document.querySelectorAll<HTMLInputElement>('input[type="checkbox"]')];
    boxes.at(-1)?.click();
    await submit('Aurora only');
    expect(writes()[0]?.body).toEqual({ name: 'Aurora only', days: 30, scopes: ['read'], projects: [3] });
  });

  it('tell each fault at its field and keep what was typed', async () => {
    await open([], ({ method }) =>
      method === 'POST' ? { status: 400, body: { name: ['Give it a name.'] } } : null,
    );
    await press('New token');
    await submit('x');
    expect(document.querySelector('[role="alert"]')?.textContent).toContain('Give it a name.');
    expect(document.querySelector<HTMLInputElement>('input.k-input')?.value).toBe('x');
  });

  it('of everybody are a tab for who may see them', async () => {
    const { wrapper, router, sent } = await open([{ ...TOKEN, owner: { id: 2, label: 'Otto' } }], undefined, {
      ...OPTIONS,
      can_see_all: true,
    });
    await press('Of everybody');
    expect(router.currentRoute.value.query).toEqual({ of: 'all' });
    expect(sent.some(({ path }) => path === '/tokens/all')).toBe(true);
    expect(wrapper.text()).toContain('Otto');
    expect(document.querySelector('[aria-label="Renew Report"]')).toBeNull();
    expect(document.querySelector('[aria-label="Revoke Report"]')).not.toBeNull();
  });

  it('say that they could not be loaded', async () => {
    const { wrapper } = await open([], ({ path }) => (path === '/tokens' ? { status: 500, body: {} } : null));
    expect(wrapper.text()).toContain('The tokens could not be loaded');
  });

  it('hold one of the usual times, at most the longest', () => {
    expect(presets(365)).toEqual([7, 30, 90, 180, 365]);
    expect(presets(60)).toEqual([7, 30, 60]);
    expect(presets(3)).toEqual([3]);
  });
});

const EVENT: SecurityEvent = {
  id: 1,
  kind: 'denied',
  at: '2026-03-01T10:00:00Z',
  first_at: '2026-03-01T09:00:00Z',
  number: 3,
  user: { id: 4, label: 'Vera' },
  token: null,
  ip: '192.0.2.1',
  route: 'DELETE plants/{pk}',
  object: { kind: 'plant', id: 12, label: 'Plant' },
  details: { rows: 2, narrowed_by: ['city'], action: '' },
};

async function openLog(rows: SecurityEvent[], at = '/crm/settings/security-log') {
  const sent = fakeServer(({ path }) =>
    path === '/security-log/options'
      ? { body: { kinds: [{ key: 'denied', label: 'Refused' }], days: 365 } }
      : { body: rows, headers: rows.length > 1 ? { 'x-pagination-next-cursor': 'next' } : {} },
  );
  return { ...(await mountAt(SecurityLogScreen, { at })), sent };
}

describe('the security log', () => {
  it('shows who, what, where and how often', async () => {
    const { wrapper } = await openLog([EVENT, { ...EVENT, id: 2, user: null, number: 1, object: null }]);
    const text = wrapper.findAll('.log-rows li').map((one) => one.text());
    expect(text[0]).toContain('Refused');
    expect(text[0]).toContain('Vera');
    expect(text[0]).toContain('× 3');
    expect(text[0]).toContain('rows: 2 · narrowed by: city · 192.0.2.1');
    expect(wrapper.find('.log-rows a').attributes('href')).toBe('/crm/plants/12');
    expect(text[1]).toContain('nobody known');
    expect(wrapper.text()).toContain('Kept for 365 days.');
    expect(wrapper.text()).toContain('Show more');
  });

  it('is narrowed by the address, and a person is one click away', async () => {
    const { router, sent, wrapper } = await openLog([EVENT], '/crm/settings/security-log?kind=denied&x=1');
    expect(sent.find(({ path }) => path === '/security-log')?.query).toEqual({ kind: 'denied' });
    await wrapper.find('.log-link').trigger('click');
    await settle();
    expect(router.currentRoute.value.query).toEqual({ kind: 'denied', user: '4' });
    expect(sent.at(-1)?.query).toEqual({ kind: 'denied', user: '4' });
    await press('Show everything');
    expect(router.currentRoute.value.query).toEqual({});
  });

  it('says when there is nothing, and when a filter leaves nothing', async () => {
    expect((await openLog([])).wrapper.text()).toContain('Nothing has happened yet');
    const { wrapper } = await openLog([], '/crm/settings/security-log?kind=denied');
    expect(wrapper.text()).toContain('Nothing of that kind');
  });

  it('asks for whole days of the reader’s clock', () => {
    const { from, to } = asMoments({ from: '2026-03-01', to: '2026-03-01' });
    expect(Date.parse(to ?? '') - Date.parse(from ?? '')).toBe(86_400_000 - 1);
    expect(new Date(from ?? '').getHours()).toBe(0);
    expect(filtersOf({ kind: 'a', user: ['1', '2'], other: 'x', from: '' })).toEqual({ kind: 'a' });
    expect(detailsOf(EVENT)).toEqual([
      ['rows', '2'],
      ['narrowed_by', 'city'],
    ]);
  });
});
