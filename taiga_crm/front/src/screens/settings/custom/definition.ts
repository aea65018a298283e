/** Custom fields as their administration sees them. */
export interface Option {
  value?: string;
  label: string;
  labels?: Record<string, string>;
  color?: string;
  retired?: boolean;
}

export interface Definition {
  id: number;
  kind: string;
  name: string;
  label: string;
  labels: Record<string, string>;
  help: string;
  helps: Record<string, string>;
  value_kind: string;
  result_kind: string;
  target: string;
  section: string;
  is_required: boolean;
  is_enabled: boolean;
  is_shown: boolean;
  is_searched: boolean;
  is_indexed: boolean;
  is_going: boolean;
  options: Option[];
  minimum: string;
  maximum: string;
  max_length: number | null;
  pattern: string;
  types: number[];
  projects: number[];
  formula: string;
  version: number;
}

export interface Named {
  id: number;
  label: string;
}

export interface Kinds {
  kinds: {
    key: string;
    label: string;
    sections: { key: string; label: string }[];
    types: Named[];
    in_projects: boolean;
    inputs: { name: string; label: string; kind: string }[];
  }[];
  value_kinds: string[];
  result_kinds: string[];
  targets: string[];
  projects: Named[];
  functions: string[];
}

/** How many records hold a value of a field, and which computed fields read it. */
export interface Usage {
  count: number;
  exact: boolean;
  inputs_of: string[];
}

export type Draft = Omit<Definition, 'id' | 'name' | 'is_going' | 'version'>;

export function emptyDraft(kind: string): Draft {
  return {
    kind,
    label: '',
    labels: {},
    help: '',
    helps: {},
    value_kind: 'text',
    result_kind: 'decimal',
    target: 'user',
    section: '',
    is_required: false,
    is_enabled: true,
    is_shown: false,
    is_searched: false,
    is_indexed: false,
    options: [],
    minimum: '',
    maximum: '',
    max_length: null,
    pattern: '',
    types: [],
    projects: [],
    formula: '',
  };
}

const WITH_OPTIONS = new Set(['choice', 'tags']);
const WITH_BOUNDS = new Set(['integer', 'decimal', 'money']);
const TEXTS = new Set(['text', 'long_text', 'email', 'phone', 'url']);

type Kinded = Pick<Draft, 'value_kind'>;
export const hasOptions = (one: Kinded) => WITH_OPTIONS.has(one.value_kind);
export const hasBounds = (one: Kinded) => WITH_BOUNDS.has(one.value_kind);
export const hasLength = (one: Kinded) => TEXTS.has(one.value_kind);
export const hasPattern = (one: Kinded) => one.value_kind === 'text';
export const isComputed = (one: Kinded) => one.value_kind === 'computed';

/** What can be changed of a definition, apart from it; a new one of the kind for none. */
export function toDraft(kind: string, definition: Definition | null): Draft {
  const draft = emptyDraft(kind);
  if (!definition) return draft;
  const kept = Object.keys(draft).map((name) => [name, definition[name as keyof Draft]]);
  return JSON.parse(JSON.stringify(Object.fromEntries(kept))) as Draft;
}

/** Only what belongs to the kind of value: the API refuses parts that mean nothing there. */
export function toBody(draft: Draft, creating: boolean): Record<string, unknown> {
  const {
    kind,
    value_kind,
    result_kind,
    target,
    options,
    minimum,
    maximum,
    formula,
    max_length,
    pattern,
    ...common
  } = draft;
  const body: Record<string, unknown> = { ...common };
  // A new line without a text is no option; one that exists keeps its place and is refused by the API.
  if (hasOptions(draft)) body.options = options.filter((one) => one.value || one.label.trim());
  if (hasBounds(draft)) Object.assign(body, { minimum, maximum });
  if (hasLength(draft)) body.max_length = max_length || null;
  else body.is_searched = false;
  if (hasPattern(draft)) body.pattern = pattern;
  if (isComputed(draft)) Object.assign(body, { formula, is_required: false });
  if (!creating) return body;
  Object.assign(body, { kind, value_kind });
  if (isComputed(draft)) body.result_kind = result_kind;
  if (value_kind === 'link') body.target = target;
  return body;
}
