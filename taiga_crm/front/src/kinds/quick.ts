/** How a link field asks the page around it for a new record to link: by the key of its kind and what was typed. */
import type { InjectionKey } from 'vue';
import type { LinkValue } from '@/api/meta';

export type QuickCreate = (key: string, text: string) => Promise<LinkValue | null>;

export const QUICK: InjectionKey<QuickCreate | null> = Symbol('quick');
