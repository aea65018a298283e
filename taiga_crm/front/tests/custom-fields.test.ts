import { describe, expect, it } from 'vitest';
import CustomFieldsScreen from '@/screens/settings/custom/CustomFieldsScreen.vue';
import { type Definition, emptyDraft, type Kinds } from '@/screens/settings/custom/definition';
import { fakeServer, mountAt, type Reply, type Sent, settle } from './support';

const KINDS: Kinds = {
  kinds: [
    {
      key: 'plant',
      label: 'Plants',
      sections: [],
      types: [{ id: 4, label: 'Tree' }],
      in_projects: false,
      inputs: [{ name: 'height', label: 'Height', kind: 'integer' }],
    },
    { key: 'family', label: 'Families', sections: [], types: [], in_projects: false, inputs: [] },
  ],
  value_kinds: ['text', 'integer', 'choice', 'computed'],
  result_kinds: ['decimal', 'text'],
  targets: ['user'],
  projects: [],
  functions: ['round'],
};
const row = (id: number, label: string, over: Partial<Definition> = {}): Definition => ({
  ...emptyDraft('plant'),
  id,
  label,
  name: `cf_${label.toLowerCase()}`,
  is_going: false,
  version: 1,
  ...over,
});
const LEVEL = row(1, 'Level', {
  value_kind: 'choice',
  is_required: true,
  options: [
    { value: 'gold', label: 'Gold', retired: false },
    { value: 'tin', label: 'Tin', retired: false },
  ],
  version: 5,
});
const RATIO = row(2, 'Ratio', { value_kind: 'computed', formula: 'height / 2' });

async function open(rows: Definition[], over: (request: Sent) => Reply | null = () => null) {
  const sent = fakeServer((request) => {
    const other = over(request);
    if (other) return other;
    if (request.path === '/custom-fields/kinds') return { body: KINDS };
    if (request.path === '/custom-fields' && request.method === 'GET') return { body: rows };
    return { body: {} };
  });
  const page = await mountAt(CustomFieldsScreen, { at: '/crm/settings/custom-fields' });
  const writes = () => sent.filter(({ method }) => method !== 'GET');
  const press = async (name: string) => {
    const all = [...document.querySelectorAll<HTMLButtonElement>('button')];
    all.find((one) => one.getAttribute('aria-label') === name || one.textContent?.trim() === name)?.click();
    await settle();
  };
  const save = async () => {
    document.querySelector('form')?.dispatchEvent(new Event('submit', { cancelable: true }));
    await settle();
  };
  return { ...page, sent, writes, press, save };
}

function input(label: string): HTMLInputElement {
  const found =
    document.querySelector<HTMLInputElement>(`[aria-label="${label}"]`) ??
    [...document.querySelectorAll('label')]
      .filter((one) => one.textContent?.replace('*', '').trim() === label)
      .map((one) => document.getElementById(one.htmlFor) as HTMLInputElement)[0];
  if (!found) throw new Error(`no input ${label}`);
  return found;
}

async function type(label: string, text: string) {
  const found = input(label);
  found.value = text;
  found.dispatchEvent(new Event(found.tagName === 'SELECT' ? 'change' : 'input'));
  await settle();
}

describe('the custom fields of a kind', () => {
  it('are listed with what they hold, and say when there are none', async () => {
    const { wrapper } = await open([LEVEL, RATIO]);
    expect(wrapper.findAll('li')[0]?.text()).toContain('Choice · cf_level');
    expect(wrapper.findAll('li')[0]?.find('.k-badge').text()).toBe('required');
    const { wrapper: empty } = await open([]);
    expect(empty.text()).toContain('No custom fields yet');
  });

  it('say why they cannot be shown, and try again', async () => {
    let fails = true;
    const { wrapper, press } = await open([LEVEL], ({ path }) =>
      fails && path === '/custom-fields' ? { status: 500, body: { _error_message: 'Broken.' } } : null,
    );
    expect(wrapper.text()).toContain('Broken.');
    fails = false;
    await press('Try again');
    expect(wrapper.findAll('li')).toHaveLength(1);
  });

  it('are put into another order, and forms and lists know it at once', async () => {
    const { writes, sent, press } = await open([LEVEL, RATIO]);
    await press('Move Ratio up');
    expect(writes()).toMatchObject([{ path: '/custom-fields/order', body: { kind: 'plant', ids: [2, 1] } }]);
    expect(sent.some(({ path }) => path === '/meta')).toBe(true);
  });

  it('take one act after the other, and drop none that comes too early', async () => {
    const { writes, press } = await open([LEVEL, RATIO]);
    await Promise.all([press('Move Ratio up'), press('Switch off Level')]);
    expect(writes()).toMatchObject([
      { path: '/custom-fields/order' },
      { path: '/custom-fields/1', body: { version: 5, is_enabled: false } },
    ]);
  });

  it('are asked for anew when somebody else was faster', async () => {
    const { wrapper, sent, press } = await open([LEVEL], ({ method }) =>
      method === 'PATCH' ? { status: 400, body: { code: 'stale_version', _error_message: 'Stale.' } } : null,
    );
    const before = sent.filter(({ path }) => path === '/custom-fields').length;
    await press('Switch off Level');
    expect(wrapper.find('[role=alert]').text()).toBe('Stale.');
    expect(sent.filter(({ path }) => path === '/custom-fields').length).toBe(before + 1);
  });
});

