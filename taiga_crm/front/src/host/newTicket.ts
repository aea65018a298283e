/** Makes a ticket through the host's own API, which both hosts have beside the CRM's. */
import { Client } from '@/api/client';
import type { Host, TicketKind } from './port';

const PATHS: Record<TicketKind, string> = {
  issue: '/issues',
  userstory: '/userstories',
  task: '/tasks',
  epic: '/epics',
};

export interface NewTicket {
  project: number;
  subject: string;
  description: string;
}

export function createTicket(
  host: Host,
  kind: TicketKind,
  ticket: NewTicket,
): Promise<{ id: number; ref: number }> {
  const api = new Client({ ...host, apiBase: host.apiBase.replace(/\/crm$/, '') });
  return api.post<{ id: number; ref: number }>(PATHS[kind], ticket);
}
