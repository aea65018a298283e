/** Loads the app's modules once, when the first page needs them. */
import type { Host } from '../port';
import { home } from './module';

export interface CrmElement extends HTMLElement {
  host: Host | null;
}

export interface TicketElement extends CrmElement {
  ticket: { kind: string; id: number } | null;
}

const app = once(() => import(/* @vite-ignore */ home + __CRM_ENTRY__));
const panels = once(() => import(/* @vite-ignore */ home + __CRM_PANELS__));

export async function createApp(host: Host): Promise<CrmElement> {
  await app();
  return element<CrmElement>('taiga-crm', host);
}

export async function createPanel<Element extends CrmElement>(name: string, host: Host): Promise<Element> {
  await panels();
  return element<Element>(name, host);
}

function element<Element extends CrmElement>(name: string, host: Host): Element {
  const created = document.createElement(name) as Element;
  created.host = host;
  return created;
}

/** A failed load (a deploy in between) is tried again on the next page. */
function once(load: () => Promise<unknown>): () => Promise<unknown> {
  let loading: Promise<unknown> | null = null;
  return () => {
    loading ??= load().catch((error) => {
      loading = null;
      throw error;
    });
    return loading;
  };
}
