import { describe, expect, it } from 'vitest';
import type { Tab } from '@/api/meta';
import DueTab from '@/screens/privacy/DueTab.vue';
import PrivacyTab from '@/screens/privacy/PrivacyTab.vue';
import { fakeServer, mountAt, plants, type Reply, type Sent, settle } from './support';

const tab: Tab = { key: 'privacy', label: 'Privacy', kind: 'privacy', entity: null, filter: {}, note: '' };
const entity = plants({ tabs: [tab] });
const record = { id: 1, version: 4, _verbs: ['delete'], name: 'Oak' };
const GIVEN = {
  id: 7,
  purpose: { id: 3, label: 'Newsletter' },
  given_on: '2026-01-02',
  withdrawn_on: null,
  source: 'Fair',
  wording: 'I agree.',
  note: '',
  recorded_by: 'Sally',
};
const answer = (over: object = {}) => ({
  consents: [GIVEN],
  purposes: [{ id: 3, label: 'Newsletter', wording: 'I agree.' }],
  _verbs: ['add'],
  ...over,
});

function server(body: Record<string, unknown>, over: (request: Sent) => Reply | null = () => null) {
  return fakeServer((request) => over(request) ?? { body });
}
const show = (over: object = {}) =>
  mountAt(PrivacyTab, {
    at: '/crm/plants/1',
    entities: [entity],
    props: { entity, record: { ...record, ...over }, tab },
  });

describe('the privacy of a person', () => {
  it('tells which consents hold, since when and from where', async () => {
    server(answer());
    const { wrapper } = await show();
    expect(wrapper.find('.consents').text()).toContain('Newsletter');
    expect(wrapper.find('.consents').text()).toContain('Given on Jan 2, 2026, source: Fair');
    expect(wrapper.find('.k-badge').text()).toBe('holds');
  });

  it('records a consent with the wording of its purpose, and keeps what was typed when refused', async () => {
    const sent = server(answer({ consents: [] }), ({ method }) =>
      method === 'POST' ? { status: 400, body: { source: ['This field is required.'] } } : null,
    );
    const { wrapper } = await show();
    await wrapper.find('.privacy-head button').trigger('click');
    await wrapper.findAll('textarea')[1]?.setValue('By phone');
    await wrapper.find('form').trigger('submit');
    await settle();
    expect(sent.find(({ method }) => method === 'POST')?.body).toMatchObject({
      purpose: 3,
      wording: 'I agree.',
      note: 'By phone',
    });
    expect(wrapper.find('[role=alert]').text()).toBe('This field is required.');
    expect(wrapper.findAll<HTMLTextAreaElement>('textarea')[1]?.element.value).toBe('By phone');
  });

  it('offers neither the archive nor a form to who may only look', async () => {
    server(answer({ _verbs: [] }));
    const { wrapper } = await show({ _verbs: [] });
    expect(wrapper.findAll('button')).toHaveLength(0);
  });
});

describe('a retention rule', () => {
  it('anonymizes nobody who was not chosen', async () => {
    server({ path: 'plants', rows: [{ id: 5, label: 'Old oak', at: '2020-01-01T00:00:00Z' }], more: false });
    const { wrapper } = await mountAt(DueTab, {
      at: '/crm/plants/1',
      entities: [entity],
      props: { entity, record, tab: { ...tab, kind: 'due' } },
    });
    const button = wrapper.find('.privacy-head button');
    expect(button.attributes('disabled')).toBeDefined();
    await wrapper.find('.due-row input').setValue(true);
    expect(button.text()).toBe('Anonymize 1');
    expect(wrapper.find('.due-row').text()).toContain('last activity Jan 1, 2020');
  });
});
