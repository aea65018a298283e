import { describe, expect, it, vi } from 'vitest';
import type { Entity } from '@/api/meta';
import { createdQuery } from '@/screens/import/created';
import ImportScreen from '@/screens/import/ImportScreen.vue';
import ImportsScreen from '@/screens/import/ImportsScreen.vue';
import { type Import, together, withChange } from '@/screens/import/imports';
import RecordList from '@/screens/list/RecordList.vue';
import { draft, job, openImport } from './import-support';
import { fakeServer, mountAt, plants, type Reply, rowsReply, type Sent, settle } from './support';

const open = (
  step: string,
  ...rest: Parameters<typeof openImport> extends [unknown, unknown, ...infer R] ? R : []
) => openImport(ImportScreen, `/crm/import/12?step=${step}`, ...rest);
const text = () => document.body.textContent ?? '';

const PREVIEW = { counts: { created: 60, updated: 5, skipped: 20 }, at: '2026-11-25T10:01:00Z' };
const ROW = {
  line: 7,
  name: 'Oak',
  outcome: 'skipped',
  record: null,
  remarks: [{ column: 'Cost', written: 'much', reason: 'No amount.' }],
};

describe('the check', () => {
  it('shows first what cannot be taken, with the reason beside it', async () => {
    const { wrapper, sent } = await open('preview', draft({ preview: PREVIEW }), ({ path }) =>
      path.endsWith('/rows') ? { body: [ROW] } : null,
    );
    expect(wrapper.findAll('[role=tab]').map((tab) => tab.text())).toEqual([
      'New · 60',
      'Updated · 5',
      'Left out · 20',
    ]);
    expect(sent.find(({ path }) => path.endsWith('/rows'))?.query.outcome).toBe('skipped');
    expect(wrapper.find('.outcome-rows tbody').text()).toBe('7OakCost“much”No amount.'.replace(/[“”]/g, ''));
    expect(wrapper.find('.import-foot').text()).toContain('20 lines are left out.');
    expect(wrapper.find('.import-foot .primary').text()).toBe('Import 65 lines');
  });

  it('keeps the tab in the address', async () => {
    const { wrapper, router } = await open('preview', draft({ preview: PREVIEW }), ({ path }) =>
      path.endsWith('/rows') ? { body: [ROW] } : null,
    );
    await wrapper.findAll('[role=tab]')[1]?.trigger('click');
    await settle();
    expect(router.currentRoute.value.query).toEqual({ step: 'preview', outcome: 'updated' });
  });

  it('offers nothing to import where nothing fits or all is known', async () => {
    const none = draft({ preview: { counts: { unchanged: 85 } } });
    const { wrapper } = await open('preview', none, ({ path }) =>
      path.endsWith('/rows') ? { body: [] } : null,
    );
    expect(wrapper.find('.import-foot').text()).toContain('Everything in the file is known already.');
    expect(wrapper.find('.import-foot .primary').attributes('disabled')).toBeDefined();
  });

  it('tells how far it is, can be stopped, and says so', async () => {
    const working = draft({ job: job() });
    const { wrapper, press, writes } = await open('preview', working, ({ method, path }, kept) => {
      if (path === '/jobs/5') return { body: kept.job };
      if (method !== 'POST') return null;
      kept.job = job({ state: 'canceled' });
      return { body: kept.job };
    });
    expect(wrapper.find('[role=progressbar]').attributes('aria-valuenow')).toBe('47');
    expect(text()).toContain('40 of 85');
    await press('Stop');
    expect(writes()).toMatchObject([{ path: '/jobs/5/cancel' }]);
    await vi.waitFor(() => expect(text()).toContain('The check was stopped'));
  });

  it('leads back to the columns when the address asks for a result that is not there', async () => {
    const { wrapper } = await open('result');
    expect(wrapper.find('[aria-current=step]').text()).toContain('Columns');
  });

  it('saves the lines that are left out as a file', async () => {
    const save = vi.spyOn(URL, 'createObjectURL').mockReturnValue('blob:x');
    const { press, sent } = await open('preview', draft({ preview: PREVIEW }), ({ path }) =>
      path.endsWith('/rows') ? { body: [ROW] } : null,
    );
    await press('Lines with reasons');
    await press('Excel (XLSX): lines left out (20)');
    expect(sent.find(({ path }) => path === '/imports/12/errors')?.query).toEqual({ format: 'xlsx' });
    expect(save).toHaveBeenCalledOnce();
  });
});

