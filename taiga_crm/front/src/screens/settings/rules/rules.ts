/** Field rules as the server keeps them, and as a grid of people and states that a person edits. */

export const EFFECTS = ['hidden', 'read_only', 'required'] as const;
export type Effect = (typeof EFFECTS)[number];
export const PEOPLE = ['roles', 'user_types', 'users'] as const;
export type PeopleKind = (typeof PEOPLE)[number];

export interface Rule {
  field: string;
  effect: Effect | 'visible_to';
  roles: number[];
  user_types: number[];
  users: number[];
  /** None = every state. */
  states: string[];
}

export interface RuledField {
  name: string;
  label: string;
  section: string;
  custom: boolean;
  required: boolean;
  may_hide: boolean;
  may_write: boolean;
  may_require: boolean;
  /** Its state decides which rules hold: it is locked in every state or in none. */
  is_state: boolean;
  made_from: string[];
}

export interface Named {
  id: number;
  label: string;
}

export interface RoleOf extends Named {
  project: string;
}

export interface RuleSet {
  kind: string;
  project: number | null;
  version: number;
  fields: RuledField[];
  state: { field: string; label: string; values: { value: string; label: string }[] } | null;
  roles: RoleOf[];
  user_types: Named[];
  users: Named[];
  rules: Rule[];
  /** In a project: the rules of all projects, which hold here as well. */
  inherited: Rule[];
}

/** `roles:3`, `user_types:1`, `users:9`, or everybody. */
export type PersonKey = string;
export const EVERYBODY: PersonKey = 'everybody';
export const EVERY_STATE = '';

export const keyOf = (kind: PeopleKind, id: number): PersonKey => `${kind}:${id}`;

export function personOf(key: PersonKey): { kind: PeopleKind; id: number } | null {
  const [kind, id] = key.split(':');
  const known = PEOPLE.find((one) => one === kind);
  return known ? { kind: known, id: Number(id) } : null;
}

export function peopleOf(rule: Rule): PersonKey[] {
  return PEOPLE.flatMap((kind) => rule[kind].map((id) => keyOf(kind, id)));
}

/** What the rules of one field say: person → state → effects. */
export type Grid = Map<PersonKey, Map<string, Set<Effect>>>;

export function gridOf(rules: Rule[]): Grid {
  const grid: Grid = new Map();
  for (const rule of rules) {
    if (rule.effect === 'visible_to') continue;
    const people = peopleOf(rule);
    for (const person of people.length ? people : [EVERYBODY])
      for (const state of rule.states.length ? rule.states : [EVERY_STATE])
        cell(grid, person, state).add(rule.effect);
  }
  return grid;
}

function cell(grid: Grid, person: PersonKey, state: string): Set<Effect> {
  const row = grid.get(person) ?? new Map<string, Set<Effect>>();
  grid.set(person, row);
  const found = row.get(state) ?? new Set<Effect>();
  row.set(state, found);
  return found;
}

/** As few rules as say the same: people with the same states of an effect share one. */
export function rulesFrom(field: string, grid: Grid): Rule[] {
  const found: Rule[] = [];
  for (const effect of EFFECTS) {
    const byStates = new Map<string, PersonKey[]>();
    for (const [person, row] of grid) {
      const states = [...row].flatMap(([state, effects]) => (effects.has(effect) ? [state] : []));
      if (states.includes(EVERY_STATE)) put(byStates, [EVERY_STATE], person);
      const single = states.filter((state) => state !== EVERY_STATE);
      if (single.length) put(byStates, single.sort(), person);
    }
    for (const [states, people] of byStates) {
      const list = JSON.parse(states) as string[];
      // Everybody is said by naming nobody: it cannot share a rule with others.
      if (people.includes(EVERYBODY)) found.push(ruleOf(field, effect, [], list));
      const named = people.filter((person) => person !== EVERYBODY);
      if (named.length) found.push(ruleOf(field, effect, named, list));
    }
  }
  return found;
}

