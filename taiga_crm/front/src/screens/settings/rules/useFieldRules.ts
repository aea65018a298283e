/** The rules of one kind in one place: as the server has them, as the person changed them, and both when others did too. */
import { computed, ref, shallowRef } from 'vue';
import { ApiError } from '@/api/errors';
import { refreshAll } from '@/api/queries';
import { reasonOf } from '@/api/reason';
import { useClient, useHost, useSession } from '@/context';
import { useI18n } from '@/i18n';
import { byField, type Named, type Rule, type RuleSet, same } from './rules';

/** Two people changed the rules of the same field. */
export interface RuleConflict {
  field: string;
  mine: Rule[];
  theirs: Rule[];
}

export interface Change {
  id: number;
  at: string;
  actor: { id: number | null; label: string };
  changes: { field: string; label: string; old: string; new: string }[];
}

export function useFieldRules(kind: string, project: number | undefined) {
  const client = useClient();
  const host = useHost();
  const session = useSession();
  const { t } = useI18n();
  const set = shallowRef<RuleSet | null>(null);
  /** The rules of the fields that the person touched. */
  const drafts = ref(new Map<string, Rule[]>());
  const failed = shallowRef<ApiError | null>(null);
  const problem = ref('');
  const notice = ref('');
  const conflicts = shallowRef<RuleConflict[]>([]);
  const busy = ref(false);

  const stored = computed(() => byField(set.value?.rules ?? []));
  const changed = computed(() => [...drafts.value.keys()]);
  const rules = computed(() => (set.value?.fields ?? []).flatMap(({ name }) => rulesOf(name)));

  function rulesOf(field: string): Rule[] {
    return drafts.value.get(field) ?? stored.value.get(field) ?? [];
  }

  async function load() {
    failed.value = null;
    try {
      set.value = await read();
      drafts.value = new Map();
      conflicts.value = [];
      problem.value = notice.value = '';
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      failed.value = error;
    }
  }

  function change(field: string, next: Rule[]) {
    const known = new Map(drafts.value);
    if (same(next, stored.value.get(field))) known.delete(field);
    else known.set(field, next);
    drafts.value = known;
  }

  /** A person picked from the directory has a name before the server tells it. */
  function remember(person: Named) {
    const now = set.value;
    if (now && !now.users.some(({ id }) => id === person.id))
      set.value = { ...now, users: [...now.users, person] };
  }

  function discard(field?: string) {
    const known = new Map(field ? drafts.value : []);
    if (field) known.delete(field);
    drafts.value = known;
    conflicts.value = field ? conflicts.value.filter((one) => one.field !== field) : [];
    problem.value = notice.value = '';
  }

  async function save(): Promise<boolean> {
    const now = set.value;
    if (!now || busy.value || conflicts.value.length) return false;
    busy.value = true;
    problem.value = notice.value = '';
    try {
      const body = { version: now.version, rules: rules.value };
      set.value = await client.put<RuleSet>(address(), body, { project });
      drafts.value = new Map();
      host.notify('success', t('rules.saved'));
      await Promise.all([refreshAll(), session.load()]);
      return true;
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      if (error.isStale) await compare();
      else problem.value = error.fields.rules?.join(' ') || reasonOf(error, t);
      return false;
    } finally {
      busy.value = false;
    }
  }

  /** Takes over what others saved; where both changed a field, the person chooses. Nothing is lost. */
  async function compare() {
    const before = stored.value;
    let theirs: RuleSet;
    try {
      theirs = await read();
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      problem.value = reasonOf(error, t);
      return;
    }
    const after = byField(theirs.rules);
    const known = new Map(drafts.value);
    const found: RuleConflict[] = [];
    const taken: string[] = [];
    for (const { name, label } of theirs.fields) {
      if (same(before.get(name), after.get(name))) continue;
      const mine = known.get(name);
      if (!mine) taken.push(label);
      else if (same(mine, after.get(name))) known.delete(name);
      else found.push({ field: name, mine, theirs: after.get(name) ?? [] });
    }
    const names = new Map([...theirs.users, ...(set.value?.users ?? [])].map((one) => [one.id, one]));
    set.value = { ...theirs, users: [...names.values()] };
    drafts.value = known;
    conflicts.value = found;
    notice.value = await told(taken, found.length);
  }

  async function told(taken: string[], n: number): Promise<string> {
    const who = await lastAuthor();
    return [
      t('rules.stale', { who: who ?? t('rules.somebody') }),
      taken.length ? t('rules.stale_taken', { names: taken.join(', ') }) : '',
      t(n ? 'rules.stale_choose' : 'rules.stale_save', { n }),
    ]
      .filter(Boolean)
      .join(' ');
  }

  async function lastAuthor(): Promise<string | null> {
    try {
      return (await history())[0]?.actor.label || null;
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      return null;
    }
  }

  function settle({ field, theirs }: RuleConflict, take: 'mine' | 'theirs') {
    if (take === 'theirs') change(field, theirs);
    conflicts.value = conflicts.value.filter((one) => one.field !== field);
    if (!conflicts.value.length) notice.value = t('rules.stale_save', { n: 0 });
  }

  const read = () => client.get<RuleSet>(address(), { project });
  const history = () => client.get<Change[]>(`${address()}/history`, { project });
  const address = () => `/field-rules/${kind}`;

  return {
    set,
    drafts,
    changed,
    rules,
    failed,
    problem,
    notice,
    conflicts,
    busy,
    rulesOf,
    load,
    change,
    remember,
    discard,
    save,
    settle,
    history,
  };
}
