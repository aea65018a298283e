/** What the app needs from the page it lives in; each shell implements it, nothing else touches `window` or Taiga. */
import type { RouterHistory } from 'vue-router';

export type TicketKind = 'issue' | 'userstory' | 'task' | 'epic';
export type NoticeKind = 'success' | 'error' | 'info';

export interface HostUser {
  id: number;
  username: string;
  full_name: string;
}

export interface HostProject {
  id: number;
  slug: string;
  name: string;
}

export interface Host {
  readonly kind: 'taiga' | 'standalone';
  /** Address of the CRM's API without a trailing slash: `/api/v1/crm`. */
  readonly apiBase: string;
  /** Prefix of every page of the installation: '' or '/taiga'. The router's paths do not contain it. */
  readonly basePath: string;
  /** Where vue-router reads and writes the address. In Taiga only AngularJS writes it. */
  readonly history: RouterHistory;

  /** Language code such as `en` or `ko`. */
  lang(): string;
  onLangChange(callback: () => void): () => void;

  token(): string | null;
  /** Gets a new token after a 401; many callers share one refresh. False when the person has to sign in again. */
  refresh(): Promise<boolean>;
  /** Called when a 401 stays after a refresh: the shell sends the person to its login page. */
  signedOut(): void;

  user(): HostUser | null;
  /** The project of the current address, null at the global level. */
  project(): HostProject | null;

  setTitle(title: string): void;
  notify(kind: NoticeKind, message: string): void;

  /** Address of a ticket's page, for `href`. */
  ticketHref(kind: TicketKind, slug: string, ref: number): string;
  openTicket(kind: TicketKind, slug: string, ref: number): void;

  /**
   * Asks before the person leaves by a way the router cannot stop (back, the host's menu, closing the tab).
   * `question` returns the text to ask, or null when nothing would be lost; null removes the guard.
   * `agreed` is called when the person leaves all the same, so that the router does not ask a second time.
   */
  guardLeaving(question: (() => string | null) | null, agreed?: () => void): void;

  /** Tells the shell that rights or a module switch changed, so that its menus follow at once. */
  rightsChanged(): void;
}
