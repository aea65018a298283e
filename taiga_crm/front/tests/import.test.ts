import { describe, expect, it } from 'vitest';
import ImportScreen from '@/screens/import/ImportScreen.vue';
import { templateOf } from '@/screens/import/template';
import { draft, KINDS, openImport, TARGETS, target } from './import-support';
import { settle } from './support';

const open = (
  step: string,
  ...rest: Parameters<typeof openImport> extends [unknown, unknown, ...infer R] ? R : []
) => openImport(ImportScreen, `/crm/import/12?step=${step}`, ...rest);
const file = () => new File(['a,b'], 'plants.csv', { type: 'text/csv' });

async function drop(chosen: File) {
  const zone = document.querySelector('.drop');
  const event = new Event('drop', { bubbles: true, cancelable: true });
  Object.assign(event, { dataTransfer: { files: [chosen] } });
  zone?.dispatchEvent(event);
  await settle();
}

async function combobox(label: string, typed: string, option: string) {
  const input = document.querySelector<HTMLInputElement>(`[aria-label="${label}"]`);
  if (!input) throw new Error(`no field ${label}`);
  input.focus();
  input.value = typed;
  input.dispatchEvent(new Event('input'));
  await new Promise((resolve) => setTimeout(resolve, 220));
  await settle();
  const found = [...document.querySelectorAll<HTMLElement>('[role=option]')];
  found.find((one) => one.querySelector('.main')?.textContent === option)?.click();
  await settle();
  return found.map((one) => one.textContent?.trim());
}

describe('the file', () => {
  it('is read as soon as it is dropped, and the address leads to its import', async () => {
    const { router, writes } = await openImport(ImportScreen, '/crm/import/new?kind=plant');
    await drop(file());
    expect(writes()).toMatchObject([{ method: 'POST', path: '/imports', body: { kind: 'plant' } }]);
    expect(router.currentRoute.value.fullPath).toBe('/crm/import/12?step=file');
  });

  it('waits until one has said what is in it', async () => {
    const { writes, choose, wrapper } = await openImport(ImportScreen, '/crm/import/new');
    await drop(file());
    expect(writes()).toEqual([]);
    expect(wrapper.find('[role=alert]').text()).toContain('Choose above what is in the file');
    await choose('What is in the file?', 'plant');
    expect(wrapper.find('[role=alert]').exists()).toBe(false);
  });

  it('that is refused tells why, and can be sent again', async () => {
    let refuses = true;
    const { router, press, wrapper } = await openImport(
      ImportScreen,
      '/crm/import/new?kind=plant',
      draft(),
      (request) =>
        refuses && request.method === 'POST' ? { status: 400, body: { file: ['The file is empty.'] } } : null,
    );
    await drop(file());
    expect(wrapper.find('[role=alert]').text()).toContain('plants.csv The file is empty.');
    refuses = false;
    await press('Try again');
    expect(router.currentRoute.value.path).toBe('/crm/import/12');
  });

  it('takes the place of the draft it was chosen for', async () => {
    const { writes } = await openImport(ImportScreen, '/crm/import/new?kind=plant&instead=11');
    await drop(file());
    expect(writes().map(({ method, path }) => `${method} ${path}`)).toEqual([
      'POST /imports',
      'DELETE /imports/11',
    ]);
  });

  it('is read anew in another encoding; a refusal stands beside it', async () => {
    const { choose, writes, wrapper } = await open('file', draft(), (request) =>
      request.body?.encoding === 'cp949'
        ? { status: 400, body: { encoding: ['Line 3 is not CP949.'] } }
        : null,
    );
    expect(wrapper.findAll('.sample tbody tr').map((row) => row.text())).toEqual([
      'Oak1,100.503/04/2020Fagaceaegreen',
      'ElmUlmaceae',
    ]);
    await choose('Encoding', 'cp949');
    expect(writes()).toMatchObject([{ method: 'PATCH', body: { encoding: 'cp949' } }]);
    expect(wrapper.find('.k-field .error').text()).toBe('Line 3 is not CP949.');
    await choose('Columns are separated by', ';');
    expect(writes()[1]?.body).toEqual({ encoding: 'cp949', delimiter: ';' });
  });

  it('is read anew from the line that has the names of the columns', async () => {
    const { wrapper, writes } = await open('file', draft({ heading: 1 }));
    const line = wrapper.find('input.heading-line');
    expect((line.element as HTMLInputElement).value).toBe('1');
    await line.setValue('4');
    await settle();
    expect(writes()).toMatchObject([{ method: 'PATCH', body: { heading: 4 } }]);
  });

  it('comes as an empty template that no spreadsheet calculates', () => {
    const [plants] = KINDS;
    const fields = [target('name', 'text', { label: 'Say "hi"' }), target('x', 'text', { label: '=1+1' })];
    expect(templateOf({ ...(plants as (typeof KINDS)[0]), fields })).toBe('\ufeff"Say ""hi""","\'=1+1"\r\n');
  });
});

