/** The plugin's own calls of the CRM's API: who may do what, and the module switch. */
import type { Me, MeProject } from '@/api/meta';
import { currentUser, language, service } from './services';

export const apiBase = `${window.taigaConfig.api.replace(/\/$/, '')}/crm`;
const FRESH = 60_000;

let me: Me | null = null;
let askedAt = 0;
const listeners = new Set<() => void>();

/** What is known now; asks again in the background when that is old or was another person's. */
export function knownMe(): Me | null {
  const user = currentUser();
  if (me && me.user.id !== user?.id) me = null;
  if (!user) askedAt = 0;
  else if (Date.now() - askedAt > FRESH) void askMe();
  return me;
}

export async function askMe(): Promise<Me | null> {
  askedAt = Date.now();
  try {
    me = await call<Me>('GET', '/me');
  } catch {
    return me;
  }
  for (const listener of listeners) listener();
  return me;
}

export function onMe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function crmOf(slug: string | undefined, known = knownMe()): MeProject | null {
  return known?.projects.find((project) => project.slug === slug && project.crm_enabled) ?? null;
}

/** True when the person may see anything of the CRM in this project. */
export function mayEnter(project: MeProject | null): boolean {
  return !!project && Object.values(project.verbs).some((verbs) => verbs.length > 0);
}

export async function call<T>(method: string, path: string, body?: object): Promise<T> {
  let response = await send(method, path, body);
  if (response.status === 401 && (await refresh())) response = await send(method, path, body);
  const data = await response.json().catch(() => null);
  if (!response.ok) throw new Error(data?._error_message ?? '');
  return data as T;
}

/** Taiga's interceptor is the only one that may use up a refresh token: any call of Taiga's own makes it do so. */
export async function refresh(): Promise<boolean> {
  try {
    await service('$tgHttp').get(service('$tgUrls').resolve('user-me'));
    return true;
  } catch {
    return false;
  }
}

export function token(): string | null {
  return service('$tgStorage').get('token') as string | null;
}

function send(method: string, path: string, body?: object): Promise<Response> {
  return fetch(apiBase + path, {
    method,
    headers: {
      'Accept-Language': language(),
      'Content-Type': 'application/json',
      ...(token() && { Authorization: `Bearer ${token()}` }),
    },
    ...(body && { body: JSON.stringify(body) }),
  });
}
