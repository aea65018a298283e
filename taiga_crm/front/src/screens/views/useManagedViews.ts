/** The saved views of one kind that a person sees, and what may be done with them. */
import { computed } from 'vue';
import type { Entity } from '@/api/meta';
import { refreshAll, useFetch } from '@/api/queries';
import { useWrite } from '@/api/write';
import { useClient, useHost } from '@/context';
import { useI18n } from '@/i18n';
import { useConfirm } from '@/kit/useConfirm';
import { type Broken, type SavedView, withoutBroken } from '../list/views/view';

export const SECTIONS = ['private', 'shared', 'public'] as const;
export type Section = (typeof SECTIONS)[number];

export function useManagedViews(entity: () => Entity | null, projectId: () => number | undefined) {
  const client = useClient();
  const host = useHost();
  const confirm = useConfirm();
  const { t } = useI18n();
  const { isBusy: busy, problem, write: attempt } = useWrite(refreshAll);
  const params = computed(() => ({
    kind: entity()?.key ?? '',
    project: projectId(),
    everywhere: projectId() === undefined ? true : undefined,
  }));
  const answer = useFetch(
    () => ['views', params.value],
    (api, signal) => api.get<SavedView[]>('/views', params.value, signal),
    { enabled: () => entity() !== null },
  );
  const views = computed(() => answer.data.value ?? []);
  const sections = computed(() =>
    SECTIONS.map((key) => ({ key, views: views.value.filter((view) => sectionOf(view) === key) })).filter(
      (section) => section.views.length,
    ),
  );

  const write = (action: () => Promise<unknown>, done = '') =>
    attempt(async () => {
      await action();
      if (done) host.notify('success', done);
    });

  /** Changes places with the next one of its section that the person may move. */
  function move(view: SavedView, step: number) {
    const others = movable(view);
    const at = others.indexOf(view);
    const other = others[at + step];
    if (!other) return Promise.resolve();
    const ids = others.map(({ id }) => id);
    ids.splice(at, 1);
    ids.splice(at + step, 0, view.id);
    return write(() => client.post('/views/reorder', { kind: view.kind, ids }));
  }

  function movable(view: SavedView): SavedView[] {
    return views.value.filter((one) => sectionOf(one) === sectionOf(view) && mayChange(one));
  }

  function duplicate(view: SavedView) {
    const name = t('view.copy_of', { name: view.name }).slice(0, 100);
    const { kind, project, state, color, show_as_tag } = view;
    return write(
      () => client.post('/views', { kind, project, state, color, show_as_tag, name, sharing: 'private' }),
      t('view.saved', { name }),
    );
  }

  function toggleDefault(view: SavedView) {
    const body = { for: 'me', value: !view.is_my_default, project: projectId() ?? view.project };
    return write(() => client.post(`/views/${view.id}/default`, body));
  }

  async function remove(view: SavedView) {
    const people = view.defaults.map(({ label }) => label).join(', ');
    const text = people
      ? t('view.delete_starts', { names: people })
      : view.sharing === 'private'
        ? ''
        : t('view.delete_shared');
    const title = t('view.delete_title', { name: view.name });
    const question = { title, yes: t('common.delete'), danger: true, ...(text && { text }) };
    if (await confirm(question)) await write(() => client.delete(`/views/${view.id}`));
  }

  function dropBroken(view: SavedView, broken: Broken) {
    const state = withoutBroken(view.state, broken);
    return write(() => client.patch(`/views/${view.id}`, { version: view.version, state }));
  }

  return {
    answer,
    views,
    sections,
    busy,
    problem,
    move,
    movable,
    duplicate,
    toggleDefault,
    remove,
    dropBroken,
  };
}

export function mayChange(view: SavedView): boolean {
  return view._verbs.includes('change');
}

function sectionOf({ sharing }: SavedView): Section {
  return sharing === 'private' || sharing === 'public' ? sharing : 'shared';
}
