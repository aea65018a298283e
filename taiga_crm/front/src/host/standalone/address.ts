/** The address bar of the standalone shell: the one place that writes it, for the shell's pages and for the app. */
import { computed, shallowRef } from 'vue';
import type { TicketKind } from '../port';
import { leavingAgreed } from './leaving';

export type TicketPage = 'issue' | 'us' | 'task' | 'epic';
export type Page =
  | { name: 'login' | 'projects' | 'missing' }
  | { name: 'crm'; slug: string | null }
  | { name: 'tickets' | 'modules'; slug: string }
  | { name: 'new'; slug: string; kind: TicketPage }
  | { name: 'ticket'; slug: string; kind: TicketPage; ref: number };

export const TICKET_PAGES: Record<TicketKind, TicketPage> = {
  issue: 'issue',
  userstory: 'us',
  task: 'task',
  epic: 'epic',
};

export const url = shallowRef(read());
export const page = computed(() => pageOf(url.value));
const listeners = new Set<() => void>();
let position = Number(window.history.state?.position ?? 0);

export function read(): string {
  return window.location.pathname + window.location.search + window.location.hash;
}

export function query(name: string): string | null {
  return new URLSearchParams(url.value.split('#')[0]?.split('?')[1]).get(name);
}

/** A step of the shell; asks first when the app would lose something. */
export function visit(to: string, replace = false): void {
  if (leavingAgreed()) write(to, replace);
}

export function write(to: string, replace: boolean): void {
  if (!replace) position += 1;
  window.history[replace ? 'replaceState' : 'pushState']({ position }, '', to);
  changed();
}

export function onChange(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Follows a plain left click on a link of ours without loading the page anew. */
export function follow(event: MouseEvent): void {
  const link = event.composedPath().find((node) => node instanceof HTMLAnchorElement);
  if (!link || event.defaultPrevented || event.button || event.ctrlKey || event.metaKey || event.shiftKey)
    return;
  if (link.target || link.origin !== window.location.origin || link.pathname.startsWith('/static/')) return;
  event.preventDefault();
  visit(link.pathname + link.search + link.hash);
}

window.addEventListener('popstate', (event) => {
  const to = Number(event.state?.position ?? 0);
  if (read() !== url.value && !leavingAgreed()) {
    window.history.go(position - to);
    return;
  }
  position = to;
  changed();
});

function changed(): void {
  url.value = read();
  for (const listener of [...listeners]) listener();
}

function pageOf(address: string): Page {
  const [path = '/'] = address.split(/[?#]/);
  const [first, slug = '', section = '', rest = ''] = path.split('/').filter(Boolean);
  if (!first) return { name: 'projects' };
  if (first === 'login' || first === 'projects') return { name: first };
  if (first === 'crm') return { name: 'crm', slug: null };
  if (first !== 'project' || !slug) return { name: 'missing' };
  return projectPage(slug, section, rest);
}

function projectPage(slug: string, section: string, rest: string): Page {
  if (!section) return { name: 'tickets', slug };
  if (section === 'crm') return { name: 'crm', slug };
  if (section === 'admin') return { name: 'modules', slug };
  const kind = Object.values(TICKET_PAGES).find((one) => one === section);
  if (!kind) return { name: 'missing' };
  if (rest === 'new') return { name: 'new', slug, kind };
  return /^\d+$/.test(rest) ? { name: 'ticket', slug, kind, ref: Number(rest) } : { name: 'missing' };
}
