/** The two levels: all projects (/crm) or one project (/project/<slug>/crm); read from the address alone. */
import { type ComputedRef, computed } from 'vue';
import { useRoute } from 'vue-router';
import type { MeProject } from './api/meta';
import { useHost, useSession } from './context';
import { projectBySlug } from './session';

export interface Level {
  slug: ComputedRef<string | null>;
  /** The project with what the person may do there; null at the global level. */
  project: ComputedRef<Pick<MeProject, 'id' | 'slug' | 'name'> | null>;
  /** Whether the host lets nobody write to the project; false at the global level. */
  frozen: ComputedRef<boolean>;
  /** Value of the `project` parameter of every request; undefined at the global level. */
  projectId: ComputedRef<number | undefined>;
  /** Address of a page of this level: `path('accounts', 12)`. */
  path(...segments: (string | number)[]): string;
}

const SLUG = /^\/project\/([\w-]+)\/crm/;

export function useLevel(): Level {
  const route = useRoute();
  const session = useSession();
  const host = useHost();
  const slug = computed(() => {
    // The menu is shown while the first page is still on its way: then only the address knows.
    if (!route.matched.length) return SLUG.exec(host.history.location)?.[1] ?? null;
    return typeof route.params.slug === 'string' ? route.params.slug : null;
  });
  const project = computed(() => {
    if (!slug.value) return null;
    const current = host.project();
    return projectBySlug(session, slug.value) ?? (current?.slug === slug.value ? current : null);
  });
  return {
    slug,
    project,
    frozen: computed(() => (slug.value && projectBySlug(session, slug.value)?.is_frozen) || false),
    projectId: computed(() => project.value?.id),
    path: (...segments) => [slug.value ? `/project/${slug.value}/crm` : '/crm', ...segments].join('/'),
  };
}

/** What the person may do with an entity at the level: in the project, or in any of them. */
export function useVerbs(key: () => string) {
  const level = useLevel();
  const session = useSession();
  return computed(() => {
    const own = level.slug.value ? projectBySlug(session, level.slug.value) : session.me;
    return own?.verbs[key()] ?? [];
  });
}
