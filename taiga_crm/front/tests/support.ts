/** A host, a server and meta data that exist only in the tests. */
import { flushPromises, mount, type VueWrapper } from '@vue/test-utils';
import { type Component, h } from 'vue';
import { createMemoryHistory, createRouter, RouterView } from 'vue-router';
import { Client } from '@/api/client';
import type { Entity, Field, Kind, Me, MeProject, Meta } from '@/api/meta';
import { queryClient } from '@/api/queries';
import { CLIENT, HOST, OVERLAY, SESSION } from '@/context';
import type { Host } from '@/host/port';
import { createI18n, I18N } from '@/i18n';
import { createQuestion, QUESTION } from '@/kit/confirm';
import { createSession, type Session } from '@/session';

export interface Sent {
  method: string;
  path: string;
  query: Record<string, string>;
  body: Record<string, unknown> | null;
  headers: Record<string, string>;
}

export interface Reply {
  status?: number;
  body?: unknown;
  headers?: Record<string, string>;
}

/** Answers every request by `answer` and remembers it. */
export function fakeServer(answer: (request: Sent) => Reply | unknown[] | Record<string, unknown>): Sent[] {
  const sent: Sent[] = [];
  globalThis.fetch = (async (input: string, init: RequestInit) => {
    const url = new URL(input, 'http://crm.test');
    const request: Sent = {
      method: init.method ?? 'GET',
      path: url.pathname.replace('/api/v1/crm', ''),
      query: Object.fromEntries(url.searchParams),
      body: bodyOf(init.body),
      headers: init.headers as Record<string, string>,
    };
    sent.push(request);
    const reply = answer(request);
    const isReply = !Array.isArray(reply) && ('status' in reply || 'body' in reply || 'headers' in reply);
    const { status = 200, body, headers } = (isReply ? reply : { body: reply }) as Reply;
    return new Response(status === 204 ? null : JSON.stringify(body ?? null), { status, headers });
  }) as typeof fetch;
  return sent;
}

function bodyOf(body: RequestInit['body']): Sent['body'] {
  if (body instanceof FormData) return Object.fromEntries(body);
  return body ? JSON.parse(String(body)) : null;
}

export interface FakeHost extends Host {
  notices: string[];
  refreshes: number;
  leaving: (() => string | null) | null;
}

export function fakeHost(over: Partial<Host> = {}): FakeHost {
  const host: FakeHost = {
    kind: 'standalone',
    apiBase: '/api/v1/crm',
    basePath: '',
    history: createMemoryHistory(),
    notices: [],
    refreshes: 0,
    leaving: null,
    lang: () => 'en',
    onLangChange: () => () => {},
    token: () => 'token-1',
    refresh: async () => {
      host.refreshes += 1;
      return true;
    },
    signedOut: () => host.notices.push('signed out'),
    user: () => ({ id: 1, username: 'sally', full_name: 'Sally Seller' }),
    project: () => null,
    setTitle: () => {},
    notify: (_kind, message) => host.notices.push(message),
    ticketHref: (kind, slug, ref) => `/project/${slug}/${kind}/${ref}`,
    openTicket: () => {},
    guardLeaving: (question) => {
      host.leaving = question;
    },
    rightsChanged: () => {},
    ...over,
  };
  return host;
}

export function field(name: string, kind: Kind, over: Partial<Field> = {}): Field {
  return {
    name,
    label: name.replaceAll('_', ' ').replace(/^./, (letter) => letter.toUpperCase()),
    kind,
    help: '',
    required: false,
    read_only: false,
    editable_inline: true,
    create_only: false,
    columnar: true,
    sortable: true,
    filterable: true,
    operators: ['exact', 'contains', 'not', 'empty'],
    nullable: false,
    max_length: null,
    choices: null,
    target: null,
    default: null,
    visible_if: null,
    ...over,
  };
}

const VERBS = ['view', 'add', 'change', 'delete'];

