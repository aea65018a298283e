import { describe, expect, it } from 'vitest';
import type { CrmRecord, Entity, Field, FieldRule } from '@/api/meta';
import { inProject, rulingOf, rulingOn } from '@/api/ruling';
import BulkDialog from '@/screens/bulk/BulkDialog.vue';
import DataTab from '@/screens/detail/DataTab.vue';
import RecordForm from '@/screens/form/RecordForm.vue';
import RecordList from '@/screens/list/RecordList.vue';
import MergeScreen from '@/screens/merge/MergeScreen.vue';
import { fakeServer, field, mountAt, plants, rowsReply, settle } from './support';

const OLIVE = { id: 7, label: 'Olive', has_latin: true };
const MOSS = { id: 8, label: 'Moss', has_latin: true };
const rule = (
  effect: FieldRule['effect'],
  states: string[] = [],
  project: number | null = null,
): FieldRule => ({ effect, states, project });

/** Plants whose family is their state. */
function ruled(rules: Record<string, Partial<Field>>): Entity {
  const entity = plants({ state_field: 'family', type_field: 'family', projects_field: 'places' });
  const fields = [...entity.fields, field('places', 'links', { target: 'project' })];
  return { ...entity, fields: fields.map((one) => ({ ...one, ...rules[one.name] })) };
}
const record = (over: Partial<CrmRecord> = {}): CrmRecord => ({
  id: 1,
  version: 4,
  _verbs: ['change'],
  name: 'Oak',
  family: OLIVE,
  height: 30,
  price: null,
  latin: 'Quercus',
  ...over,
});
const OPEN = { hidden: false, locked: false, required: false, state: '' };

describe('a ruling', () => {
  const of = (
    entity: Entity,
    name: string,
    values: Record<string, unknown>,
    stored: CrmRecord | null,
    project?: number,
  ) => rulingOf(entity, entity.fields.find((one) => one.name === name) as Field, values, stored, project);

  it('follows the state that stands in the form', () => {
    const entity = ruled({ height: { rules: [rule('required', ['8']), rule('read_only', ['9'])] } });
    expect(of(entity, 'height', { family: OLIVE }, null)).toEqual(OPEN);
    expect(of(entity, 'height', { family: MOSS }, null)).toEqual({ ...OPEN, required: true });
    expect(of(entity, 'height', { family: { id: 9, label: 'Fern' } }, null)).toEqual({
      ...OPEN,
      locked: true,
      state: 'Fern',
    });
    expect(of(entity, 'height', { family: null }, null)).toEqual(OPEN);
  });

  it('keeps what is closed on the stored record closed until it is saved', () => {
    const entity = ruled({
      height: { rules: [rule('read_only', ['7'])] },
      price: { rules: [rule('hidden', ['7'])] },
    });
    const stored = record({ _fields: { height: { read_only: true }, price: { hidden: true } } });
    expect(of(entity, 'height', { family: MOSS }, stored)).toEqual({ ...OPEN, locked: true, state: 'Olive' });
    expect(of(entity, 'price', { family: MOSS }, stored).hidden).toBe(true);
  });

  it('counts the projects in the form and those the person does not see', () => {
    const entity = ruled({ height: { rules: [rule('hidden', [], 3)] } });
    const stored = record({ _places: [3], places: [{ id: 3, label: 'Aurora' }] });
    expect(of(entity, 'height', { places: [{ id: 3, label: 'Aurora' }] }, null).hidden).toBe(true);
    expect(of(entity, 'height', { places: [{ id: 4, label: 'Boreas' }] }, stored).hidden).toBe(false);
    expect(of(entity, 'height', { places: [] }, record({ _places: [3], places: [] })).hidden).toBe(true);
    const elsewhere = { ...entity, projects_field: null };
    expect(of(elsewhere, 'height', {}, null, 3).hidden).toBe(true);
    expect(of(elsewhere, 'height', {}, record({ _places: [] }), 3).hidden).toBe(false);
  });

  it('leaves a new record the fields it cannot do without', () => {
    const entity = ruled({ name: { fixed: true, locked: true, read_only: true } });
    expect(of(entity, 'name', {}, null)).toEqual({ ...OPEN, required: true });
    expect(of(entity, 'name', {}, record()).locked).toBe(true);
  });

  it('asks for nothing that is locked, and shows a custom field only where it applies', () => {
    const entity = ruled({
      height: { locked: true, rules: [rule('required', ['7'])] },
      price: { only_types: [8] },
      latin: { only_projects: [3] },
    });
    expect(of(entity, 'height', { family: OLIVE }, null)).toEqual({ ...OPEN, locked: true });
    expect(of(entity, 'price', { family: OLIVE }, null).hidden).toBe(true);
    expect(of(entity, 'price', { family: MOSS }, null).hidden).toBe(false);
    expect(of(entity, 'latin', { places: [] }, null).hidden).toBe(true);
    expect(of(entity, 'latin', { places: [] }, record()).hidden).toBe(false);
    expect(
      rulingOn(entity, entity.fields.find((one) => one.name === 'price') as Field, record({ price: 5 }))
        .hidden,
    ).toBe(false);
  });
});

