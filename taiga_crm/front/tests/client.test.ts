import { describe, expect, it } from 'vitest';
import { Client } from '@/api/client';
import { ApiError } from '@/api/errors';
import { browserZone } from '@/kinds/zone';
import { fakeHost, fakeServer, rowsReply } from './support';

describe('the client', () => {
  it('sends the token and the language, and leaves empty parameters out', async () => {
    const sent = fakeServer(() => ({ id: 1 }));
    await new Client(fakeHost()).get('/plants/1', { project: 3, q: '', sort: undefined });
    expect(sent[0]?.query).toEqual({ project: '3' });
    expect(sent[0]?.headers).toEqual({
      'Accept-Language': 'en',
      Authorization: 'Bearer token-1',
      'X-Time-Zone': browserZone(),
    });
  });

  it('names the zone of the browser only where the API is at home', async () => {
    const sent = fakeServer(() => ({ id: 1 }));
    await new Client(fakeHost({ apiBase: 'https://elsewhere.example/api/v1/crm' })).get('/plants/1');
    expect(sent[0]?.headers).not.toHaveProperty('X-Time-Zone');
  });

  it('refreshes the token once after a 401 and repeats the request', async () => {
    let calls = 0;
    const host = fakeHost();
    fakeServer(() => {
      calls += 1;
      return calls === 1 ? { status: 401, body: {} } : { body: { id: 1 } };
    });
    expect(await new Client(host).get('/plants/1')).toEqual({ id: 1 });
    expect([calls, host.refreshes]).toEqual([2, 1]);
  });

  it('signs out when the 401 stays, without a third attempt', async () => {
    const host = fakeHost();
    const sent = fakeServer(() => ({ status: 401, body: { code: 'not_authenticated' } }));
    await expect(new Client(host).get('/plants/1')).rejects.toMatchObject({ status: 401 });
    expect([sent.length, host.notices]).toEqual([2, ['signed out']]);
  });

  it('does not refresh after a 403', async () => {
    const host = fakeHost();
    fakeServer(() => ({ status: 403, body: { code: 'permission_denied', _error_message: 'No.' } }));
    await expect(new Client(host).delete('/plants/1')).rejects.toMatchObject({
      code: 'permission_denied',
      message: 'No.',
    });
    expect(host.refreshes).toBe(0);
  });

  it('turns a dead network into an ApiError', async () => {
    globalThis.fetch = () => Promise.reject(new TypeError('failed'));
    await expect(new Client(fakeHost()).get('/me')).rejects.toMatchObject({ status: 0, code: 'network' });
    await expect(new Client(fakeHost()).get('/me')).rejects.toBeInstanceOf(ApiError);
  });

  it('reads the count and whether it is exact from the headers', async () => {
    fakeServer(() =>
      rowsReply([{ id: 1 }], 10_000, {
        'x-pagination-count-exact': 'false',
        'x-pagination-next': 'http://x/?page=2',
      }),
    );
    const page = await new Client(fakeHost()).list('/plants');
    expect(page).toEqual({
      rows: [{ id: 1 }],
      count: 10_000,
      exact: false,
      page: 1,
      pageSize: 50,
      hasNext: true,
      hasPrevious: false,
      nextCursor: '',
    });
  });

  it('returns nothing for 204', async () => {
    fakeServer(() => ({ status: 204 }));
    expect(await new Client(fakeHost()).delete('/plants/1')).toBeUndefined();
  });
});
