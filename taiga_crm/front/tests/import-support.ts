/** An import of plants from a file, and a server that keeps it; the screens must not know what it is about. */
import { vi } from 'vitest';
import type { Job } from '@/api/jobs';
import type { Import, ImportKind, Target } from '@/screens/import/imports';
import { fakeServer, mountAt, type Reply, type Sent, settle } from './support';

// Whole pages are drawn here: on a busy machine that takes longer than a single part.
vi.setConfig({ testTimeout: 30_000 });

export const target = (name: string, kind: string, over: Partial<Target> = {}): Target => ({
  name,
  label: name.replace(/^./, (letter) => letter.toUpperCase()),
  kind,
  required: false,
  help: '',
  link: false,
  can_create: false,
  units: false,
  dates: false,
  ...over,
});

export const TARGETS = [
  target('name', 'text', { required: true }),
  target('family', 'link', { link: true, can_create: true }),
  target('price', 'money', { units: true }),
  target('planted', 'date', { dates: true }),
  target('height', 'integer'),
  target('tags', 'tags'),
];

export const KINDS: ImportKind[] = [
  { kind: 'plant', label: 'Plant', label_plural: 'Plants', fields: TARGETS },
  { kind: 'family', label: 'Family', label_plural: 'Families', fields: [target('name', 'text')] },
];

const column = (position: number, header: string, field: string | null, samples: string[] = []) => ({
  position,
  header,
  samples,
  field,
  options: {},
  guessed: true,
});

export function draft(over: Partial<Import> = {}): Import {
  return {
    id: 12,
    kind: 'plant',
    kind_label: 'Plants',
    state: 'draft',
    file_name: 'plants.csv',
    size: 2048,
    format: 'csv',
    encoding: 'utf-8',
    encodings: [
      { value: 'utf-8', label: 'UTF-8' },
      { value: 'cp949', label: 'Korean (CP949)' },
    ],
    delimiter: ',',
    delimiters: [
      { value: ',', label: 'Comma' },
      { value: ';', label: 'Semicolon' },
    ],
    sheets: [],
    sheet: '',
    row_count: 85,
    first_rows: [
      ['Oak', '1,100.5', '03/04/2020', 'Fagaceae', 'green'],
      ['Elm', '', '', 'Ulmaceae', ''],
    ],
    columns: [
      column(0, 'Plant', 'name', ['Oak', 'Elm']),
      column(1, 'Cost', 'price', ['1,100.5', '']),
      column(2, 'Since', 'planted', ['03/04/2020']),
      column(3, 'Kind', 'family', ['Fagaceae']),
      column(4, 'Colour', null, ['green']),
    ],
    targets: TARGETS,
    required_missing: [],
    settings: {
      mode: 'create_update',
      key: 'name',
      empty: 'keep',
      create_missing: [],
      project: null,
      currency: 'EUR',
    },
    keys: [
      { value: 'id', label: 'Number' },
      { value: 'name', label: 'Name' },
    ],
    profile: null,
    profiles: [],
    preview: null,
    result: null,
    can_undo: false,
    undone: null,
    job: null,
    created_at: '2026-11-25T10:00:00Z',
    finished_at: null,
    ...over,
  };
}

export const job = (over: Partial<Job> = {}): Job => ({
  id: 5,
  kind: 'import',
  state: 'running',
  done: 40,
  total: 85,
  result: {},
  error: '',
  cancel_requested: false,
  created_at: '2026-11-25T10:00:00Z',
  finished_at: null,
  ...over,
});

/** Keeps one import: PATCH changes it as the API does; `over` answers what a test wants otherwise. */
export async function openImport(
  screen: Parameters<typeof mountAt>[0],
  at: string,
  start: Import = draft(),
  over: (request: Sent, kept: Import) => Reply | null = () => null,
) {
  const kept = structuredClone(start);
  const sent = fakeServer((request) => over(request, kept) ?? { body: answer(request, kept) });
  const page = await mountAt(screen, { at });
  const writes = () => sent.filter(({ method }) => method !== 'GET');
  const press = async (name: string) => {
    const all = [...document.querySelectorAll<HTMLElement>('button, a, [role=menuitem]')];
    const found = all.find(
      (one) => one.getAttribute('aria-label') === name || one.textContent?.trim() === name,
    );
    if (!found) throw new Error(`nothing is called ${name}`);
    found.dispatchEvent(new PointerEvent('pointerdown', { bubbles: true, button: 0 }));
    found.click();
    await settle();
  };
  const choose = async (label: string, value: string) => {
    const box = [...document.querySelectorAll('label')].find((one) =>
      one.textContent?.trim().startsWith(label),
    );
    const select =
      box?.querySelector('select') ?? document.querySelector<HTMLSelectElement>(`#${box?.htmlFor}`);
    if (!select) throw new Error(`no choice ${label}`);
    select.value = value;
    select.dispatchEvent(new Event('change'));
    await settle();
  };
  return { ...page, kept, sent, writes, press, choose };
}

function answer({ method, path, body }: Sent, kept: Import): unknown {
  if (path === '/imports/kinds') return KINDS;
  if (path === '/imports') return method === 'POST' ? kept : [kept];
  if (method !== 'PATCH') return kept;
  const { mapping = [], settings = {}, ...rest } = body as { mapping?: Import['columns']; settings?: object };
  kept.columns = kept.columns.map((one) => {
    const mine = mapping.find(({ position }) => position === one.position);
    return mine ? { ...one, ...mine, guessed: false } : one;
  });
  const mapped = kept.columns.map(({ field }) => field);
  kept.required_missing = kept.targets.flatMap(({ name, required }) =>
    required && !mapped.includes(name) ? [name] : [],
  );
  Object.assign(kept.settings, settings);
  Object.assign(kept, rest);
  return structuredClone(kept);
}
