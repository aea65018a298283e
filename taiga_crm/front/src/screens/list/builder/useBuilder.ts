/** The groups being built, what the API says about them, and how many records they find. */
import { computed, type InjectionKey, inject, onBeforeUnmount, reactive, ref, watch } from 'vue';
import type { Params } from '@/api/client';
import { ApiError } from '@/api/errors';
import type { Entity } from '@/api/meta';
import { useClient } from '@/context';
import { useI18n } from '@/i18n';
import { fromGroup, type Group, isUsable, MAX_LENGTH, type Tree, toLeaf, usableTree } from '../tree';
import { sentConditions, unfinished } from './edit';

/** A longer address is refused on its way by many servers, whatever the API would take. */
const MAX_ADDRESS = 3000;
const WAIT_MS = 400;

export interface Builder {
  entity: Entity;
  projectId: number | undefined;
  root: Group;
  /** What is wrong with a condition, by its id. */
  faults: Map<number, string>;
  conditionText(filter: { field: string; operator: string; value: string }): string;
  /** Puts the focus on a part, or on the button that adds to a group. */
  focus(id: number): void;
}

export const BUILDER: InjectionKey<Builder> = Symbol('builder');

export function useOwnBuilder(): Builder {
  const builder = inject(BUILDER);
  if (!builder) throw new Error('a condition lives inside a builder');
  return builder;
}

export function useBuilder(root: Group, entity: () => Entity, around: () => Params) {
  const client = useClient();
  const { t } = useI18n();
  const faults = reactive(new Map<number, string>());
  const problem = ref('');
  const found = ref<{ count: number; exact: boolean } | null>(null);
  const tree = computed(() => fromGroup(root));
  const tooLong = computed(() => {
    const text = JSON.stringify(tree.value ?? '');
    return text.length > MAX_LENGTH || encodeURIComponent(text).length > MAX_ADDRESS;
  });
  let timer: ReturnType<typeof setTimeout> | undefined;
  let running: AbortController | undefined;

  watch(tree, () => {
    faults.clear();
    problem.value = '';
    found.value = null;
    clearTimeout(timer);
    timer = setTimeout(() => void check(), WAIT_MS);
  });
  onBeforeUnmount(() => {
    clearTimeout(timer);
    running?.abort();
  });

  /** Asks the API for the number of rows; false when it refuses the tree. */
  async function check(): Promise<boolean> {
    running?.abort();
    clearTimeout(timer);
    const mine = new AbortController();
    running = mine;
    problem.value = tooLong.value ? t('filter.too_long') : '';
    if (tooLong.value) return false;
    const usable = usableTree(tree.value, entity());
    const params = { ...around(), page_size: 1, fields: entity().name_field };
    try {
      const page = await client.list(
        `/${entity().path}`,
        { ...params, ...(usable && { tree: JSON.stringify(usable) }) },
        mine.signal,
      );
      if (!mine.signal.aborted) found.value = { count: page.count, exact: page.exact };
      return true;
    } catch (error) {
      if (mine.signal.aborted) return false;
      if (!(error instanceof ApiError)) throw error;
      return refused(error);
    }
  }

  /** A tree that cannot be asked about now, without a network, is applied all the same. */
  function refused(error: ApiError): boolean {
    if (error.code !== 'invalid_query') return true;
    const usable = sentConditions(root).filter(({ filter }) => filter && isUsable(toLeaf(filter), entity()));
    for (const { place, message } of placesOf(error)) {
      const condition = usable[place];
      const name = `${condition?.filter?.field}: `;
      if (condition)
        faults.set(condition.id, message.startsWith(name) ? message.slice(name.length) : message);
    }
    if (!faults.size) problem.value = error.message;
    return false;
  }

  /** The tree to apply; null with `ok` false when something must be mended first. */
  async function finish(): Promise<{ ok: boolean; tree: Tree | null }> {
    for (const one of unfinished(root)) faults.set(one.id, t('filter.needs_value'));
    const ok = faults.size === 0 && (await check());
    return { ok, tree: ok ? tree.value : null };
  }

  return { tree, faults, problem, found, check, finish };
}

interface Place {
  place: number;
  message: string;
}

function placesOf({ details }: ApiError): Place[] {
  const { conditions } = details;
  return Array.isArray(conditions) ? (conditions as Place[]) : [];
}
