/** Who is signed in and what the entities look like: loaded once, and again when the language changes. */
import { reactive } from 'vue';
import type { Client } from './api/client';
import { ApiError } from './api/errors';
import type { Entity, Me, MeProject, Meta } from './api/meta';

export interface Session {
  state: 'loading' | 'ready' | 'failed';
  error: ApiError | null;
  me: Me | null;
  meta: Meta | null;
  load(): Promise<void>;
}

export function createSession(client: Client): Session {
  const session: Session = reactive({
    state: 'loading',
    error: null,
    me: null,
    meta: null,
    async load() {
      try {
        const [me, meta] = await Promise.all([client.get<Me>('/me'), client.get<Meta>('/meta')]);
        Object.assign(session, { me, meta, state: 'ready', error: null });
      } catch (error) {
        if (!(error instanceof ApiError)) throw error;
        Object.assign(session, { state: 'failed', error });
      }
    },
  });
  return session;
}

export function entityByPath(session: Session, path: string): Entity | null {
  return Object.values(session.meta?.entities ?? {}).find((entity) => entity.path === path) ?? null;
}

export function projectBySlug(session: Session, slug: string): MeProject | null {
  return session.me?.projects.find((project) => project.slug === slug) ?? null;
}