describe('a column', () => {
  it('goes into a field found by its name, and the field leaves the column it had', async () => {
    const { kept, writes } = await open('columns');
    const offered = await combobox('Field for the column Colour', 'nam', 'Name');
    expect(offered).toEqual(['Namenow from Plant']);
    expect(writes()[0]?.body).toEqual({
      mapping: [
        { position: 4, field: 'name', options: {} },
        { position: 0, field: null, options: {} },
      ],
    });
    expect(kept.columns.map(({ field }) => field)).toEqual([null, 'price', 'planted', 'family', 'name']);
  });

  it('may share a field that holds several values', async () => {
    const tagged = draft();
    if (tagged.columns[3]) tagged.columns[3].field = 'tags';
    const { writes } = await open('columns', tagged);
    await combobox('Field for the column Colour', 'tag', 'Tags');
    expect(writes()[0]?.body).toEqual({ mapping: [{ position: 4, field: 'tags', options: {} }] });
  });

  it('asks how amounts and dates are written, and nothing where it does not matter', async () => {
    const { wrapper, choose, writes } = await open('columns');
    const rows = wrapper.findAll('.column-row');
    expect(
      rows.map((row) => row.findAll('.column-reading label').map((one) => one.find('span').text())),
    ).toEqual([[], ['Written in', 'Currency', 'Decimal sign'], ['Order of dates'], [], []]);
    await choose('Written in', '1000000');
    await choose('Currency', 'USD');
    expect(writes()[1]?.body).toEqual({
      mapping: [{ position: 1, field: 'price', options: { scale: '1000000', currency: 'USD' } }],
    });
  });

  it('of numbers say what they are, and can be told otherwise', async () => {
    const types = [
      { value: 'work', label: 'Work' },
      { value: 'mobile', label: 'Mobile' },
    ];
    const numbers = draft({ targets: [...TARGETS, target('tel', 'phones', { types })] });
    Object.assign(numbers.columns[4] ?? {}, { header: 'Cell', field: 'tel', options: { type: 'mobile' } });
    const { wrapper, choose, writes } = await open('columns', numbers);
    const select = wrapper.findAll('.column-row')[4]?.find('select').element as HTMLSelectElement;
    expect(select.value).toBe('mobile');
    expect([...select.options].map((one) => one.text)).toEqual(['not told', 'Work', 'Mobile']);
    await choose('These are', 'work');
    expect(writes()[0]?.body).toEqual({
      mapping: [{ position: 4, field: 'tel', options: { type: 'work' } }],
    });
  });

  it('that is needed is told beside the next step, which waits for it', async () => {
    const bare = draft({ required_missing: ['name'] });
    if (bare.columns[0]) bare.columns[0].field = null;
    const { wrapper, press, writes } = await open('columns', bare);
    expect(wrapper.find('.needed').text()).toBe('Still needed: Name');
    expect(wrapper.find('.import-foot .primary').attributes('disabled')).toBeDefined();
    await combobox('Field for the column Plant', 'name', 'Name');
    expect(wrapper.find('.needed').exists()).toBe(false);
    await press('Check the file');
    expect(writes().at(-1)).toMatchObject({ method: 'POST', path: '/imports/12/preview' });
  });

  it('keeps its field when it could not be saved, and is sent again with what came after', async () => {
    let fails = true;
    const { wrapper, press, writes, kept } = await open('columns', draft(), ({ method }) =>
      fails && method === 'PATCH' ? { status: 503, body: {} } : null,
    );
    await combobox('Field for the column Colour', 'height', 'Height');
    const box = () => document.querySelector<HTMLInputElement>('[aria-label="Field for the column Colour"]');
    expect(wrapper.find('.import-foot [role=alert]').text()).toContain('not available at the moment');
    expect(box()?.value).toBe('Height');
    fails = false;
    await press('Try again');
    expect(writes()).toHaveLength(2);
    expect(kept.columns[4]?.field).toBe('height');
    expect(wrapper.find('.import-foot [role=alert]').exists()).toBe(false);
  });

  it('goes back to what the server has when the change is left', async () => {
    const { press, wrapper } = await open('columns', draft(), ({ method }) =>
      method === 'PATCH' ? { status: 400, body: { mapping: ['Not this one.'] } } : null,
    );
    await combobox('Field for the column Colour', 'height', 'Height');
    expect(wrapper.find('.import-foot [role=alert]').text()).toContain('Not this one.');
    await press('Leave it');
    expect(wrapper.findAll('.column-row.open')).toHaveLength(1);
  });
});

