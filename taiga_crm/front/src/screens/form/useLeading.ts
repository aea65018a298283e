/** The links that other fields depend on (an account's type): asked first, as cards when there are few. */
import { computed, ref } from 'vue';
import type { CrmRecord, Entity, Field, LinkValue } from '@/api/meta';
import { entityName, fieldsOf } from '@/api/records';
import { useClient, useSession } from '@/context';

const FEW = 12;

export function useLeading(entity: Entity) {
  const client = useClient();
  const session = useSession();
  const names = new Set(
    entity.fields.flatMap((field) => (field.visible_if?.attribute ? [field.visible_if.field] : [])),
  );
  const leading = computed(() =>
    fieldsOf(entity, [...names]).filter((field) => field.kind === 'link' && !field.read_only),
  );
  const cards = ref<Record<string, LinkValue[]>>({});

  /** Must be awaited before a form is filled: the cards carry the attributes that decide. */
  async function loadCards(): Promise<void> {
    for (const field of leading.value) cards.value[field.name] = await cardsOf(field);
  }

  async function cardsOf(field: Field): Promise<LinkValue[]> {
    const target = session.meta?.entities[field.target ?? ''];
    if (!target) return [];
    const { rows } = await client.list<CrmRecord>(`/${target.path}`, { page_size: FEW + 1 });
    if (rows.length > FEW) return [];
    return rows.map(({ _verbs, version, ...row }) => ({ ...row, label: entityName(target, row) }));
  }

  /** A new record starts with the first card; one whose value came without attributes gets them. */
  function complete(values: Record<string, unknown>, isNew: boolean): Record<string, unknown> {
    const completed = { ...values };
    for (const { name } of leading.value) {
      const options = cards.value[name] ?? [];
      const given = values[name] as LinkValue | null | undefined;
      if (given) completed[name] = { ...options.find(({ id }) => id === given.id), ...given };
      else if (isNew) completed[name] = options[0] ?? null;
    }
    return completed;
  }

  return { leading, cards, loadCards, complete };
}
