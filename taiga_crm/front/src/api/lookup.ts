/** Finds records, users and projects by what a person types, for link fields. */
import { useClient, useSession } from '@/context';
import type { CrmRecord, LinkValue } from './meta';
import { cached } from './queries';
import { entityName } from './records';

export interface Option extends LinkValue {
  detail?: string;
}

/** `target` is an entity's key, or `user` or `project`, which belong to the host. */
export function useLookup(
  target: () => string | null,
  projectId: () => number | undefined = () => undefined,
) {
  const client = useClient();
  const session = useSession();

  async function search(q: string, signal?: AbortSignal): Promise<Option[]> {
    const key = target();
    if (key === 'project') return projectsNamed(q);
    if (key === 'user') {
      const users = await client.get<(Option & { username?: string })[]>(
        '/users',
        { q, project: projectId() },
        signal,
      );
      return users.map((user) => ({ ...user, detail: user.username }));
    }
    const entity = key ? session.meta?.entities[key] : null;
    return entity ? client.get<Option[]>(`/${entity.path}/lookup`, { q, project: projectId() }, signal) : [];
  }

  async function projectsNamed(q: string): Promise<Option[]> {
    const projects = await cached(['projects'], () => client.get<Option[]>('/projects'));
    return projects.filter(({ label }) => label.toLowerCase().includes(q.toLowerCase())).slice(0, 20);
  }

  /** The label of an id that came from the address; the id itself when the record cannot be seen. */
  async function labelOf(id: string, key = target()): Promise<string> {
    try {
      if (key === 'project' || key === 'user') {
        const path = `/${key}s`;
        const all = await cached([path], () => client.get<Option[]>(path));
        return all.find((one) => String(one.id) === id)?.label ?? `#${id}`;
      }
      const entity = key ? session.meta?.entities[key] : null;
      if (!entity) return `#${id}`;
      const record = await cached([entity.path, 'detail', id], () =>
        client.get<CrmRecord>(`/${entity.path}/${id}`),
      );
      return entityName(entity, record);
    } catch {
      return `#${id}`;
    }
  }

  return { search, labelOf };
}
