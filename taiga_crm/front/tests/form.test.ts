import { describe, expect, it } from 'vitest';
import RecordForm from '@/screens/form/RecordForm.vue';
import { fakeServer, mountAt, plants, type Reply, rowsReply, type Sent, settle } from './support';

const FAMILIES = [
  { id: 7, version: 1, _verbs: [], name: 'Olive', has_latin: true },
  { id: 8, version: 1, _verbs: [], name: 'Moss', has_latin: false },
];
const OAK = {
  id: 1,
  version: 4,
  _verbs: ['change'],
  name: 'Oak',
  family: { id: 7, label: 'Olive' },
  latin: 'Quercus',
  height: 30,
};

function server(over: (request: Sent) => Reply | null = () => null) {
  return fakeServer((request) => {
    const special = over(request);
    if (special) return special;
    if (request.path === '/families') return rowsReply(FAMILIES);
    if (request.path === '/plants/new') return { is_rare: false };
    return request.method === 'GET' ? OAK : { ...OAK, ...request.body, id: 12 };
  });
}

const show = (id: number | null, at: string) => mountAt(RecordForm, { at, props: { entity: plants(), id } });
type Shown = Awaited<ReturnType<typeof show>>['wrapper'];
const input = (wrapper: Shown, name: string) => wrapper.find(`[data-field=${name}] input`);

describe('a form', () => {
  it('asks for the deciding link first, and shows only the fields it allows', async () => {
    server();
    const { wrapper } = await show(null, '/crm/plants/new');
    expect(wrapper.findAll('.cards .card').map((card) => card.text())).toEqual(['Olive', 'Moss']);
    expect(input(wrapper, 'latin').exists()).toBe(true);
    await wrapper.findAll('.cards input')[1]?.setValue(true);
    expect(input(wrapper, 'latin').exists()).toBe(false);
  });

  it('sends what was typed, without what is empty or hidden, and opens the record', async () => {
    const sent = server();
    const { wrapper, router } = await show(null, '/crm/plants/new');
    await input(wrapper, 'latin').setValue('Quercus');
    await wrapper.findAll('.cards input')[1]?.setValue(true);
    await input(wrapper, 'name').setValue(' Oak ');
    await input(wrapper, 'height').setValue('1,200');
    await wrapper.find('form').trigger('submit');
    await settle();
    expect(sent.find(({ method }) => method === 'POST')?.body).toEqual({
      family: 8,
      name: 'Oak',
      height: 1200,
      is_rare: false,
    });
    expect(router.currentRoute.value.fullPath).toBe('/crm/plants/12');
  });

  it('puts errors on their fields, focuses the first, and keeps what was typed', async () => {
    server(({ method }) =>
      method === 'POST'
        ? { status: 400, body: { name: ['Taken.'], family: ['Wrong.'], secret: ['Odd.'] } }
        : null,
    );
    const { wrapper } = await show(null, '/crm/plants/new');
    await input(wrapper, 'name').setValue('Oak');
    await wrapper.find('form').trigger('submit');
    await settle();
    expect(wrapper.find('[data-field=name] [role=alert]').text()).toBe('Taken.');
    expect(wrapper.find('.form-problem').text()).toBe('Odd.');
    expect((input(wrapper, 'name').element as HTMLInputElement).value).toBe('Oak');
    expect(document.activeElement).toBe(input(wrapper, 'name').element);
    await input(wrapper, 'name').setValue('Oak 2');
    await settle();
    expect(wrapper.find('[data-field=name] [role=alert]').exists()).toBe(false);
  });

  it('keeps the deciding link for the next record with "Save and new"', async () => {
    const sent = server();
    const { wrapper } = await show(null, '/crm/plants/new');
    await wrapper.findAll('.cards input')[1]?.setValue(true);
    await input(wrapper, 'name').setValue('Oak');
    await wrapper.findAll('.form-foot button')[1]?.trigger('click');
    await wrapper.find('form').trigger('submit');
    await settle();
    expect(sent.filter(({ method }) => method === 'POST')).toHaveLength(1);
    expect((input(wrapper, 'name').element as HTMLInputElement).value).toBe('');
    expect(wrapper.find('.card.chosen').text()).toBe('Moss');
  });

  it('sends only what was changed, with the version', async () => {
    const sent = server();
    const { wrapper } = await show(1, '/crm/plants/1/edit');
    await input(wrapper, 'name').setValue('Holm oak');
    await wrapper.find('form').trigger('submit');
    await settle();
    expect(sent.find(({ method }) => method === 'PATCH')?.body).toEqual({ version: 4, name: 'Holm oak' });
  });

  it('asks field by field when two people changed the same, and takes the rest over silently', async () => {
    let first = true;
    const sent = server(({ method }) => {
      if (method !== 'PATCH' || !first) return null;
      first = false;
      const current = { ...OAK, version: 5, name: 'Red oak', height: 40 };
      return {
        status: 400,
        body: { version: ['Changed.'], _error_message: 'Changed meanwhile.', code: 'stale_version', current },
      };
    });
    const { wrapper } = await show(1, '/crm/plants/1/edit');
    await input(wrapper, 'name').setValue('Holm oak');
    await wrapper.find('form').trigger('submit');
    await settle();
    expect(wrapper.find('.form-problem').text()).toMatch(/^Somebody changed this meanwhile/);
    expect(wrapper.findAll('.conflicts dd').map((value) => value.text())).toEqual(['Red oak', 'Holm oak']);
    expect((input(wrapper, 'height').element as HTMLInputElement).value).toBe('40');
    await wrapper.findAll('.conflicts button')[1]?.trigger('click');
    await wrapper.find('form').trigger('submit');
    await settle();
    expect(sent.filter(({ method }) => method === 'PATCH').at(-1)?.body).toEqual({
      version: 5,
      name: 'Holm oak',
    });
  });

  it('tells the host what would be lost, and nothing once it is saved', async () => {
    server();
    const { wrapper, host } = await show(1, '/crm/plants/1/edit');
    expect(host.leaving?.()).toBeNull();
    await input(wrapper, 'name').setValue('Holm oak');
    expect(host.leaving?.()).toMatch(/not been saved/);
    await wrapper.find('form').trigger('submit');
    await settle();
    expect(host.leaving?.()).toBeNull();
  });

  it('takes starting values from the address', async () => {
    server();
    const { wrapper } = await show(null, '/crm/plants/new?name=Elm&family=8&back=/crm/plants');
    expect((input(wrapper, 'name').element as HTMLInputElement).value).toBe('Elm');
    expect(wrapper.find('.card.chosen').text()).toBe('Moss');
  });

  it('goes back only to pages of the CRM', async () => {
    server();
    const { wrapper, router } = await show(null, '/crm/plants/new?back=//evil.test');
    await wrapper.findAll('.form-foot button').at(-1)?.trigger('click');
    await settle();
    expect(router.currentRoute.value.fullPath).toBe('/crm/plants');
  });
});
