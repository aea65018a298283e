/** Runs the business verbs an entity declares, asking first where it says so. */
import { computed } from 'vue';
import { ApiError } from '@/api/errors';
import type { Action, CrmRecord, Entity } from '@/api/meta';
import { refreshAll } from '@/api/queries';
import { reasonOf } from '@/api/reason';
import { allows } from '@/api/records';
import { useClient, useHost } from '@/context';
import { useI18n } from '@/i18n';
import { useConfirm } from '@/kit/useConfirm';

/** Has its own widget, the star. */
const SHOWN_ELSEWHERE = new Set(['favorite']);

/** The value of a field, or of an attribute of a link: `type.has_last_name`. */
function valueAt(record: CrmRecord, name: string): unknown {
  const [field = '', attribute] = name.split('.');
  const value = record[field];
  return attribute ? (value as Record<string, unknown> | null)?.[attribute] : value;
}

export function useAction(entity: () => Entity, record: () => CrmRecord) {
  const client = useClient();
  const host = useHost();
  const confirm = useConfirm();
  const { t } = useI18n();

  const actions = computed(() =>
    entity().actions.filter((action) => !SHOWN_ELSEWHERE.has(action.name) && applies(action)),
  );

  function applies({ when, verb }: Action): boolean {
    return allows(record(), verb) && (!when || valueAt(record(), when.field) === when.is);
  }

  async function run(name: string) {
    const action = entity().actions.find((one) => one.name === name);
    if (!action) return;
    const { label: title, question: text, danger } = action;
    if (text && !(await confirm({ title, text, yes: title, danger }))) return;
    try {
      await client.post(`/${entity().path}/${record().id}/${name}`, { version: record().version });
      await refreshAll();
      host.notify('success', t('detail.done', { name: action.label }));
    } catch (problem) {
      if (!(problem instanceof ApiError)) throw problem;
      host.notify('error', reasonOf(problem, t));
    }
  }

  return { actions, run };
}
