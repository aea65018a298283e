import { describe, expect, it } from 'vitest';
import RecordForm from '@/screens/form/RecordForm.vue';
import { textsOf } from '@/screens/form/useSame';
import { fakeServer, field, mountAt, plants, rowsReply, settle } from './support';

const CANDIDATE = {
  id: 9,
  label: 'Old oak',
  detail: 'Oslo',
  similar: false,
  reasons: [
    { field: 'name', label: 'Name' },
    { field: 'latin', label: 'Latin' },
  ],
};
const entity = plants({ compared: ['name', 'latin'] });
const wait = async () => {
  await new Promise((resolve) => setTimeout(resolve, 500));
  await settle();
};

async function form(id: number | null, at: string, start: Record<string, unknown> = {}) {
  let status = 200;
  const sent = fakeServer(({ path, method, body }) => {
    if (path.endsWith('/duplicates')) return { status, body: [CANDIDATE] };
    if (path === '/families') return rowsReply([]);
    if (method !== 'GET') return { id: 12, version: 1, _verbs: [], ...body };
    return { id: 1, version: 4, _verbs: ['change'], name: 'Oak', latin: '', height: 30, ...start };
  });
  const { wrapper, router } = await mountAt(RecordForm, { at, props: { entity, id } });
  await settle();
  return {
    wrapper,
    router,
    sent,
    asked: () => sent.filter(({ path }) => path.endsWith('/duplicates')),
    fail: () => {
      status = 500;
    },
    type: (name: string, text: string) => wrapper.find(`[data-field=${name}] input`).setValue(text),
  };
}

describe('the warning of doubles', { timeout: 20_000 }, () => {
  it('comes while one types, once for each pause, and names who and why', async () => {
    const { wrapper, asked, type } = await form(null, '/crm/plants/new', { name: '' });
    expect(asked()).toHaveLength(0);
    await type('name', 'O');
    await type('name', 'Oak');
    await wait();
    expect(asked().map(({ query }) => query)).toEqual([{ name: 'Oak' }]);
    const warning = wrapper.find('.same-warning');
    expect(warning.text()).toContain('same: name, Latin');
    expect(warning.find('a').attributes()).toMatchObject({ href: '/crm/plants/9', target: '_blank' });
    await type('height', '31');
    await wait();
    expect(asked()).toHaveLength(1);
  });

  it('hinders nobody from saving, and goes when one says so', async () => {
    const { wrapper, sent, type } = await form(null, '/crm/plants/new', { name: '' });
    await type('name', 'Oak');
    await wait();
    await wrapper.find('.same-warning button').trigger('click');
    expect(wrapper.find('.same-warning li').exists()).toBe(false);
    await type('name', 'Oak 2');
    await wait();
    expect(wrapper.find('.same-warning li').exists()).toBe(false);
    await wrapper.find('form').trigger('submit');
    await settle();
    expect(sent.some(({ method }) => method === 'POST')).toBe(true);
  });

  it('looks at once at what a copy brings', async () => {
    const { asked } = await form(null, '/crm/plants/new?copy=9', { name: 'Old oak' });
    await settle();
    expect(asked().map(({ query }) => query)).toEqual([{ name: 'Old oak' }]);
  });

  it('says on an edit only what is new, and never names the record itself', async () => {
    const { asked, type } = await form(1, '/crm/plants/1/edit');
    await wait();
    expect(asked()).toHaveLength(0);
    await type('latin', 'Quercus');
    await wait();
    expect(asked().map(({ query }) => query)).toEqual([{ name: 'Oak', latin: 'Quercus', exclude: '1' }]);
  });

  it('is silent when it fails', async () => {
    const { wrapper, fail, type } = await form(null, '/crm/plants/new', { name: '' });
    fail();
    await type('name', 'Oak');
    await wait();
    expect(wrapper.find('.same-warning').text()).toBe('');
    expect(wrapper.find('[role=alert]').exists()).toBe(false);
  });

  it('reads texts out of every shape of a draft', () => {
    expect(textsOf(' Oak ')).toEqual(['Oak']);
    expect(textsOf([{ value: 'a@b.c' }, { value: ' ' }])).toEqual(['a@b.c']);
    expect(textsOf(null)).toEqual([]);
    expect(textsOf({ id: 3, label: 'x' })).toEqual([]);
  });
});

describe('a record that is made on the way', { timeout: 20_000 }, () => {
  const LAND = plants({
    key: 'land',
    path: 'lands',
    label: 'Land',
    label_plural: 'Lands',
    compared: ['name'],
    fields: [field('name', 'text', { required: true }), field('area', 'integer')],
    fieldsets: [{ label: '', fields: ['name', 'area'] }],
  });
  const PLANT = plants({
    fields: [...plants().fields, field('land', 'link', { target: 'land', nullable: true })],
    fieldsets: [{ label: 'Plant', fields: ['name', 'land'] }],
  });

  async function open() {
    const sent = fakeServer(({ path, method, body }) => {
      if (path === '/families') return rowsReply([]);
      if (path.endsWith('/duplicates')) return { body: [{ ...CANDIDATE, label: 'Norway' }] };
      if (path.endsWith('/lookup')) return { body: [] };
      if (method === 'GET') return { name: '' };
      return { status: 201, body: { id: 31, version: 1, _verbs: [], ...body } };
    });
    const { wrapper } = await mountAt(RecordForm, {
      at: '/crm/plants/new',
      props: { entity: PLANT, id: null },
      entities: [PLANT, LAND],
    });
    const box = wrapper.find('[data-field=land] input');
    await box.setValue('Norw');
    await new Promise((resolve) => setTimeout(resolve, 250));
    await settle();
    expect(wrapper.find('.k-option.create').text()).toBe('+ New Land “Norw”');
    await box.trigger('keydown', { key: 'Enter' });
    await settle();
    await wait();
    const press = async (text: string) => {
      [...document.querySelectorAll<HTMLButtonElement>('.k-dialog button')]
        .find((one) => one.textContent?.trim() === text)
        ?.click();
      await settle();
    };
    return {
      sent,
      press,
      linked: () => (wrapper.find('[data-field=land] input').element as HTMLInputElement).value,
    };
  }

  it('starts with what was typed, asks for no more than it needs, and is linked', async () => {
    const { sent, press, linked } = await open();
    expect(
      [...document.querySelectorAll('.k-dialog [data-field]')].map((one) => one.getAttribute('data-field')),
    ).toEqual(['name']);
    expect(document.activeElement?.closest('[data-field]')?.getAttribute('data-field')).toBe('name');
    document.querySelector<HTMLFormElement>('#quick-form')?.requestSubmit();
    await settle();
    expect(sent.find(({ method, path }) => method === 'POST' && path === '/lands')?.body).toEqual({
      name: 'Norw',
    });
    expect(sent.some(({ method, path }) => method === 'POST' && path === '/plants')).toBe(false);
    expect(linked()).toBe('Norw');
    expect(document.querySelector('.k-dialog')).toBe(null);
    await press('nothing');
  });

  it('is left out for one that exists already', async () => {
    const { sent, press, linked } = await open();
    await press('Use this one');
    expect(linked()).toBe('Norway');
    expect(sent.some(({ method }) => method === 'POST')).toBe(false);
  });
});