function put(byStates: Map<string, PersonKey[]>, states: string[], person: PersonKey) {
  const key = JSON.stringify(states.filter((state) => state !== EVERY_STATE));
  byStates.set(key, [...(byStates.get(key) ?? []), person]);
}

function ruleOf(field: string, effect: Rule['effect'], people: PersonKey[], states: string[]): Rule {
  const ids = (kind: PeopleKind) =>
    people.flatMap((key) => {
      const person = personOf(key);
      return person?.kind === kind ? [person.id] : [];
    });
  const sorted = (kind: PeopleKind) => ids(kind).sort((a, b) => a - b);
  return {
    field,
    effect,
    roles: sorted('roles'),
    user_types: sorted('user_types'),
    users: sorted('users'),
    states,
  };
}

/** Who may see a field; null = everyone. */
export function viewersOf(rules: Rule[]): PersonKey[] | null {
  const rule = rules.find(({ effect }) => effect === 'visible_to');
  return rule ? peopleOf(rule) : null;
}

export function withViewers(field: string, rules: Rule[], viewers: PersonKey[]): Rule[] {
  const others = rules.filter(({ effect }) => effect !== 'visible_to');
  return viewers.length ? [ruleOf(field, 'visible_to', viewers, []), ...others] : others;
}

/** One cell holds one effect: the stronger ones make the weaker ones meaningless. */
export function withCell(
  field: string,
  rules: Rule[],
  person: PersonKey,
  state: string,
  effect: Effect | null,
): Rule[] {
  const grid = gridOf(rules);
  const row = grid.get(person) ?? new Map<string, Set<Effect>>();
  row.set(state, new Set(effect ? [effect] : []));
  grid.set(person, row);
  return [...rules.filter((rule) => rule.effect === 'visible_to'), ...rulesFrom(field, grid)];
}

export function withoutPerson(field: string, rules: Rule[], person: PersonKey): Rule[] {
  const grid = gridOf(rules);
  grid.delete(person);
  return [...rules.filter((rule) => rule.effect === 'visible_to'), ...rulesFrom(field, grid)];
}

export function strongest(effects: Iterable<Effect>): Effect | null {
  const all = new Set(effects);
  return EFFECTS.find((effect) => all.has(effect)) ?? null;
}

/** What holds in a cell because of a wider one: every state, everybody, or all projects. */
export function implied(rules: Rule[], inherited: Rule[], person: PersonKey, state: string): Effect | null {
  const own = gridOf(rules);
  const wide = gridOf(inherited);
  const places = [person, EVERYBODY].flatMap((one) => [state, EVERY_STATE].map((at) => [one, at] as const));
  const effects = places.flatMap(([one, at]) => [
    ...(one === person && at === state ? [] : (own.get(one)?.get(at) ?? [])),
    ...(wide.get(one)?.get(at) ?? []),
  ]);
  return strongest(effects);
}

/** The effects that make sense for a field, in every state or in one. */
export function offered(field: RuledField, state: string): Effect[] {
  return EFFECTS.filter((effect) => {
    if (effect === 'hidden') return field.may_hide;
    if (effect === 'required') return field.may_require;
    return field.may_write && !(field.is_state && state !== EVERY_STATE);
  });
}

export function byField(rules: Rule[]): Map<string, Rule[]> {
  const found = new Map<string, Rule[]>();
  for (const rule of rules) found.set(rule.field, [...(found.get(rule.field) ?? []), rule]);
  return found;
}

/** Whether two sets of rules of one field say the same. */
export function same(one: Rule[] = [], other: Rule[] = []): boolean {
  const text = (rules: Rule[]) => {
    const cells = [...gridOf(rules)].flatMap(([person, row]) =>
      [...row].flatMap(([state, effects]) => [...effects].map((effect) => `${person}|${state}|${effect}`)),
    );
    return JSON.stringify([cells.sort(), viewersOf(rules)?.sort() ?? null]);
  };
  return text(one) === text(other);
}