describe('a list inside a project', () => {
  it('has no column, filter, group or sum of what is hidden on every record there', () => {
    const entity = ruled({
      height: { rules: [rule('hidden', [], 3)] },
      family: { rules: [rule('hidden', ['7'], 3)] },
    });
    const shown = inProject(entity, 3);
    expect(shown.fields.map(({ name }) => name)).not.toContain('height');
    expect([shown.list_display, shown.list_filter, shown.totals]).toEqual([
      ['is_favorite', 'name', 'family', 'price'],
      ['name', 'family'],
      ['price'],
    ]);
    expect(inProject(entity, 4)).toBe(entity);
    expect(inProject(entity)).toBe(entity);
  });
});

describe('a form under rules', () => {
  const FAMILIES = [OLIVE, MOSS].map(({ id, label }) => ({
    id,
    version: 1,
    _verbs: [],
    name: label,
    has_latin: true,
  }));
  const entity = ruled({
    height: { rules: [rule('required', ['8'])] },
    latin: { rules: [rule('read_only', ['8'])] },
    price: { rules: [rule('hidden', ['8'])] },
    is_rare: { locked: true, read_only: true },
  });
  function server(stored: CrmRecord = record()) {
    return fakeServer((request) => {
      if (request.path === '/families') return rowsReply(FAMILIES);
      if (request.path === '/plants/new') return {};
      return request.method === 'GET' ? stored : { ...stored, ...request.body, id: 12 };
    });
  }
  const show = (id: number | null, at: string) => mountAt(RecordForm, { at, props: { entity, id } });

  it('hides, locks and asks at once when the state changes, and sends none of the closed fields', async () => {
    const sent = server();
    const { wrapper } = await show(1, '/crm/plants/1/edit');
    expect(wrapper.find('[data-field=height] .required').exists()).toBe(false);
    await wrapper.find('[data-field=latin] input').setValue('Quercus ilex');
    await wrapper.find('[data-field=price] input').setValue('12');
    await wrapper.findAll('.cards input')[1]?.setValue(true);
    expect(wrapper.find('[data-field=height] .required').exists()).toBe(true);
    expect(wrapper.find('[data-field=price]').exists()).toBe(false);
    expect(wrapper.find('[data-field=latin] input').exists()).toBe(false);
    expect(wrapper.find('[data-field=latin] .value').text()).toBe('Quercus');
    expect(wrapper.find('[data-field=latin] .lock-mark').attributes('title')).toBe('Read-only in “Moss”');
    await wrapper.find('form').trigger('submit');
    await settle();
    expect(sent.find(({ method }) => method === 'PATCH')?.body).toEqual({ version: 4, family: 8 });
  });

  it('gives back what was typed when the state goes back', async () => {
    server();
    const { wrapper } = await show(1, '/crm/plants/1/edit');
    await wrapper.find('[data-field=latin] input').setValue('Quercus ilex');
    await wrapper.findAll('.cards input')[1]?.setValue(true);
    await wrapper.findAll('.cards input')[0]?.setValue(true);
    const input = wrapper.find('[data-field=latin] input').element as HTMLInputElement;
    expect(input.value).toBe('Quercus ilex');
  });

  it('shows a field that is locked in every state with the reason, and leaves it out of a new record', async () => {
    server(record({ is_rare: true }));
    const edit = await show(1, '/crm/plants/1/edit');
    expect(edit.wrapper.find('[data-field=is_rare] .lock-mark').attributes('title')).toBe(
      'Read-only: a rule keeps you from changing it',
    );
    const made = await show(null, '/crm/plants/new');
    expect(made.wrapper.find('[data-field=is_rare]').exists()).toBe(false);
  });

  it('names the field of an error that is not in the form', async () => {
    fakeServer((request) => {
      if (request.path === '/families') return rowsReply(FAMILIES);
      if (request.method === 'GET') return record({ _fields: { price: { hidden: true } } });
      return {
        status: 400,
        body: { price: ['You may not change this field.'], height: ['This field is required.'] },
      };
    });
    const { wrapper } = await show(1, '/crm/plants/1/edit');
    await wrapper.find('[data-field=name] input').setValue('Holm oak');
    await wrapper.find('form').trigger('submit');
    await settle();
    expect(wrapper.find('.form-problem').text()).toBe('Price: You may not change this field.');
    expect(wrapper.find('[data-field=height] [role=alert]').text()).toBe('This field is required.');
  });
});

