/** Webhooks and their deliveries as the API speaks of them, and what a form makes of one. */
import type { MessageKey } from '@/i18n';

export type State = 'waiting' | 'delivered' | 'failed' | 'skipped';

export interface Attempt {
  state: State;
  at: string;
  status: number | null;
  error: string;
}

export interface Webhook {
  id: number;
  project: number | null;
  name: string;
  url: string;
  kinds: string[];
  events: string[];
  is_active: boolean;
  /** Why the CRM switched it off by itself; empty when it did not. */
  stopped: string;
  failing_since: string | null;
  owner: { id: number; label: string } | null;
  is_mine: boolean;
  last: Attempt | null;
  version: number;
  /** In the answer to adding one alone. */
  secret?: string;
}

export interface Choices {
  kinds: { key: string; label: string }[];
  events: string[];
  http: boolean;
  ports: number[];
  log_days: number;
  most: number;
}

export interface Secret {
  secret: string;
  former_until: string | null;
}

export interface Delivery {
  id: number;
  number: string;
  event: string;
  action: string;
  kind: string;
  kind_label: string;
  path: string;
  object_id: number | null;
  at: string;
  is_manual: boolean;
  state: State;
  attempts: number;
  next_at: string | null;
  sent_at: string | null;
  took_ms: number | null;
  status: number | null;
  error: string;
}

export interface WholeDelivery extends Delivery {
  /** False when it was made with the rights of somebody else. */
  is_readable: boolean;
  headers: Record<string, string>;
  body: string;
  answer: string;
}

export interface Draft {
  name: string;
  url: string;
  kinds: string[];
  events: string[];
  is_active: boolean;
}

export const STATES: State[] = ['waiting', 'delivered', 'failed', 'skipped'];
export const LOOKS = { waiting: 'info', delivered: 'good', failed: 'bad', skipped: 'normal' } as const;

/** A new webhook is told of everything but imports, one by one as they come. */
export function toDraft(webhook: Webhook | null, choices: Choices): Draft {
  if (webhook) {
    const { name, url, kinds, events, is_active } = webhook;
    return { name, url, kinds: [...kinds], events: [...events], is_active };
  }
  return {
    name: '',
    url: '',
    kinds: choices.kinds.map(({ key }) => key),
    events: [...choices.events],
    is_active: true,
  };
}

const REASONS = new Set([
  'address',
  'timeout',
  'tls',
  'connection',
  'answer',
  'redirect',
  'status',
  'not_visible',
  'erased',
  'off',
  'failing',
  'gone',
  'owner_gone',
  'owner_inactive',
  'no_right',
  'project_off',
]);

/** The sentence for a reason; one that a later server knows is shown by its name. */
export function reasonKey(reason: string): MessageKey | null {
  return REASONS.has(reason) ? (`webhooks.reason.${reason}` as MessageKey) : null;
}

export function eventKey(event: string): MessageKey {
  return `webhooks.event.${event}` as MessageKey;
}

/** JSON with indents for people; anything else as it is. */
export function pretty(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}
