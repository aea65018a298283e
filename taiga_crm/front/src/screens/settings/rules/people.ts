/** How the people of a rule are called, and what is said about a rule in one chip. */
import type { MessageKey } from '@/i18n';
import {
  type Effect,
  EVERYBODY,
  type PersonKey,
  peopleOf,
  personOf,
  type Rule,
  type RuleSet,
  viewersOf,
} from './rules';

type Say = (key: MessageKey, params?: Record<string, string | number>) => string;

export interface Person {
  key: PersonKey;
  label: string;
  /** What the person is, or in which project. */
  detail: string;
  isGone: boolean;
}

export function describe(set: RuleSet, key: PersonKey, t: Say): Person {
  const person = personOf(key);
  if (!person) return { key, label: t('rules.everybody'), detail: '', isGone: false };
  const found = set[person.kind].find(({ id }) => id === person.id);
  if (!found) return { key, label: t('rules.gone', { id: person.id }), detail: '', isGone: true };
  const detail = 'project' in found ? roleDetail(set, String(found.project)) : t(`rules.is_${person.kind}`);
  return { key, label: found.label, detail, isGone: false };
}

/** In a project all roles are its own. */
function roleDetail(set: RuleSet, project: string): string {
  return set.project === null ? project : '';
}

/** Roles of the same name in several projects are one name with a number. */
export function namesOf(set: RuleSet, keys: PersonKey[], t: Say): string[] {
  const counts = new Map<string, number>();
  for (const key of keys) {
    const { label } = describe(set, key, t);
    counts.set(label, (counts.get(label) ?? 0) + 1);
  }
  return [...counts].map(([label, n]) => (n > 1 ? `${label} ×${n}` : label));
}

export interface RuleChip {
  effect: Effect;
  text: string;
}

/** One chip for each rule beside who may see the field. */
export function chipsOf(set: RuleSet, rules: Rule[], t: Say): RuleChip[] {
  return rules.flatMap((rule) => {
    if (rule.effect === 'visible_to') return [];
    const people = peopleOf(rule);
    const who = namesOf(set, people.length ? people : [EVERYBODY], t).join(', ');
    const labels = rule.states.map((state) => stateLabel(set, state, t));
    return [{ effect: rule.effect, text: labels.length ? `${who} · ${labels.join(', ')}` : who }];
  });
}

export function stateLabel(set: RuleSet, state: string, t: Say): string {
  return set.state?.values.find(({ value }) => value === state)?.label ?? t('rules.gone', { id: state });
}

/** All that the rules of a field say, as a sentence for comparing. */
export function sentenceOf(set: RuleSet, rules: Rule[], t: Say): string {
  const viewers = viewersOf(rules);
  const parts = [
    ...(viewers ? [t('rules.seen_by', { names: namesOf(set, viewers, t).join(', ') })] : []),
    ...chipsOf(set, rules, t).map(({ effect, text }) => `${t(`rules.${effect}`)}: ${text}`),
  ];
  return parts.join('; ') || t('rules.none');
}
