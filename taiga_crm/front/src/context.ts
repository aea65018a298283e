/** What every component may inject: the host, the client, the session, and the node overlays are teleported to. */
import { type InjectionKey, inject } from 'vue';
import type { Client } from './api/client';
import type { Host } from './host/port';
import type { Session } from './session';

export const HOST: InjectionKey<Host> = Symbol('host');
export const CLIENT: InjectionKey<Client> = Symbol('client');
export const SESSION: InjectionKey<Session> = Symbol('session');
export const OVERLAY: InjectionKey<HTMLElement> = Symbol('overlay');

export const useHost = () => need(HOST);
export const useClient = () => need(CLIENT);
export const useSession = () => need(SESSION);
export const useOverlay = () => need(OVERLAY);

function need<T>(key: InjectionKey<T>): T {
  const value = inject(key);
  if (value === undefined) throw new Error(`${key.description} is not provided`);
  return value;
}
