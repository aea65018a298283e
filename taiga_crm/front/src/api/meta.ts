/** The shape of `GET /meta` and `GET /me`: all that the screens know about an entity. */

export type Kind =
  | 'text'
  | 'long_text'
  | 'integer'
  | 'decimal'
  | 'money'
  | 'boolean'
  | 'date'
  | 'datetime'
  | 'choice'
  | 'country'
  | 'link'
  | 'links'
  | 'emails'
  | 'phones'
  | 'url'
  | 'color'
  | 'tags';

export type Operator =
  | 'exact'
  | 'not'
  | 'contains'
  | 'excludes'
  | 'starts'
  | 'gte'
  | 'lte'
  | 'between'
  | 'within'
  | 'below'
  | 'empty';

export interface Choice {
  value: string;
  label: string;
  color?: string | null;
}

export interface VisibleIf {
  field: string;
  attribute?: string;
  is: unknown;
}

/** What field rules do to a field of the records in these states (none = any) and this project (null = any). */
export interface FieldRule {
  effect: 'hidden' | 'read_only' | 'required';
  states: string[];
  project: number | null;
}

export interface Field {
  name: string;
  label: string;
  kind: Kind;
  help: string;
  required: boolean;
  read_only: boolean;
  /** A rule makes it read-only on every record. */
  locked?: boolean;
  /** Every new record needs it, whatever rules say. */
  fixed?: boolean;
  /** Rules that depend on the record. */
  rules?: FieldRule[];
  /** Types and projects a custom field is meant for; none = all. */
  only_types?: number[];
  only_projects?: number[];
  editable_inline: boolean;
  /** Given when the record is made and never changed. */
  create_only: boolean;
  /** May stand in a list. */
  columnar: boolean;
  sortable: boolean;
  filterable: boolean;
  operators: Operator[];
  nullable: boolean;
  max_length: number | null;
  choices: Choice[] | null;
  target: string | null;
  default: unknown;
  visible_if: VisibleIf | null;
  min?: number | string | null;
  max?: number | string | null;
}

export interface GroupBy {
  name: string;
  unit: string | null;
  label: string;
}

export interface Fieldset {
  label: string;
  fields: string[];
}

export interface Action {
  name: string;
  label: string;
  question: string;
  danger: boolean;
  when: { field: string; is: unknown } | null;
  verb: string;
}

export type TabKind =
  | 'data'
  | 'related'
  | 'stack'
  | 'timeline'
  | 'history'
  | 'projects'
  | 'connections'
  | 'files'
  | 'privacy'
  | 'due'
  | 'pending';

export interface Tab {
  key: string;
  label: string;
  kind: TabKind;
  entity: string | null;
  /** `$id` stands for the record the tab belongs to. */
  filter: Record<string, string>;
  note: string;
  /** The parts of a `stack`, one below the other. */
  parts?: Tab[];
}

export interface Entity {
  key: string;
  path: string;
  label: string;
  label_plural: string;
  icon: string;
  scope: 'project' | 'global' | 'settings';
  name_field: string;
  /** The field that rules of states look at. */
  state_field?: string | null;
  type_field?: string;
  /** The field that puts a record into projects; null where another record does it. */
  projects_field?: string | null;
  /** The fields of a postal address, in the order it is written; empty without one. */
  address?: string[];
  /** Where a new ticket finds its account: `id`, or a link field; empty when there is none. */
  tickets_of?: string;
  /** Its records can be vCards. */
  has_cards?: boolean;
  /** Files can be imported as its rows. */
  can_import?: boolean;
  fields: Field[];
  list_display: string[];
  ordering: string[];
  list_filter: string[];
  group_by: GroupBy[];
  totals: string[];
  searchable: boolean;
  fieldsets: Fieldset[];
  actions: Action[];
  tabs: Tab[];
  /** The link to the row above, where rows lie below one another. */
  tree?: string | null;
  /** Which records are put under a row, by which of their fields. */
  members?: { entity: string; field: string } | null;
  /** The fields of the form whose values may tell of a record that exists already. */
  compared?: string[];
  verbs: string[];
}

export interface Meta {
  /** Address of a map; `{query}` stands for the address to show. */
  map_url?: string;
  version: string;
  entities: Record<string, Entity>;
  order: string[];
}

export interface MeProject {
  id: number;
  slug: string;
  name: string;
  crm_enabled: boolean;
  is_admin: boolean;
  /** The host lets nobody write there: the project is blocked or archived. */
  is_frozen?: boolean;
  can_switch: boolean;
  verbs: Record<string, string[]>;
  /** The kinds of tickets the person may make and link there. */
  tickets?: ('issue' | 'userstory')[];
  scopes: Record<string, string>;
}

export interface Me {
  /** `timezone` is the one that filters of days use; empty when nobody knows it. */
  user: { id: number; username: string; full_name: string; timezone?: string };
  is_superuser: boolean;
  global_keys: string[];
  can: {
    manage_settings: boolean;
    manage_security?: boolean;
    manage_user_types: boolean;
    enter_global: boolean;
  };
  verbs: Record<string, string[]>;
  projects: MeProject[];
}

export interface Flags {
  hidden?: boolean;
  read_only?: boolean;
  required?: boolean;
}

/** A record or a row of a list: its fields beside the three names every one has. */
export interface CrmRecord {
  id: number;
  version: number;
  _verbs: string[];
  /** The host has frozen every project of the record: it can only be read. */
  _frozen?: boolean;
  /** What field rules say about this record, beside what holds on every one. */
  _fields?: Record<string, Flags>;
  /** Those of its projects that have rules. */
  _places?: number[];
  [field: string]: unknown;
}

export interface LinkValue {
  id: number;
  label: string;
  [attribute: string]: unknown;
}