describe('a custom field', () => {
  it('is added with its options; what was typed stays beside what was refused', async () => {
    const { writes, press, save } = await open([], ({ method }) =>
      method === 'POST' ? { status: 400, body: { options: ['Two options have the same label.'] } } : null,
    );
    await press('Add a field');
    await type('Label', 'Level');
    await type('Kind of value', 'choice');
    await press('Add an option');
    await type('Option 1', 'Gold');
    await press('Add an option');
    await save();
    expect(writes()[0]).toMatchObject({
      path: '/custom-fields',
      body: { kind: 'plant', value_kind: 'choice', label: 'Level', options: [{ label: 'Gold' }] },
    });
    expect(document.querySelector('.custom-options [role=alert]')?.textContent).toBe(
      'Two options have the same label.',
    );
    expect(input('Label').value).toBe('Level');
    expect(input('Option 1').value).toBe('Gold');
  });

  it('sends the length and the pattern of a text, and shows a refused one at its input', async () => {
    const { writes, press, save } = await open([], ({ method }) =>
      method === 'POST' ? { status: 400, body: { pattern: ['This is not a regular expression.'] } } : null,
    );
    await press('Add a field');
    await type('Label', 'Iban');
    await type('At most so many characters', '34');
    await type('Pattern', '[A-Z');
    await save();
    expect(writes()[0]?.body).toMatchObject({ max_length: 34, pattern: '[A-Z' });
    expect(input('Pattern').closest('.k-field')?.textContent).toContain('This is not a regular expression.');
  });

  it('never loses an option whose text was emptied', async () => {
    const { writes, press, save } = await open([LEVEL]);
    await press('Edit Level');
    await type('Option 2', '');
    await save();
    expect(writes()[0]?.body?.options).toMatchObject([{ value: 'gold' }, { value: 'tin', label: '' }]);
    expect(writes()[0]?.body).toMatchObject({ version: 5 });
    expect(writes()[0]?.body).not.toHaveProperty('value_kind');
  });

  it('keeps what was typed when somebody else changed it, until one takes theirs', async () => {
    const { press, save } = await open([LEVEL], ({ method, path }) => {
      if (method === 'PATCH') return { status: 400, body: { code: 'stale_version', version: ['Stale.'] } };
      return path === '/custom-fields/1' ? { body: { ...LEVEL, label: 'Rank', version: 6 } } : null;
    });
    await press('Edit Level');
    await type('Label', 'Grade');
    await save();
    expect(input('Label').value).toBe('Grade');
    await press('Take it as it is now');
    expect(input('Label').value).toBe('Rank');
  });

  it('shows where a formula is wrong, and forgets it when the formula changes', async () => {
    const { writes, press } = await open([RATIO], ({ path }) =>
      path === '/custom-fields/formula'
        ? { body: { ok: false, message: 'Unexpected.', position: 7, value: null } }
        : null,
    );
    await press('Edit Ratio');
    await type('Try on record no.', '12');
    await press('Check');
    expect(writes()[0]?.body).toMatchObject({ kind: 'plant', formula: 'height / 2', record: 12 });
    expect(document.querySelector('.custom-formula .problem')?.textContent).toBe('Unexpected. (character 8)');
    await type('Formula', 'height / 3');
    expect(document.querySelector('.custom-formula .problem')).toBeNull();
  });

  it('tries nothing on what is no number of a record', async () => {
    const { writes, press } = await open([RATIO]);
    await press('Edit Ratio');
    await type('Try on record no.', 'oak');
    await press('Check');
    expect(writes()).toHaveLength(0);
    expect(document.querySelector('.custom-formula .problem')?.textContent).toContain('number of a record');
  });
});

describe('deleting a custom field', () => {
  it('is refused without a question while formulas read it', async () => {
    const { wrapper, writes, press } = await open([LEVEL], ({ path }) =>
      path.endsWith('/usage') ? { body: { count: 3, exact: true, inputs_of: ['Ratio'] } } : null,
    );
    await press('Delete Level');
    expect(wrapper.find('[role=alert]').text()).toContain('Level is read by formulas: Ratio');
    expect(writes()).toHaveLength(0);
  });
});

describe('recalculating', () => {
  it('shows how far it is and can be stopped', async () => {
    const { wrapper, writes, press } = await open([RATIO], ({ path }) => {
      if (path === '/custom-fields/recalculate') return { status: 202, body: { id: 9 } };
      return path === '/jobs/9'
        ? { body: { id: 9, state: 'running', done: 40, total: 90, error: '' } }
        : null;
    });
    await press('Recalculate all');
    expect(wrapper.find('[role=status]').text()).toContain('Recalculating: 40 of 90');
    await press('Stop');
    expect(writes().at(-1)?.path).toBe('/jobs/9/cancel');
  });
});
