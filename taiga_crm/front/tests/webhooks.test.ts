import { beforeEach, describe, expect, it } from 'vitest';
import { queryClient } from '@/api/queries';
import WebhooksScreen from '@/screens/settings/webhooks/WebhooksScreen.vue';
import {
  type Choices,
  type Delivery,
  pretty,
  reasonKey,
  toDraft,
  type Webhook,
} from '@/screens/settings/webhooks/webhook';
import { fakeServer, mountAt, type Reply, type Sent, settle } from './support';

const CHOICES: Choices = {
  kinds: [
    { key: 'plant', label: 'Plants' },
    { key: 'family', label: 'Families' },
  ],
  events: ['created', 'changed', 'imported'],
  http: false,
  ports: [443],
  log_days: 30,
  most: 2,
};
const SHOP: Webhook = {
  id: 7,
  project: null,
  name: 'Shop',
  url: 'https://shop.example/hook',
  kinds: ['plant'],
  events: ['created', 'changed'],
  is_active: true,
  stopped: '',
  failing_since: null,
  owner: { id: 1, label: 'Sally' },
  is_mine: true,
  last: { state: 'delivered', at: '2026-05-04T10:00:00Z', status: 200, error: '' },
  version: 3,
};
const LINE: Delivery = {
  id: 70,
  number: 'n-70',
  event: 'changed',
  action: 'change',
  kind: 'plant',
  kind_label: 'Plant',
  path: 'plants',
  object_id: 12,
  at: '2026-05-04T10:00:00Z',
  is_manual: false,
  state: 'failed',
  attempts: 8,
  next_at: null,
  sent_at: '2026-05-06T10:00:00Z',
  took_ms: 5000,
  status: null,
  error: 'timeout',
};

async function open(
  rows: Webhook[],
  over: (request: Sent) => Reply | null = () => null,
  at = '/crm/settings/webhooks',
) {
  const sent = fakeServer((request) => {
    const other = over(request);
    if (other) return other;
    if (request.path === '/webhooks/choices') return { body: CHOICES };
    if (request.path === '/webhooks' && request.method === 'GET') return { body: rows };
    if (request.path === '/webhooks/7/deliveries') return { body: [LINE] };
    return { body: {} };
  });
  const page = await mountAt(WebhooksScreen, { at });
  const writes = () => sent.filter(({ method }) => method !== 'GET');
  return { ...page, sent, writes };
}

async function press(name: string) {
  const all = [...document.querySelectorAll<HTMLButtonElement>('button')];
  const found = all.filter(
    (one) => one.getAttribute('aria-label') === name || one.textContent?.trim() === name,
  );
  if (!found.length) throw new Error(`no button ${name}`);
  found.at(-1)?.click();
  await settle();
}

async function type(label: string, text: string) {
  const found = [...document.querySelectorAll('label')].find(
    (one) => one.textContent?.replace('*', '').trim() === label,
  );
  const input = document.getElementById(found?.htmlFor ?? '') as HTMLInputElement;
  input.value = text;
  input.dispatchEvent(new Event('input'));
  await settle();
}

async function save() {
  document.querySelector('form')?.dispatchEvent(new Event('submit', { cancelable: true }));
  await settle();
}

const text = () => document.body.textContent ?? '';

beforeEach(() => {
  queryClient.clear();
  document.body.replaceChildren();
});

describe('a webhook', () => {
  it('begins with all kinds and events, and with its own when there is one', () => {
    expect(toDraft(null, CHOICES)).toEqual({
      name: '',
      url: '',
      kinds: ['plant', 'family'],
      events: ['created', 'changed', 'imported'],
      is_active: true,
    });
    expect(toDraft(SHOP, CHOICES)).toMatchObject({ kinds: ['plant'], events: ['created', 'changed'] });
  });

  it('has a sentence for each reason but those of a later server', () => {
    expect([reasonKey('timeout'), reasonKey('moon')]).toEqual(['webhooks.reason.timeout', null]);
  });

  it('shows JSON with indents and anything else as it is', () => {
    expect([pretty('{"a":1}'), pretty('plain')]).toEqual(['{\n  "a": 1\n}', 'plain']);
  });
});