describe('the settings', () => {
  it('offer to make what is not known only for links that are in the file', async () => {
    const { wrapper, writes } = await open('columns');
    const boxes = wrapper.findAll('.import-settings .k-check');
    expect(boxes.map((one) => one.text())).toEqual(['Family']);
    await boxes[0]?.find('input').setValue(true);
    await settle();
    expect(writes()[0]?.body).toEqual({ settings: { create_missing: ['family'] } });
  });

  it('do not ask about empty cells where nothing known is changed', async () => {
    const { choose, wrapper } = await open('columns');
    expect(wrapper.find('.import-settings').text()).toContain('Where a cell is empty');
    await choose('With each line', 'create');
    expect(wrapper.find('.import-settings').text()).not.toContain('Where a cell is empty');
  });

  it('are a profile once saved; a name that is taken is refused beside it', async () => {
    let taken = true;
    const { press, writes } = await open('columns', draft(), ({ method, path }) => {
      if (path !== '/import-profiles' || method !== 'POST') return null;
      return taken
        ? { status: 400, body: { name: ['This name is taken.'] } }
        : { status: 201, body: { id: 3, name: 'Shop' } };
    });
    await press('Save this mapping');
    const input = document.querySelector<HTMLInputElement>('.profile-form input');
    if (!input) throw new Error('no dialog');
    input.value = 'Shop';
    input.dispatchEvent(new Event('input'));
    const submit = async () => {
      document.querySelector('.profile-form')?.dispatchEvent(new Event('submit', { cancelable: true }));
      await settle();
    };
    await submit();
    expect(document.querySelector('.profile-form .error')?.textContent).toContain('This name is taken.');
    expect(input.value).toBe('Shop');
    taken = false;
    await submit();
    expect(writes().filter(({ path }) => path === '/import-profiles')[1]?.body).toEqual({
      name: 'Shop',
      import: 12,
      shared: false,
    });
    expect(document.querySelector('.profile-form')).toBeNull();
  });

  it('come from a profile that is applied', async () => {
    const profiles = [{ id: 3, name: 'Shop', mine: false, shared: true, can_change: false }];
    const { choose, writes } = await open('columns', draft({ profiles }));
    await choose('Saved mapping', '3');
    await choose('Saved mapping', '');
    expect(writes().map(({ body }) => body)).toEqual([{ profile: 3 }, { profile: null }]);
  });
});