const DONE = {
  state: 'done' as const,
  result: { ...PREVIEW, undo_until: '2026-12-25T10:00:00Z' },
  can_undo: true,
};

describe('the result', () => {
  it('links the records, and offers the way back', async () => {
    const { wrapper } = await open('', draft(DONE), ({ path }) =>
      path.endsWith('/rows') ? { body: [{ ...ROW, outcome: 'created', record: 99, remarks: [] }] } : null,
    );
    expect(wrapper.find('.result-head').text()).toContain('created: 60 · updated: 5 · left out: 20');
    expect(wrapper.find('.outcome-rows a').attributes('href')).toBe('/crm/plants/99');
    expect(wrapper.find('.result-acts').text()).toContain('can be undone until Dec 25, 2026');
  });

  it('leads to the list of exactly what it has created', () => {
    expect(createdQuery(draft(DONE))).toEqual({ imported: '12', view: 'none' });
    expect(createdQuery(draft({ result: { counts: { updated: 3 } } }))).toEqual({});
  });

  it('counts what is wrong, and a click leaves the lines of one reason', async () => {
    const reasons = [
      {
        number: 2,
        outcome: 'skipped' as const,
        column: 'Cost',
        reason: 'No amount.',
        rows: 12,
        written: ['much', 'lots', 'some'],
        more: true,
      },
      {
        number: 1,
        outcome: 'doubtful' as const,
        column: 'Sector',
        reason: 'Read as Wood.',
        rows: 3,
        written: [],
        more: false,
      },
    ];
    const { wrapper, router, sent } = await open(
      'preview',
      draft({ preview: { ...PREVIEW, reasons } }),
      ({ path }) => (path.endsWith('/rows') ? { body: [ROW] } : null),
    );
    const shown = wrapper.findAll('.reason');
    expect(shown.map((one) => one.text().replace(/\s+/g, ' '))).toEqual([
      '12 linesCostmuchlotssome…No amount.',
    ]);
    await shown[0]?.trigger('click');
    await settle();
    expect(router.currentRoute.value.query.reason).toBe('2');
    expect(wrapper.find('.reason').attributes('aria-pressed')).toBe('true');
    expect(sent.filter(({ path }) => path.endsWith('/rows')).at(-1)?.query).toMatchObject({
      outcome: 'skipped',
      reason: '2',
      page: '1',
    });
    await wrapper.find('.reason').trigger('click');
    await settle();
    expect(router.currentRoute.value.query.reason).toBeUndefined();
  });

  it('shows an import of cards without columns, with links of both kinds and the way back', async () => {
    const cards = { ...DONE, format: 'vcard' as const, kind_label: 'vCards', columns: [] };
    const { wrapper } = await open('', draft(cards), ({ path }) =>
      path.endsWith('/rows')
        ? { body: [{ ...ROW, kind: 'plant', outcome: 'created', record: 99, remarks: [] }] }
        : null,
    );
    expect(wrapper.find('.import-steps').exists()).toBe(false);
    expect(wrapper.find('.outcome-rows thead').text()).toContain('Card');
    expect(wrapper.find('.outcome-rows a').attributes('href')).toBe('/crm/plants/99');
    expect(text()).toContain('Undo the import');
    expect(text()).not.toContain('Lines with reasons');
  });

  it('offers no second try for cards whose file is gone', async () => {
    const cards = { format: 'vcard' as const, state: 'failed' as const, job: job({ state: 'failed' }) };
    await open('', draft(cards));
    expect(text()).toContain('The import failed');
    expect(text()).not.toContain('Try again');
  });

  it('says that nothing was written after it was stopped or failed', async () => {
    const { wrapper, press, writes } = await open(
      '',
      draft({ state: 'failed', job: job({ state: 'failed', error: 'Out of disk.' }) }),
    );
    expect(wrapper.find('.result-head').text()).toBe('The import failedOut of disk.');
    expect(wrapper.find('.import-steps a').attributes('href')).toBe('/crm/import/12?step=file');
    await press('Try again');
    expect(writes()).toMatchObject([{ method: 'POST', path: '/imports/12/run' }]);
  });

  it('lists what an undo had to keep', async () => {
    const undone = { undone: 64, kept: [{ id: 4, label: 'Elm', reason: 'Edited by Bob' }], kept_count: 201 };
    const { wrapper } = await open('', draft({ ...DONE, state: 'undone', can_undo: false, undone }));
    expect(wrapper.find('.undone-list').text()).toContain('64 records were taken back.');
    expect(wrapper.find('.kept-rows li').text()).toBe('ElmEdited by Bob');
    expect(wrapper.find('.undone-list').text()).toContain('and 200 more');
    expect(text()).not.toContain('Undo the import');
  });

  it('is not found when it is another person’s', async () => {
    const { wrapper } = await open('', draft(), () => ({ status: 404, body: {} }));
    expect(wrapper.text()).toContain('There is nothing here');
  });
});

