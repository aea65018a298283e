import { afterEach, describe, expect, it } from 'vitest';
import type { Tab } from '@/api/meta';
import { render } from '@/screens/timeline/markdown';
import { ago, dayLabel } from '@/screens/timeline/moments';
import TimelineTab from '@/screens/timeline/TimelineTab.vue';
import { PAYLOADS } from './payloads';
import { fakeServer, mountAt, plants, type Reply, rowsReply, type Sent, settle } from './support';

const tab: Tab = { key: 'timeline', label: 'Timeline', kind: 'timeline', entity: null, filter: {}, note: '' };
const entity = plants({ tabs: [tab] });
const record = { id: 1, version: 4, _verbs: [], name: 'Oak' };
const SALLY = { id: 3, label: 'Sally Seller' };
const NOW = new Date().toISOString();
const comment = (over: object = {}) => ({
  id: 5,
  at: NOW,
  actor: SALLY,
  record: null,
  source: 'comments',
  text: 'They *like* it, @bob',
  edited_at: null,
  deleted: false,
  version: 1,
  _verbs: ['change', 'delete'],
  ...over,
});
const change = (over: object = {}) => ({
  id: 9,
  at: '2026-11-22T02:19:46Z',
  actor: SALLY,
  record: null,
  source: 'changes',
  verb: 'update',
  changes: [
    { field: 'height', label: 'Height', old: 20, new: 30 },
    { field: 'is_rare', label: 'Is rare', old: 'no', new: 'yes' },
  ],
  ...over,
});

function server(rows: Record<string, unknown>[], over: (request: Sent) => Reply | null = () => null) {
  return fakeServer((request) => {
    const own = over(request);
    if (own) return own;
    if (request.path === '/plants/1/followers') return { body: { following: false, count: 0, people: [] } };
    return request.path === '/plants/1/timeline' ? rowsReply(rows) : { body: {} };
  });
}

const show = (kind: Tab['kind'] = 'timeline', at = '/crm/plants/1') =>
  mountAt(TimelineTab, { at, entities: [entity], props: { entity, record, tab: { ...tab, kind } } });

afterEach(() => sessionStorage.clear());

describe('the stream of a record', () => {
  it('shows comments and changes by day, old beside new', async () => {
    server([comment(), change()]);
    const { wrapper } = await show();
    expect(wrapper.findAll('.timeline-day h3').map((day) => day.text())[0]).toBe('Today');
    expect(wrapper.find('.markdown').html()).toContain('<em>like</em>');
    expect(wrapper.find('.markdown .mention').text()).toBe('@bob');
    expect(wrapper.findAll('.history del').map((old) => old.text())).toEqual(['20', 'no']);
    expect(wrapper.findAll('.history ins').map((now) => now.text())).toEqual(['30', 'yes']);
  });

  it('narrows by the address, and the history tab is the changes alone', async () => {
    const sent = server([]);
    await show('timeline', '/crm/plants/1?show=comments');
    expect(sent.find(({ path }) => path.endsWith('/timeline'))?.query).toEqual({ kinds: 'comments' });
    const { wrapper } = await show('history');
    expect(sent.filter(({ path }) => path.endsWith('/timeline')).at(-1)?.query).toEqual({ kinds: 'changes' });
    expect(wrapper.find('textarea').exists()).toBe(false);
  });

  it('keeps what was typed until it is sent, and sends by Ctrl+Enter', async () => {
    let refuse = true;
    const sent = server([], ({ path, method }) => {
      if (path !== '/plants/1/comments' || method !== 'POST') return null;
      return refuse
        ? { status: 409, body: { _error_message: 'Not now' } }
        : { status: 201, body: comment({ not_told: ['eve'] }) };
    });
    const first = await show();
    await first.wrapper.find('textarea').setValue('Hello');
    first.wrapper.unmount();
    const { wrapper } = await show();
    expect(wrapper.find('textarea').element.value).toBe('Hello');
    await wrapper.find('textarea').trigger('keydown', { key: 'Enter', ctrlKey: true });
    await settle();
    expect(wrapper.find('[role=alert]').text()).toBe('Not now');
    expect(wrapper.find('textarea').element.value).toBe('Hello');
    refuse = false;
    await wrapper.find('form').trigger('submit');
    await settle();
    expect(sent.filter(({ method }) => method === 'POST').at(-1)?.body).toEqual({ text: 'Hello' });
    expect(wrapper.find('textarea').element.value).toBe('');
    expect(wrapper.find('.notice').text()).toContain('@eve');
  });

  it('offers only what the person may do, and takes a deletion back', async () => {
    const sent = server([
      comment({ _verbs: [] }),
      comment({ id: 6, deleted: true, text: '', _verbs: ['restore'] }),
    ]);
    const { wrapper } = await show();
    expect(wrapper.findAll('.acts button')).toHaveLength(0);
    await wrapper.find('.stub button').trigger('click');
    await settle();
    expect(
      sent.some(({ path, method }) => method === 'POST' && path === '/plants/1/comments/6/restore'),
    ).toBe(true);
  });

  it('changes a comment with the version that was read', async () => {
    const sent = server([comment()]);
    const { wrapper } = await show();
    await wrapper.find('.acts button').trigger('click');
    await wrapper.findAll('textarea')[1]?.setValue('Better');
    await wrapper.findAll('form')[1]?.trigger('submit');
    await settle();
    expect(sent.find(({ method }) => method === 'PATCH')?.body).toEqual({ text: 'Better', version: 1 });
  });

  it('cuts long changes until they are asked for', async () => {
    const long = 'word '.repeat(100);
    server([change({ changes: [{ field: 'name', label: 'Name', old: '', new: long }] })]);
    const { wrapper } = await show();
    expect(wrapper.find('.history ins').text()).toMatch(/…$/);
    await wrapper.find('.history button').trigger('click');
    expect(wrapper.find('.history ins').text()).toBe(long.trim());
  });

  it('says what to do when it fails or is empty', async () => {
    server([], ({ path }) => (path.endsWith('/timeline') ? { status: 500, body: {} } : null));
    const failed = await show();
    expect(failed.wrapper.find('.k-state h2').text()).toBe('The timeline could not be loaded');
    server([]);
    const { wrapper } = await show('timeline', '/crm/plants/1?show=comments');
    expect(wrapper.find('.k-state h2').text()).toBe('No comments yet');
  });
});

