/** A vue-router history over an address that somebody else writes: AngularJS in Taiga, the standalone shell. */
import type { RouterHistory } from 'vue-router';

type Listener = Parameters<RouterHistory['listen']>[0];

export interface Address {
  /** Path, query and hash as the host spells them, without the installation's prefix. */
  read(): string;
  write(url: string, replace: boolean): void;
  onChange(callback: () => void): () => void;
  /** What a link to this page has in its `href`. */
  href(url: string): string;
}

/** The CRM's pages at both levels; other addresses belong to the host alone. */
export function isCrm(url: string): boolean {
  return /^(\/project\/[\w-]+)?\/crm(?=[/?#]|$)/.test(url);
}

export function historyOver(address: Address): RouterHistory {
  const listeners = new Set<Listener>();
  let location = address.read();
  let stop: (() => void) | null = null;
  let writing = false;

  const onChange = () => {
    if (writing) return;
    const from = location;
    location = address.read();
    if (location === from || !isCrm(location)) return;
    for (const listener of listeners) listener(location, from, MOVED);
  };
  const write = (to: string, replace: boolean) => {
    writing = true;
    address.write(to, replace);
    writing = false;
    // The host may spell the same address differently (`+` and `%20`).
    location = address.read();
  };
  const history: RouterHistory = {
    base: '',
    get location() {
      return location;
    },
    state: {},
    push: (to) => write(to, false),
    replace: (to) => write(to, true),
    go: (delta) => window.history.go(delta),
    listen(callback) {
      listeners.add(callback);
      stop ??= address.onChange(onChange);
      return () => {
        listeners.delete(callback);
        if (!listeners.size) history.destroy();
      };
    },
    createHref: (to) => address.href(to),
    destroy() {
      listeners.clear();
      stop?.();
      stop = null;
    },
  };
  return history;
}

/** How far the host went back or forward is not known. */
const MOVED = { type: 'pop', direction: '', delta: 0 } as Parameters<Listener>[2];