describe('the page of webhooks', () => {
  it('says what a webhook is for where there is none', async () => {
    await open([]);
    expect(text()).toContain('No webhooks yet');
    await press('Add a webhook');
    expect(text()).toContain('It tells what you may see.');
  });

  it('lists them with their state and why one was stopped', async () => {
    const stopped = { ...SHOP, id: 8, name: 'Mail', is_active: false, stopped: 'no_right', is_mine: false };
    await open([SHOP, stopped]);
    expect(text()).toContain('Plants: Created, Changed');
    expect(text()).toContain('200');
    expect(text()).toContain('with the rights of Sally');
    expect(text()).toContain('Its owner may no longer keep webhooks.');
    expect(text()).toContain('There are 2 webhooks');
  });

  it('adds one, shows what was refused, then its secret', async () => {
    let refuses = true;
    const page = await open([], (request) => {
      if (request.method !== 'POST') return null;
      if (refuses) return { status: 400, body: { url: ['This host was not found.'] } };
      return { status: 201, body: { ...SHOP, secret: 'whsec_abc' } };
    });
    await press('Add a webhook');
    await type('Name', 'Shop');
    await type('Address', 'https://inside.example');
    await save();
    expect(text()).toContain('This host was not found.');
    refuses = false;
    await save();
    expect(page.writes().at(-1)?.body).toMatchObject({
      name: 'Shop',
      url: 'https://inside.example',
      kinds: ['plant', 'family'],
      project: null,
    });
    expect(document.querySelector<HTMLInputElement>('input[readonly]')?.value).toBe('whsec_abc');
  });

  it('sends the version that was read, and offers to load again what somebody else saved', async () => {
    const page = await open([SHOP], ({ method }) =>
      method === 'PATCH' ? { status: 400, body: { code: 'stale_version', version: ['Stale'] } } : null,
    );
    await press('Edit Shop');
    await type('Name', 'Store');
    await save();
    expect(page.writes()[0]?.body).toMatchObject({ version: 3, name: 'Store' });
    expect(text()).toContain('Somebody changed this webhook in the meantime.');
  });

  it('shows the secret only when it is asked for', async () => {
    const page = await open([SHOP], ({ path, method }) =>
      path === '/webhooks/7/secret'
        ? {
            body: {
              secret: `whsec_${method}`,
              former_until: method === 'POST' ? '2026-05-05T10:00:00Z' : null,
            },
          }
        : null,
    );
    await press('Secret of Shop');
    expect(page.sent.some(({ path }) => path.endsWith('/secret'))).toBe(false);
    await press('Show the secret');
    expect(document.querySelector<HTMLInputElement>('input[readonly]')?.value).toBe('whsec_GET');
  });

  it('tries it out and shows the log', async () => {
    const page = await open([SHOP]);
    await press('Send a test to Shop');
    expect(page.writes().map(({ path }) => path)).toEqual(['/webhooks/7/test']);
    expect(page.router.currentRoute.value.query).toEqual({ webhook: '7' });
    expect(text()).toContain('Changed · Plant #12');
    expect(text()).toContain('No complete answer within five seconds');
    expect(text()).toContain('8 attempts');
  });

  it('keeps the filter and the open delivery in the address', async () => {
    const whole = { ...LINE, is_readable: false, headers: {}, body: '', answer: '' };
    const page = await open(
      [SHOP],
      ({ path }) => (path === '/webhooks/7/deliveries/70' ? { body: whole } : null),
      '/crm/settings/webhooks?webhook=7&state=failed&delivery=70',
    );
    expect(page.sent.find(({ path }) => path === '/webhooks/7/deliveries')?.query).toEqual({
      state: 'failed',
    });
    expect(text()).toContain('only that person can read it');
    await press('Send again');
    expect(page.writes().map(({ path }) => path)).toEqual(['/webhooks/7/deliveries/70/send-again']);
  });
});
