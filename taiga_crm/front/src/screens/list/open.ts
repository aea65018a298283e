/** Where a row leads: to the record's page here, or to the ticket's page in the host. */
import { useRouter } from 'vue-router';
import type { CrmRecord, Entity } from '@/api/meta';
import { useHost } from '@/context';
import type { TicketKind } from '@/host/port';
import { useLevel } from '@/level';

/** A row that is a page of the host carries where: `_at`. */
interface TicketAddress {
  kind: TicketKind;
  slug: string;
  ref: number;
}

export function useOpenRow(entity: () => Entity) {
  const host = useHost();
  const level = useLevel();
  const router = useRouter();

  function ticket(row: CrmRecord): TicketAddress | null {
    return (row._at as TicketAddress | null | undefined) ?? null;
  }

  function hrefOf(row: CrmRecord): string | null {
    const address = ticket(row);
    if (address) return host.ticketHref(address.kind, address.slug, address.ref);
    const path = pathOf(row);
    return path && router.resolve(path).href;
  }

  function open(row: CrmRecord) {
    const address = ticket(row);
    if (address) return host.openTicket(address.kind, address.slug, address.ref);
    const path = pathOf(row);
    if (path) void router.push(path);
  }

  function pathOf(row: CrmRecord): string | null {
    const page = level.path(entity().path, row.id);
    if (entity().tabs.length) return page;
    return row._verbs.includes('change') ? `${page}/edit` : null;
  }

  return { hrefOf, open };
}
