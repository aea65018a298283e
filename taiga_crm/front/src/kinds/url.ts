/** A web address. */
import UrlEdit from './edit/UrlEdit.vue';
import type { KindSpec } from './kind';
import UrlShow from './show/UrlShow.vue';
import { text } from './text';

export const url: KindSpec = { ...text, show: UrlShow, edit: UrlEdit };

/** The address to open; null for anything a browser could run. */
export function safeHref(value: string): string | null {
  const address = /^[a-z][a-z0-9+.-]*:/i.test(value) ? value : `https://${value}`;
  return URL.canParse(address) && /^https?:$/.test(new URL(address).protocol) ? address : null;
}
