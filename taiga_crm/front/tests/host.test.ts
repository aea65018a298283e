import { beforeEach, describe, expect, it, vi } from 'vitest';
import { type Address, historyOver, isCrm } from '@/host/history';
import { refresh, token } from '@/host/standalone/session';

/** An address bar that spells spaces its own way, like AngularJS. */
function bar(start: string) {
  let url = start;
  const listeners = new Set<() => void>();
  const set = (to: string) => {
    url = to.replaceAll('+', '%20');
    for (const listener of listeners) listener();
  };
  const address: Address = {
    read: () => url,
    write: set,
    onChange: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    href: (to) => `/taiga${to}`,
  };
  return { address, set, listeners };
}

describe('the history over a host', () => {
  it('hands on what the host did, and never its own writes', () => {
    const { address, set } = bar('/crm');
    const history = historyOver(address);
    const heard: string[] = [];
    history.listen((to, from) => heard.push(`${from} → ${to}`));
    history.push('/crm/accounts?q=a+b');
    expect(history.location).toBe('/crm/accounts?q=a%20b');
    set('/crm');
    expect(heard).toEqual(['/crm/accounts?q=a%20b → /crm']);
  });

  it('keeps silent about pages that are not the CRM', () => {
    const { address, set } = bar('/project/shop/crm');
    const history = historyOver(address);
    const heard: string[] = [];
    history.listen((to) => heard.push(to));
    set('/project/shop/issues');
    set('/project/shop/crm/accounts');
    expect(heard).toEqual(['/project/shop/crm/accounts']);
  });

  it('lets go of the host when nobody listens any more', () => {
    const { address, listeners } = bar('/crm');
    const stop = historyOver(address).listen(() => {});
    expect(listeners.size).toBe(1);
    stop();
    expect(listeners.size).toBe(0);
  });

  it('knows the pages of both levels', () => {
    const yes = ['/crm', '/crm/accounts', '/crm?x=1', '/project/a-b/crm', '/project/a/crm/tickets#top'];
    const no = ['/', '/crmx', '/project/a', '/project/a/crmx', '/project/a/b/crm', '/login?next=/crm'];
    expect(yes.filter(isCrm)).toEqual(yes);
    expect(no.filter(isCrm)).toEqual([]);
  });
});

describe('a worn-out token in the standalone shell', () => {
  let posts: string[];

  beforeEach(() => {
    posts = [];
    localStorage.setItem('token', JSON.stringify('old'));
    localStorage.setItem('refresh', JSON.stringify('first'));
    vi.stubGlobal('fetch', async (_url: string, init: RequestInit) => {
      const { refresh: used } = JSON.parse(String(init.body));
      posts.push(used);
      if (used !== 'first') return new Response('{}', { status: 401 });
      return new Response(JSON.stringify({ auth_token: 'new', refresh: 'second' }));
    });
  });

  it('is renewed once for all who ask at the same time', async () => {
    expect(await Promise.all([refresh(), refresh(), refresh()])).toEqual([true, true, true]);
    expect(posts).toEqual(['first']);
    expect(token()).toBe('new');
  });

  it('is left to the tab that holds the lock', async () => {
    let last: Promise<unknown> = Promise.resolve();
    const request = (_name: string, body: () => Promise<boolean>) => {
      const turn = last.then(body);
      last = turn;
      return turn;
    };
    vi.stubGlobal('navigator', { locks: { request } });
    expect(await Promise.all([refresh(), refresh()])).toEqual([true, true]);
    expect(posts).toEqual(['first']);
    vi.unstubAllGlobals();
  });

  it('ends the session when the refresh token was used before', async () => {
    localStorage.setItem('refresh', JSON.stringify('spent'));
    expect(await refresh()).toBe(false);
    expect(posts).toEqual(['spent']);
  });
});
