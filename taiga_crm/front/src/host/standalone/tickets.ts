/** The host's tickets as its API shows them, the same for all four kinds. */
import type { MessageKey } from '@/i18n';
import type { TicketKind } from '../port';
import type { TicketPage } from './address';
import type { Project } from './store';

export interface Person {
  id: number;
  full_name_display: string;
}

export interface Status {
  id: number;
  name: string;
  color: string;
  is_closed: boolean;
}

export interface Ticket {
  id: number;
  ref: number;
  version: number;
  subject: string;
  description: string;
  status: number | null;
  assigned_to: number | null;
  created_date: string;
  is_closed: boolean;
  status_extra_info: Omit<Status, 'id'> | null;
  owner_extra_info: Person | null;
  assigned_to_extra_info: Person | null;
}

interface Kind {
  kind: TicketKind;
  path: string;
  statuses: string;
  label: MessageKey;
  plural: MessageKey;
  /** How the host's permission keys spell it: `modify_us`. */
  noun: string;
  viewKey: string;
}

export const KINDS: Record<TicketPage, Kind> = {
  issue: {
    kind: 'issue',
    path: '/issues',
    statuses: '/issue-statuses',
    label: 'shell.issue',
    plural: 'shell.issues',
    noun: 'issue',
    viewKey: 'view_issues',
  },
  us: {
    kind: 'userstory',
    path: '/userstories',
    statuses: '/userstory-statuses',
    label: 'shell.us',
    plural: 'shell.userstories',
    noun: 'us',
    viewKey: 'view_us',
  },
  task: {
    kind: 'task',
    path: '/tasks',
    statuses: '/task-statuses',
    label: 'shell.task',
    plural: 'shell.tasks',
    noun: 'task',
    viewKey: 'view_tasks',
  },
  epic: {
    kind: 'epic',
    path: '/epics',
    statuses: '/epic-statuses',
    label: 'shell.epic',
    plural: 'shell.epics',
    noun: 'epic',
    viewKey: 'view_epics',
  },
};

export function may(project: Project, verb: 'add' | 'modify', page: TicketPage): boolean {
  return project.my_permissions.includes(`${verb}_${KINDS[page].noun}`);
}

export function pagesOf(project: Project): TicketPage[] {
  const all = Object.keys(KINDS) as TicketPage[];
  return all.filter((page) => project.my_permissions.includes(KINDS[page].viewKey));
}
