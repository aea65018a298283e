/** The panel with a ticket's accounts, beside the watchers on the pages of all four kinds of ticket. */
import type { TicketKind } from '../port';
import { crmOf, onMe } from './api';
import { createPanel, type TicketElement } from './app';
import { directive, guarded, outside } from './hooks';
import { createHost } from './host';
import type { Scope } from './module';

const KINDS: Record<string, TicketKind> = { issue: 'issue', us: 'userstory', task: 'task', epic: 'epic' };

interface Ticket {
  id: number;
  slug: string;
}

directive('tgWatchers', 'A', (scope, element, { item = '' }) => {
  const kind = KINDS[item];
  if (!kind) return;
  const section = document.createElement('section');
  section.className = 'ticket-section crm-ticket-section';
  section.hidden = true;
  element.before(section);
  let loading: Promise<TicketElement> | null = null;

  const paint = guarded('ticket panel', async () => {
    const ticket = ticketOf(scope, item);
    const project = crmOf(ticket?.slug);
    section.hidden = !ticket || !project?.verbs.account?.includes('view');
    if (section.hidden || !ticket) return;
    loading ??= createPanel<TicketElement>('taiga-crm-ticket', createHost());
    const panel = await loading;
    panel.ticket = { kind, id: ticket.id };
    if (!panel.isConnected) outside(() => section.append(panel));
  });
  const stopMe = onMe(paint);
  scope.$watch(() => JSON.stringify(ticketOf(scope, item)), paint);
  scope.$on('$destroy', () => {
    stopMe();
    section.remove();
  });
});

function ticketOf(scope: Scope, item: string): Ticket | null {
  const ticket = scope[item] as { id?: number } | undefined;
  const project = scope.project as { slug?: string } | undefined;
  return ticket?.id && project?.slug ? { id: ticket.id, slug: project.slug } : null;
}
