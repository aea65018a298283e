/** The small panels that the host's own pages show: a ticket's accounts, and who may do what in a project. */
import { definePanel } from './element';

definePanel('taiga-crm-ticket', () => import('./TicketPanel.vue'));
definePanel('taiga-crm-access', () => import('@/screens/settings/ProjectAccess.vue'));
