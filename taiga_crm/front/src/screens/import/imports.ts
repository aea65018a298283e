/** The shape of an import: one file on its way into one kind of record. */
import type { Job } from '@/api/jobs';

export const OUTCOMES = ['created', 'updated', 'linked', 'unchanged', 'doubtful', 'skipped'] as const;
export type Outcome = (typeof OUTCOMES)[number];
export type ImportState = 'draft' | 'running' | 'done' | 'failed' | 'canceled' | 'undone';
export const STEPS = ['file', 'columns', 'preview', 'result'] as const;
export type Step = (typeof STEPS)[number];

/** Nothing was written, so everything can still be changed. */
export function isOpen(data: Pick<Import, 'state'>): boolean {
  return data.state === 'draft' || data.state === 'failed' || data.state === 'canceled';
}

export interface Choice {
  value: string;
  label: string;
}

/** A field that a column may go into. */
export interface Target {
  name: string;
  label: string;
  kind: string;
  required: boolean;
  help: string;
  /** Names another record. */
  link: boolean;
  /** The record it names may be made when it is missing. */
  can_create: boolean;
  /** An amount: scale and currency matter. */
  units: boolean;
  /** The order of day, month and year matters. */
  dates: boolean;
  /** What an address or a number may be: at work, mobile, a fax. */
  types?: Choice[];
}

export interface ImportKind {
  kind: string;
  label: string;
  label_plural: string;
  fields: Target[];
}

export interface ColumnOptions {
  scale?: string | number;
  currency?: string;
  date_order?: string;
  decimal?: string;
  type?: string;
}

export interface Column {
  position: number;
  header: string;
  samples: string[];
  field: string | null;
  options: ColumnOptions;
  guessed: boolean;
}

export interface Settings {
  mode: 'create_update' | 'create' | 'update';
  key: string;
  empty: 'keep' | 'clear';
  create_missing: string[];
  project: number | null;
  currency: string;
}

export interface Profile {
  id: number;
  name: string;
  mine: boolean;
  shared: boolean;
  can_change: boolean;
}

/** One remark about one column, with how many lines have it. */
export interface Reason {
  number: number;
  outcome: 'skipped' | 'doubtful';
  column: string;
  reason: string;
  rows: number;
  /** Some of what was written there; `more` says that there is more. */
  written: string[];
  more: boolean;
}

export interface Outcomes {
  counts: Partial<Record<Outcome, number>>;
  reasons?: Reason[];
  at?: string;
  undo_until?: string | null;
}

export interface Undone {
  undone: number;
  kept: { kind?: string; id: number; label: string; reason: string }[];
  kept_count: number;
}

export interface Import {
  id: number;
  kind: string;
  kind_label: string;
  state: ImportState;
  file_name: string;
  size: number;
  /** Cards have no columns to choose and no lines to mend. */
  format: 'csv' | 'xlsx' | 'vcard';
  encoding: string;
  encodings: Choice[];
  delimiter: string;
  delimiters: Choice[];
  sheets: string[];
  sheet: string;
  heading?: number;
  row_count: number;
  /** The first lines, cell by cell. */
  first_rows: string[][];
  columns: Column[];
  targets: Target[];
  required_missing: string[];
  settings: Settings;
  keys: Choice[];
  profile: { id: number; name: string } | null;
  profiles: Profile[];
  preview: Outcomes | null;
  result: Outcomes | null;
  can_undo: boolean;
  undone: Undone | null;
  job: Job | null;
  created_at: string;
  finished_at: string | null;
}

/** One line of the file and what becomes, or became, of it. */
export interface Row {
  line: number;
  kind?: string;
  name: string;
  outcome: Outcome;
  record: number | null;
  remarks: { column: string; written: string; reason: string }[];
}

export type Mapping = Pick<Column, 'position' | 'field' | 'options'>;

/** What the person changes in a draft. */
export interface Change {
  encoding?: string;
  delimiter?: string;
  sheet?: string;
  /** The line with the names of the columns. */
  heading?: number;
  profile?: number | null;
  mapping?: Mapping[];
  settings?: Partial<Settings>;
}

export function isEmptyChange(change: Change): boolean {
  return Object.keys(change).length === 0;
}

/** Two changes as one: of each column and setting the later one counts. */
export function together(first: Change, then: Change): Change {
  const mapping = new Map(
    [...(first.mapping ?? []), ...(then.mapping ?? [])].map((one) => [one.position, one]),
  );
  return {
    ...first,
    ...then,
    ...(mapping.size && { mapping: [...mapping.values()] }),
    ...((first.settings || then.settings) && { settings: { ...first.settings, ...then.settings } }),
  };
}

/** The import as the person has it before their eyes: what the server knows, and what is on its way there. */
export function withChange(data: Import, change: Change): Import {
  const { mapping = [], settings, encoding, delimiter, sheet, heading } = change;
  const columns = data.columns.map((column) => {
    const mine = mapping.find(({ position }) => position === column.position);
    return mine ? { ...column, ...mine, guessed: false } : column;
  });
  return {
    ...data,
    ...(encoding !== undefined && { encoding }),
    ...(delimiter !== undefined && { delimiter }),
    ...(sheet !== undefined && { sheet }),
    ...(heading !== undefined && { heading }),
    columns,
    settings: { ...data.settings, ...settings },
    // Only the server knows what may stand for what; here a field merely stops being missed.
    required_missing: data.required_missing.filter((name) => !columns.some(({ field }) => field === name)),
    preview: isEmptyChange(change) ? data.preview : null,
  };
}

/** Kinds that hold several values: more than one column may go there. */
const SEVERAL = ['emails', 'phones', 'links', 'tags'];

export function takesSeveral(target: Target | undefined): boolean {
  return target !== undefined && SEVERAL.includes(target.kind);
}

export function targetOf(data: Import, name: string | null): Target | undefined {
  return name === null ? undefined : data.targets.find((one) => one.name === name);
}

export function count(outcomes: Outcomes | null, ...names: Outcome[]): number {
  return names.reduce((sum, name) => sum + (outcomes?.counts[name] ?? 0), 0);
}

/** Lines of `doubtful` are counted by what becomes of them, too. */
export function written(outcomes: Outcomes | null): number {
  return count(outcomes, 'created', 'updated', 'linked');
}

/** The step an import stands at, whatever the address says: one cannot look at a result that is not there. */
export function stepOf(data: Import, wanted: string): Step {
  if (!isOpen(data)) return 'result';
  const step = STEPS.find((one) => one === wanted);
  if (step && step !== 'result') return step;
  if (data.state !== 'draft') return 'result';
  return data.preview ? 'preview' : 'columns';
}

/** The fields no column goes into although each new record needs them. */
export function missingOf(data: Import): string[] {
  if (data.settings.mode === 'update') return [];
  return data.required_missing.map((name) => targetOf(data, name)?.label ?? name);
}