describe('what a record shows under rules', () => {
  const entity = ruled({
    height: { rules: [rule('read_only', ['7'])] },
    price: { rules: [rule('hidden', ['7'])] },
  });
  const flags = { height: { read_only: true }, price: { hidden: true }, latin: { required: true } };

  it('leaves hidden fields out of its page, and puts a lock where the pencil would be', async () => {
    fakeServer(() => ({}));
    const { wrapper } = await mountAt(DataTab, {
      at: '/crm/plants/1',
      props: { entity, record: record({ _fields: flags, latin: null }), tab: entity.tabs[0] },
    });
    expect(wrapper.findAll('dt').map((one) => one.text())).toEqual([
      'Family',
      'Name',
      'Latin *',
      'Height',
      'Is rare',
    ]);
    expect(wrapper.findAll('.lock-mark').map((one) => one.attributes('title'))).toEqual([
      'Read-only in “Olive”',
    ]);
    expect(wrapper.findAll('.pencil')).toHaveLength(4);
  });

  it('edits no locked cell of a list, and marks the hidden one', async () => {
    fakeServer(({ path }) =>
      path === '/plants'
        ? rowsReply([record({ _fields: flags }), record({ id: 2, _fields: {} })])
        : { groups: [], count: 2, totals: {} },
    );
    const { wrapper } = await mountAt(RecordList, {
      props: { entity: { ...entity, scope: 'settings' }, title: 'Plants' },
    });
    const cells = (row: number) => wrapper.findAll('tr[data-row]')[row]?.findAll('td') ?? [];
    expect(cells(0).map((cell) => cell.find('.pencil').exists())).toEqual([
      false,
      false,
      true,
      true,
      false,
      false,
    ]);
    expect(cells(0)[4]?.find('.lock-mark').attributes('title')).toBe('Read-only in “Olive”');
    expect(cells(0)[5]?.find('.lock-mark').attributes('title')).toBe('Hidden by a rule');
    expect(cells(1)[4]?.find('.pencil').exists()).toBe(true);
  });

  it('says in the bulk dialog which records a rule keeps as they are', async () => {
    const rows = [
      record({ _fields: { height: { read_only: true } } }),
      record({ id: 2, family: MOSS, _fields: {} }),
    ];
    await mountAt(BulkDialog, { props: { entity, rows, count: 2, busy: false, problem: '', open: true } });
    const select = document.querySelector<HTMLSelectElement>('.bulk-add select') as HTMLSelectElement;
    expect([...select.options].filter(({ disabled }) => disabled)).toEqual([]);
    select.value = 'height';
    select.dispatchEvent(new Event('change'));
    await settle();
    expect(document.querySelector('.bulk-closed')?.textContent).toContain('1 of the chosen records');
  });

  it('offers no field in the bulk dialog that is closed on all chosen records', async () => {
    const rows = [record({ _fields: flags })];
    await mountAt(BulkDialog, { props: { entity, rows, count: 1, busy: false, problem: '', open: true } });
    const options = [...document.querySelectorAll<HTMLOptionElement>('.bulk-add option')];
    expect(options.filter(({ disabled }) => disabled).map(({ textContent }) => textContent?.trim())).toEqual([
      'Height (closed by a rule)',
      'Price (closed by a rule)',
    ]);
  });

  it('shows a ruled field when merging, and lets nobody choose', async () => {
    const line = (name: string, read_only: boolean) => ({
      name,
      united: false,
      read_only,
      differs: true,
      values: { 1: 3, 2: 4 },
      choice: 1,
    });
    fakeServer(() => ({
      records: [1, 2].map((id) => ({ id, label: `Oak ${id}`, version: 1, verbs: [] })),
      winner: 1,
      fields: [line('height', true), line('planted_at', true), line('price', false)],
      relations: [],
      mixes_private: false,
    }));
    const { wrapper } = await mountAt(MergeScreen, { at: '/crm/plants?ids=1,2', entities: [entity] });
    expect(wrapper.findAll('tbody th').map((one) => one.text())).toEqual(['Height', 'Price']);
    expect(wrapper.findAll('tbody tr').map((one) => one.findAll('input').length)).toEqual([0, 2]);
    expect(wrapper.findAll('tbody th .lock-mark')).toHaveLength(1);
  });
});
