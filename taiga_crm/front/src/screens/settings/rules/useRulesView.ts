/** What of the rules is on the page, kept in the address: search, filter, the open field, the preview. */
import { computed } from 'vue';
import { useRoute, useRouter } from 'vue-router';
import { useI18n } from '@/i18n';
import { type Outcome, outcomes, outcomesInAnyState } from './outcome';
import { describe, stateLabel } from './people';
import type { RuledField } from './rules';
import type { useFieldRules } from './useFieldRules';

type Name = 'q' | 'only' | 'open' | 'as' | 'in';
export type RulesView = ReturnType<typeof useRulesView>;

export function useRulesView(rules: ReturnType<typeof useFieldRules>) {
  const route = useRoute();
  const router = useRouter();
  const { t } = useI18n();

  const at = (name: Name) =>
    computed(() => (typeof route.query[name] === 'string' ? String(route.query[name]) : ''));
  const q = at('q');
  const only = computed(() => route.query.only === '1');
  const open = at('open');
  const as = at('as');
  const state = at('in');

  /** A change of what is looked at is no page of its own in the history. */
  function put(changes: Partial<Record<Name, string>>) {
    const query = Object.entries({ ...route.query, ...changes }).filter(([, value]) => value);
    void router.replace({ path: route.path, query: Object.fromEntries(query) });
  }

  const fields = computed(() => rules.set.value?.fields ?? []);
  /** Fields that are being changed stay on the page, whatever is filtered. */
  const shown = computed(() => {
    const wanted = q.value.trim().toLocaleLowerCase();
    return fields.value.filter(({ name, label }) => {
      if (wanted && !`${label} ${name}`.toLocaleLowerCase().includes(wanted)) return false;
      return !only.value || rules.rulesOf(name).length > 0 || rules.drafts.value.has(name);
    });
  });
  const sections = computed(() => {
    const found = new Map<string, RuledField[]>();
    for (const field of shown.value) {
      const label = field.section || t('rules.other_fields');
      found.set(label, [...(found.get(label) ?? []), field]);
    }
    return [...found].map(([label, list]) => ({ label, fields: list }));
  });

  const preview = computed(() => {
    const set = rules.set.value;
    if (!set || !as.value) return null;
    const people = [as.value];
    const found: Map<string, Outcome | 'varies'> =
      state.value || !set.state
        ? outcomes(set, rules.rules.value, people, state.value)
        : outcomesInAnyState(set, rules.rules.value, people);
    const counts = new Map<Outcome | 'varies', number>();
    for (const one of found.values()) counts.set(one, (counts.get(one) ?? 0) + 1);
    const { label, detail } = describe(set, as.value, t);
    // Outside a project, several have a role of this name.
    const name = detail && set.project === null ? `${label} (${detail})` : label;
    const title = state.value ? `${name} · ${stateLabel(set, state.value, t)}` : name;
    return { title, outcomes: found, counts };
  });
  const columns = computed(() => (preview.value ? 4 : 3));

  return {
    q,
    only,
    open,
    as,
    state,
    shown,
    sections,
    preview,
    columns,
    put,
    toggle: (name: string) => put({ open: open.value === name ? '' : name }),
    showAll: () => put({ q: '', only: '' }),
  };
}