/** Anything one can sell, plant or rent: the screens must not know what it is. */
export function plants(over: Partial<Entity> = {}): Entity {
  return {
    key: 'plant',
    path: 'plants',
    label: 'Plant',
    label_plural: 'Plants',
    icon: 'tag',
    scope: 'project',
    name_field: 'name',
    fields: [
      field('name', 'text', { required: true }),
      field('family', 'link', { target: 'family', nullable: true, operators: ['exact', 'empty'] }),
      field('latin', 'text', { visible_if: { field: 'family', attribute: 'has_latin', is: true } }),
      field('height', 'integer', { nullable: true, operators: ['exact', 'gte', 'lte'] }),
      field('price', 'money', { nullable: true, operators: ['gte', 'lte'] }),
      field('planted_at', 'datetime', { read_only: true, operators: ['gte', 'lte'] }),
      field('is_rare', 'boolean', { operators: ['exact'] }),
      field('is_favorite', 'boolean', { read_only: true, operators: ['exact'] }),
    ],
    list_display: ['is_favorite', 'name', 'family', 'height', 'price'],
    ordering: ['name'],
    list_filter: ['name', 'family', 'height'],
    group_by: [
      { name: 'family', unit: null, label: 'Family' },
      { name: 'planted_at', unit: 'month', label: 'Planted' },
    ],
    totals: ['height', 'price'],
    searchable: true,
    fieldsets: [{ label: 'Plant', fields: ['family', 'name', 'latin', 'height', 'price', 'is_rare'] }],
    actions: [],
    tabs: [{ key: 'data', label: 'Data', kind: 'data', entity: null, filter: {}, note: '' }],
    verbs: VERBS,
    ...over,
  };
}

export function families(): Entity {
  return plants({
    key: 'family',
    path: 'families',
    label: 'Family',
    label_plural: 'Families',
    scope: 'settings',
    fields: [field('name', 'text'), field('has_latin', 'boolean')],
    list_display: ['name'],
    group_by: [],
    totals: [],
    fieldsets: [{ label: '', fields: ['name', 'has_latin'] }],
  });
}

export function fakeSession(client: Client, entities: Entity[] = [plants(), families()]): Session {
  const session = createSession(client);
  const verbs = Object.fromEntries(entities.map(({ key, verbs: allowed }) => [key, allowed]));
  session.me = {
    user: { id: 1, username: 'sally', full_name: 'Sally Seller' },
    is_superuser: false,
    global_keys: [],
    can: { manage_settings: true, manage_user_types: false, enter_global: true },
    verbs,
    projects: [],
  } as Me;
  session.meta = {
    version: '1',
    entities: Object.fromEntries(entities.map((entity) => [entity.key, entity])),
    order: entities.map(({ key }) => key),
  } as Meta;
  session.state = 'ready';
  return session;
}

export interface MountOptions {
  at?: string;
  props?: Record<string, unknown>;
  host?: FakeHost;
  entities?: Entity[];
  projects?: MeProject[];
}

let mounted: VueWrapper | null = null;

/** Mounts a component with all it may inject, at an address of the CRM, in place of the one before. */
export async function mountAt(
  component: Component,
  { at = '/crm/plants', props = {}, host = fakeHost(), entities, projects = [] }: MountOptions = {},
) {
  mounted?.unmount(); // what it still has in mind would ask the server of the next test
  queryClient.clear();
  const client = new Client(host);
  const session = fakeSession(client, entities);
  if (session.me) session.me.projects = projects;
  const i18n = createI18n();
  await i18n.speak('en');
  const overlay = document.createElement('div');
  document.body.replaceChildren(overlay);
  // Inside a router view, so that guards of leaving belong to a route.
  const page: Component = { render: () => h(component, props) };
  const router = createRouter({
    history: createMemoryHistory(),
    routes: [
      '/crm/:path',
      '/crm/:path/new',
      '/crm/:path/:id(\\d+)',
      '/crm/:path/:id(\\d+)/edit',
      '/crm/:rest(.*)*',
      '/project/:slug/crm/:path/:id(\\d+)',
      '/project/:slug/crm/:path?',
    ].map((path) => ({ path, component: page })),
  });
  await router.push(at);
  const question = createQuestion();
  const wrapper = mount(RouterView, {
    attachTo: document.body,
    global: {
      plugins: [router],
      provide: {
        [HOST as symbol]: host,
        [CLIENT as symbol]: client,
        [SESSION as symbol]: session,
        [OVERLAY as symbol]: overlay,
        [I18N as symbol]: i18n,
        [QUESTION as symbol]: question,
      },
    },
  });
  mounted = wrapper;
  await settle();
  return { wrapper, router, host, session, question };
}

export async function settle() {
  for (let turn = 0; turn < 6; turn += 1) {
    await flushPromises();
    await new Promise((resolve) => setTimeout(resolve, 0));
  }
}

export function rowsReply(
  rows: Record<string, unknown>[],
  count = rows.length,
  over: Record<string, string> = {},
): Reply {
  return {
    body: rows,
    headers: {
      'x-pagination-count': String(count),
      'x-pagination-count-exact': 'true',
      'x-pagination-current': '1',
      'x-paginated-by': '50',
      ...over,
    },
  };
}