describe('the text of a comment', () => {
  it.each(PAYLOADS.map((payload, number) => [number, payload]))(
    'is harmless, payload %i: %s',
    (_number, payload) => {
      const box = document.createElement('div');
      box.innerHTML = render(payload as string);
      const allowed =
        /^(P|BR|A|B|STRONG|EM|S|CODE|PRE|UL|OL|LI|BLOCKQUOTE|H[1-6]|HR|TABLE|THEAD|TBODY|TR|TH|TD)$/;
      for (const element of box.querySelectorAll('*')) {
        expect(element.tagName).toMatch(allowed);
        for (const { name, value } of element.attributes) {
          expect(['href', 'title', 'rel', 'target', 'class', 'start', 'style']).toContain(name);
          if (name === 'href') expect(value).toMatch(/^(https?:|mailto:)/i);
          if (name === 'style') expect(value).toMatch(/^text-align: ?(left|center|right)$/);
          if (name === 'class') expect(value).toBe('mention');
        }
        if (element.tagName === 'A') expect(element.getAttribute('rel')).toBe('noopener noreferrer nofollow');
      }
    },
  );

  it('has fifty payloads to show', () => {
    expect(new Set(PAYLOADS).size).toBeGreaterThanOrEqual(50);
  });

  it('marks names of people, but no part of an address or of code', () => {
    expect(render('@bob, (@eve.k) a@b.example `@code` https://x.example/@y')).toContain(
      '<b class="mention">@bob</b>',
    );
    const marks = render('@bob, (@eve.k). a@b.example `@code` https://x.example/@y').match(/mention">[^<]+/g);
    expect(marks).toEqual(['mention">@bob', 'mention">@eve.k']);
  });

  it('opens links elsewhere and loads no image', () => {
    expect(render('[x](https://x.example)')).toContain(
      'href="https://x.example" target="_blank" rel="noopener',
    );
    expect(render('![x](https://x.example/a.png)')).not.toContain('<img');
  });
});

describe('moments', () => {
  it('are spoken for a week, then the date says more', () => {
    const now = Date.parse('2026-11-25T12:00:00Z');
    expect(ago('2026-11-25T11:55:00Z', 'en', now)).toBe('5 minutes ago');
    expect(ago('2026-11-24T11:00:00Z', 'en', now)).toBe('yesterday');
    expect(ago('2026-11-25T11:59:50Z', 'en', now)).toBe('now');
    expect(ago('2026-11-01T11:00:00Z', 'en', now)).toBe('');
    expect(ago('2026-11-25T09:00:00Z', 'ko', now)).toBe('3시간 전');
    const today = new Date('2026-11-25T12:00:00');
    expect(dayLabel('2026-11-25', 'en', today)).toBe('Today');
    expect(dayLabel('2026-11-24', 'en', today)).toBe('Yesterday');
    expect(dayLabel('2026-11-20', 'en', today)).toBe('Friday, November 20, 2026');
  });
});
