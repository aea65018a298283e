/** Taiga as the app's host: AngularJS writes the address, Taiga's services do the rest. */
import { type Address, historyOver } from '../history';
import type { Host, TicketKind } from '../port';
import { apiBase, askMe, refresh, token } from './api';
import { guardLeaving, watchLeaving } from './guard';
import { basePath, currentProject, currentUser, language, service, visit } from './services';
import { escaped } from './text';

const PAGES: Record<TicketKind, string> = { issue: 'issue', userstory: 'us', task: 'task', epic: 'epic' };
const NOTICES = { success: 'success', info: 'success', error: 'error' };

let writing = false;

export function watchAddress(): void {
  watchLeaving(() => writing);
}

export function createHost(address: Address = taigaAddress): Host {
  return {
    kind: 'taiga',
    apiBase,
    basePath: basePath(),
    history: historyOver(address),
    lang: language,
    onLangChange: (callback) => service('$rootScope').$on('$translateChangeEnd', callback),
    token,
    refresh,
    signedOut: () => visit(`/login?unauthorized=true&next=${encodeURIComponent(address.read())}`),
    user: currentUser,
    project: () => (address.read().startsWith('/project/') ? currentProject() : null),
    setTitle: (title) => service('tgAppMetaService').setAll(escaped(title), ''),
    notify: (kind, message) => service('$tgConfirm').notify(NOTICES[kind], escaped(message)),
    ticketHref: (kind, slug, ref) => basePath() + ticketPath(kind, slug, ref),
    openTicket: (kind, slug, ref) => visit(ticketPath(kind, slug, ref)),
    guardLeaving,
    rightsChanged: () => void askMe(),
  };
}

/** A page inside one of Taiga's pages: its steps are not written into the address bar. */
export function inPage(url: string): Address {
  let current = url;
  return {
    read: () => current,
    write: (to) => {
      current = to;
    },
    onChange: () => () => {},
    href: (to) => basePath() + to,
  };
}

const taigaAddress: Address = {
  read: () => service('$location').url(),
  write(url, replace) {
    const before = taigaAddress.read();
    visit(url, replace);
    writing = taigaAddress.read() !== before;
  },
  onChange: (callback) =>
    service('$rootScope').$on('$locationChangeSuccess', () => {
      writing = false;
      callback();
    }),
  href: (url) => basePath() + url,
};

function ticketPath(kind: TicketKind, slug: string, ref: number): string {
  return `/project/${slug}/${PAGES[kind]}/${ref}`;
}
