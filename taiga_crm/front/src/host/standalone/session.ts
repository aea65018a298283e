/** Login, logout and tokens, kept under Taiga's own three names of the local storage. */
import { shallowRef } from 'vue';
import { type ApiError, toApiError } from '@/api/errors';
import type { HostUser } from '../port';

export interface StoredUser extends HostUser {
  full_name_display: string;
  email: string;
  lang: string;
}

interface Login extends StoredUser {
  auth_token: string;
  refresh: string;
}

export const user = shallowRef<StoredUser | null>(get<StoredUser>('userInfo'));

export function token(): string | null {
  return get<string>('token');
}

/** Throws ApiError: 401 when name or password are wrong. */
export async function login(username: string, password: string): Promise<void> {
  const { auth_token, refresh, ...person } = await post<Login>('/auth', {
    type: 'normal',
    username,
    password,
  });
  keep(auth_token, refresh);
  remember(person);
}

export function remember(person: StoredUser): void {
  localStorage.setItem('userInfo', JSON.stringify(person));
  user.value = person;
}

export function logout(): void {
  for (const name of ['token', 'refresh', 'userInfo']) localStorage.removeItem(name);
  user.value = null;
}

/** A refresh token works once, so only one tab at a time may use it; the others take what it got. */
export async function refresh(): Promise<boolean> {
  const used = get<string>('refresh');
  if (!used) return false;
  return locked(async () => (get('refresh') === used ? rotate(used) : token() !== null));
}

let running: Promise<boolean> | null = null;

/** `navigator.locks` is missing on plain http; then the callers of this tab share one attempt. */
async function locked(body: () => Promise<boolean>): Promise<boolean> {
  if (navigator.locks) return await navigator.locks.request('taiga-crm-refresh', body);
  running ??= body().finally(() => {
    running = null;
  });
  return running;
}

async function rotate(used: string): Promise<boolean> {
  try {
    const pair = await post<Pick<Login, 'auth_token' | 'refresh'>>('/auth/refresh', { refresh: used });
    keep(pair.auth_token, pair.refresh);
    return true;
  } catch {
    return false;
  }
}

function keep(auth: string, next: string): void {
  localStorage.setItem('token', JSON.stringify(auth));
  localStorage.setItem('refresh', JSON.stringify(next));
}

function get<T>(name: string): T | null {
  try {
    return JSON.parse(localStorage.getItem(name) ?? 'null') as T | null;
  } catch {
    return null;
  }
}

async function post<T>(path: string, body: object): Promise<T> {
  const response = await fetch(`/api/v1${path}`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(body),
  }).catch(() => null);
  const data = await response?.json().catch(() => null);
  if (!response?.ok) throw toApiError(response?.status ?? 0, data) satisfies ApiError;
  return data as T;
}
