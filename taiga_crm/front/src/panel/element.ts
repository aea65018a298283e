/** Custom elements without a router: they start as soon as they have a host, and follow their `ticket`. */
import { type Component, shallowReactive, watchEffect } from 'vue';
import type { Host, TicketKind } from '@/host/port';
import { type Mounted, mountInShadow } from '@/mount';

export interface TicketRef {
  kind: TicketKind;
  id: number;
}

export interface PanelState {
  ticket: TicketRef | null;
  /** There is nothing the person may see: the element hides itself. */
  hidden: boolean;
}

export interface PanelElement extends HTMLElement {
  host: Host | null;
  ticket: TicketRef | null;
}

type Loader = () => Promise<{ default: Component }>;

export function definePanel(name: string, load: Loader): void {
  if (!customElements.get(name)) customElements.define(name, panelClass(load));
}

function panelClass(load: Loader): CustomElementConstructor {
  return class extends HTMLElement implements PanelElement {
    #host: Host | null = null;
    #mounted: Promise<Mounted | null> | null = null;
    #state = shallowReactive<PanelState>({ ticket: null, hidden: false });

    get host() {
      return this.#host;
    }

    set host(host: Host | null) {
      this.#stop();
      this.#host = host;
      this.#start();
    }

    get ticket() {
      return this.#state.ticket;
    }

    set ticket(ticket: TicketRef | null) {
      const now = this.#state.ticket;
      if (ticket?.kind !== now?.kind || ticket?.id !== now?.id) this.#state.ticket = ticket;
    }

    connectedCallback() {
      this.style.cssText = 'background:none;min-height:0';
      this.#start();
    }

    disconnectedCallback() {
      this.#stop();
    }

    #start() {
      const host = this.#host;
      if (host && this.isConnected) this.#mounted ??= this.#mount(host);
    }

    async #mount(host: Host): Promise<Mounted | null> {
      const { default: component } = await load();
      if (!this.isConnected) return null;
      watchEffect(() => {
        this.hidden = this.#state.hidden;
      });
      return mountInShadow(this, component, host, { state: this.#state }, undefined, false);
    }

    #stop() {
      void this.#mounted?.then((mounted) => mounted?.unmount());
      this.#mounted = null;
    }
  };
}
