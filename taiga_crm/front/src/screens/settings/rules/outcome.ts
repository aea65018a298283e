/** What the rules come to for one person in one state, and what about them looks like a mistake. */
import {
  byField,
  type Effect,
  EVERY_STATE,
  EVERYBODY,
  type PersonKey,
  peopleOf,
  type Rule,
  type RuledField,
  type RuleSet,
} from './rules';

export const OUTCOMES = ['required', 'edit', 'read', 'hidden'] as const;
export type Outcome = (typeof OUTCOMES)[number];

/** What one person may do with every field of a kind in a state; the strictest rule wins. */
export function outcomes(
  set: RuleSet,
  rules: Rule[],
  people: PersonKey[],
  state: string,
): Map<string, Outcome> {
  const groups = byField([...set.inherited, ...rules]);
  const found = new Map<string, Outcome>();
  for (const field of set.fields)
    found.set(field.name, outcomeOf(field, groups.get(field.name) ?? [], people, state));
  return withInputs(set, found);
}

/** A value that is made from others would tell them. */
function withInputs(set: RuleSet, found: Map<string, Outcome>): Map<string, Outcome> {
  for (let changed = true; changed; ) {
    changed = false;
    for (const { name, made_from } of set.fields)
      if (found.get(name) !== 'hidden' && made_from.some((input) => found.get(input) === 'hidden')) {
        found.set(name, 'hidden');
        changed = true;
      }
  }
  return found;
}

function outcomeOf(field: RuledField, rules: Rule[], people: PersonKey[], state: string): Outcome {
  const effects = effectsOn(rules, people, state);
  if (effects.has('hidden') && field.may_hide) return 'hidden';
  if (!field.may_write || effects.has('read_only')) return 'read';
  return field.required || effects.has('required') ? 'required' : 'edit';
}

function effectsOn(rules: Rule[], people: PersonKey[], state: string): Set<Effect> {
  const found = new Set<Effect>();
  for (const rule of rules) {
    const named = peopleOf(rule);
    const isNamed = named.some((one) => people.includes(one));
    if (rule.effect === 'visible_to') {
      if (!isNamed) found.add('hidden');
    } else if ((isNamed || !named.length) && (!rule.states.length || rule.states.includes(state)))
      found.add(rule.effect);
  }
  return found;
}

/** Per field: what holds in every state, or what differs from state to state. */
export function outcomesInAnyState(
  set: RuleSet,
  rules: Rule[],
  people: PersonKey[],
): Map<string, Outcome | 'varies'> {
  const states = set.state?.values.map(({ value }) => value) ?? [EVERY_STATE];
  const all = states.map((state) => outcomes(set, rules, people, state));
  return new Map(
    set.fields.map(({ name }) => {
      const different = new Set(all.map((one) => one.get(name) ?? 'edit'));
      const [first = 'edit'] = different;
      return [name, different.size > 1 ? 'varies' : first];
    }),
  );
}

export interface Warning {
  kind: 'nobody' | 'hides_required' | 'locks_required' | 'hides_made';
  /** Nobody could go on working: asked about before saving. */
  severe: boolean;
  names?: string;
}

/** What an administrator would want to know before saving the rules of a field. */
export function warningsOf(set: RuleSet, field: RuledField, own: Rule[]): Warning[] {
  if (!own.length) return [];
  const found: Warning[] = [];
  if (isSeenByNobody(set, own)) found.push({ kind: 'nobody', severe: true });
  const clash = clashes(set, field, own);
  if (clash.has('hidden')) found.push({ kind: 'hides_required', severe: true });
  if (clash.has('read_only')) found.push({ kind: 'locks_required', severe: true });
  const made = set.fields.filter(({ made_from }) => made_from.includes(field.name));
  const hides = own.some(({ effect }) => effect === 'hidden' || effect === 'visible_to');
  if (hides && made.length)
    found.push({ kind: 'hides_made', severe: false, names: made.map(({ label }) => label).join(', ') });
  return found;
}

/** Hidden from everybody in every state, or shown only to people who are gone. */
function isSeenByNobody(set: RuleSet, own: Rule[]): boolean {
  const known = new Set(allPeople(set));
  const viewers = own.find(({ effect }) => effect === 'visible_to');
  if (viewers && !peopleOf(viewers).some((one) => known.has(one))) return true;
  const states = set.state?.values.map(({ value }) => value) ?? [EVERY_STATE];
  const roles = set.project !== null ? set.roles.map(({ id }) => `roles:${id}`) : [];
  const everyone = [[EVERYBODY], ...(roles.length ? roles.map((role) => [role]) : [])];
  const groups = roles.length ? everyone.slice(1) : everyone;
  const hiding = own.filter(({ effect }) => effect === 'hidden');
  return (
    hiding.length > 0 &&
    groups.every((people) => states.every((state) => effectsOn(hiding, people, state).has('hidden')))
  );
}

/** The effects that take away what the same people must fill in. */
function clashes(set: RuleSet, field: RuledField, own: Rule[]): Set<Effect> {
  const states = set.state?.values.map(({ value }) => value) ?? [EVERY_STATE];
  const found = new Set<Effect>();
  for (const person of [EVERYBODY, ...own.flatMap(peopleOf)])
    for (const state of states) {
      const effects = effectsOn(
        own.filter(({ effect }) => effect !== 'visible_to'),
        [person],
        state,
      );
      if (!field.required && !effects.has('required')) continue;
      if (effects.has('hidden')) found.add('hidden');
      else if (effects.has('read_only')) found.add('read_only');
    }
  return found;
}

function allPeople(set: RuleSet): PersonKey[] {
  return [
    ...set.roles.map(({ id }) => `roles:${id}`),
    ...set.user_types.map(({ id }) => `user_types:${id}`),
    ...set.users.map(({ id }) => `users:${id}`),
  ];
}