describe('the list of records', () => {
  const offered = async (over: Partial<Entity>) => {
    fakeServer(({ path }) => (path.endsWith('/groups') ? { count: 0, totals: {} } : rowsReply([])));
    const entity = plants({ can_import: true, has_cards: true, ...over });
    const { wrapper, router } = await mountAt(RecordList, {
      entities: [entity],
      props: { entity, title: 'Plants' },
    });
    return { wrapper, router, buttons: wrapper.findAll('button').map((one) => one.text()) };
  };

  it('leads to the import, from its menu and when it is empty', async () => {
    const { wrapper, router, buttons } = await offered({});
    expect(buttons).toContain('Import');
    const start = wrapper.findAll('.k-state button').find((one) => one.text() === 'Import from a file');
    await start?.trigger('click');
    await settle();
    expect(router.currentRoute.value.fullPath).toBe('/crm/import/new?kind=plant');
  });

  it('offers none to who may not add, nor for what no file can bring', async () => {
    for (const over of [{ verbs: ['view'] }, { can_import: false }]) {
      const { wrapper, buttons } = await offered(over);
      expect(buttons).not.toContain('Import');
      expect(wrapper.text()).not.toContain('Import from a file');
    }
  });
});

describe('my imports', () => {
  const list = (rows: Partial<Import>[], over: (request: Sent) => Reply | null = () => null) =>
    openImport(ImportsScreen, '/crm/import', draft(), (request) => {
      const all = rows.map((one, index) => draft({ id: index + 1, ...one }));
      return over(request) ?? (request.path === '/imports' ? { body: all } : null);
    });

  it('say what to do when there are none', async () => {
    const { wrapper } = await list([]);
    expect(wrapper.find('.k-state').text()).toContain('You have not imported anything yet');
    expect(wrapper.find('.k-state a').attributes('href')).toBe('/crm/import/new');
  });

  it('tell what became of each, and offer what is possible', async () => {
    const { wrapper } = await list([{ state: 'draft' }, { ...DONE }, { state: 'failed' }, { job: job() }]);
    const rows = wrapper.findAll('.import-rows li');
    expect(rows.map((row) => row.find('.k-badge').text())).toEqual(['draft', 'done', 'failed', 'at work']);
    expect(rows.map((row) => row.findAll('button').length)).toEqual([1, 2, 1, 0]);
    expect(rows[0]?.text()).toContain('Go on');
    expect(rows[1]?.text()).toContain('created: 60 · updated: 5 · left out: 20');
  });

  it('keep the list and say why when something is refused', async () => {
    const { wrapper, press, writes, question } = await list([{ ...DONE }], ({ method }) =>
      method === 'POST' ? { status: 409, body: { _error_message: 'A job is at work.' } } : null,
    );
    await press('Undo the import of plants.csv');
    expect(question.value?.text).toContain('Records it created: 60, changed: 5.');
    expect(writes()).toEqual([]);
    question.value?.answer(true);
    await settle();
    expect(writes()).toMatchObject([{ path: '/imports/1/undo' }]);
    expect(wrapper.find('[role=alert]').text()).toBe('A job is at work.');
    expect(wrapper.findAll('.import-rows li')).toHaveLength(1);
  });
});

describe('two changes', () => {
  it('are one, the later one counting for each column and setting', () => {
    const both = together(
      { mapping: [{ position: 1, field: 'a', options: {} }], settings: { key: 'id', mode: 'create' } },
      { mapping: [{ position: 1, field: 'b', options: {} }], settings: { key: 'name' } },
    );
    expect(both).toEqual({
      mapping: [{ position: 1, field: 'b', options: {} }],
      settings: { key: 'name', mode: 'create' },
    });
  });

  it('make what was checked before worthless', () => {
    const data = draft({ preview: PREVIEW });
    expect(withChange(data, {}).preview).toEqual(PREVIEW);
    expect(withChange(data, { settings: { empty: 'clear' } }).preview).toBeNull();
  });
});
