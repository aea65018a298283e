/** What the shell knows: the person's projects, and what the CRM allows in them. */
import { computed, shallowRef, watch } from 'vue';
import { Client } from '@/api/client';
import type { Me } from '@/api/meta';
import type { Host } from '../port';
import { page } from './address';
import { hostOf } from './host';
import { user } from './session';

export interface Project {
  id: number;
  slug: string;
  name: string;
  description: string;
  i_am_admin: boolean;
  my_permissions: string[];
}

export const me = shallowRef<Me | null>(null);
export const projects = shallowRef<Project[] | null>(null);
export const failed = shallowRef<unknown>(null);

/** The API of the host itself, beside the CRM's. */
export const api = new Client(hostOf('/api/v1'));
const crm = new Client(hostOf('/api/v1/crm'));

export const project = computed(() => {
  const here = page.value;
  return 'slug' in here ? (projects.value?.find(({ slug }) => slug === here.slug) ?? null) : null;
});

export const crmHere = computed(() => {
  const known = me.value?.projects.find(({ id }) => id === project.value?.id);
  return known?.crm_enabled && Object.values(known.verbs).some((verbs) => verbs.length) ? known : null;
});

export async function load(): Promise<void> {
  try {
    [projects.value] = await Promise.all([api.get<Project[]>('/projects', { page_size: 500 }), loadMe()]);
    failed.value = null;
  } catch (error) {
    failed.value = error;
  }
}

export async function loadMe(): Promise<void> {
  me.value = await crm.get<Me>('/me');
}

/** The host that the app and the ticket panel get. */
export function crmHost(): Host {
  return { ...hostOf('/api/v1/crm'), project: () => project.value, rightsChanged: () => void loadMe() };
}

watch(user, (now, before) => {
  if (now?.id === before?.id) return;
  me.value = null;
  projects.value = null;
});
