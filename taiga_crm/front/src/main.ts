/** The app's public door: the custom element <taiga-crm>, started by giving it a host. */
import AppShell from './AppShell.vue';
import type { Host } from './host/port';
import { type Mounted, mountInShadow } from './mount';
import { createCrmRouter } from './router';

export class TaigaCrm extends HTMLElement {
  #host: Host | null = null;
  #mounted: Mounted | null = null;

  get host(): Host | null {
    return this.#host;
  }

  set host(host: Host | null) {
    this.#stop();
    this.#host = host;
    this.#start();
  }

  connectedCallback() {
    this.#start();
  }

  disconnectedCallback() {
    this.#stop();
  }

  #start() {
    const host = this.#host;
    if (!host || !this.isConnected || this.#mounted) return;
    this.#mounted = mountInShadow(this, AppShell, host, {}, (app) => app.use(createCrmRouter(host)));
  }

  #stop() {
    this.#mounted?.unmount();
    this.#mounted = null;
  }
}

if (!customElements.get('taiga-crm')) customElements.define('taiga-crm', TaigaCrm);

/** Puts the CRM into `target`; the returned function takes it out again. */
export function mountCrm(target: HTMLElement, host: Host): () => void {
  const element = document.createElement('taiga-crm') as TaigaCrm;
  element.host = host;
  target.append(element);
  return () => element.remove();
}
