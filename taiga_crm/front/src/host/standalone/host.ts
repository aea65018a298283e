/** The standalone shell as the app's host. */
import { shallowRef } from 'vue';
import { historyOver } from '../history';
import type { Host, NoticeKind, TicketKind } from '../port';
import { onChange, page, read, TICKET_PAGES, visit, write } from './address';
import { language, onLanguage } from './language';
import { guardLeaving } from './leaving';
import { logout, refresh, token, user } from './session';

export interface Notice {
  id: number;
  kind: NoticeKind;
  message: string;
}

export const notices = shallowRef<Notice[]>([]);
let lastNotice = 0;

/** A host for one of the two APIs; the store adds what only it knows. */
export function hostOf(apiBase: string): Host {
  return {
    kind: 'standalone',
    apiBase,
    basePath: '',
    history: historyOver({ read, write, onChange, href: (url) => url }),
    lang: () => language.value,
    onLangChange: onLanguage,
    token,
    refresh,
    signedOut,
    user: () => user.value && { ...user.value, full_name: user.value.full_name_display },
    project: () => null,
    setTitle: (title) => {
      document.title = title;
    },
    notify,
    ticketHref: ticketPath,
    openTicket: (kind, slug, ref) => visit(ticketPath(kind, slug, ref)),
    guardLeaving,
    rightsChanged: () => {},
  };
}

export function notify(kind: NoticeKind, message: string): void {
  lastNotice += 1;
  const notice = { id: lastNotice, kind, message };
  notices.value = [...notices.value, notice];
  setTimeout(() => dismiss(notice.id), kind === 'error' ? 8000 : 4000);
}

export function dismiss(id: number): void {
  notices.value = notices.value.filter((notice) => notice.id !== id);
}

/** A new document forgets everything that was loaded for the person. */
export function signedOut(): void {
  if (page.value.name === 'login') return;
  logout();
  window.location.replace(`/login?next=${encodeURIComponent(read())}`);
}

export function ticketPath(kind: TicketKind, slug: string, ref: number): string {
  return `/project/${slug}/${TICKET_PAGES[kind]}/${ref}`;
}
