/** The message catalogue: one JSON per language, loaded when needed. `{n}` also chooses the plural form. */
import { type InjectionKey, inject, type ShallowRef, shallowRef } from 'vue';
import type en from './en.json';

export const LANGUAGES = ['en', 'ko'] as const;
export type Language = (typeof LANGUAGES)[number];
export type MessageKey = Leaves<typeof en>;
export type MessageParams = Record<string, string | number>;

export interface I18n {
  /** The language code the host asked for (`ko-KR`); numbers and dates follow it. */
  lang: ShallowRef<string>;
  t(key: MessageKey, params?: MessageParams): string;
  speak(code: string): Promise<void>;
}

type Finish = (text: string) => string;
type PluralForm = 'one' | 'other';
type Leaves<T> = {
  [K in keyof T & string]: T[K] extends string
    ? K
    : keyof T[K] extends PluralForm
      ? K
      : `${K}.${Leaves<T[K]>}`;
}[keyof T & string];
interface Catalogue {
  [key: string]: string | Catalogue;
}

/** A language may have a last word on a sentence that names were filled into. */
const CATALOGUES: Record<Language, () => Promise<{ default: unknown; finish?: Finish }>> = {
  en: () => import('./en.json'),
  ko: () => import('./korean'),
};

export const I18N: InjectionKey<I18n> = Symbol('i18n');

export function useI18n(): I18n {
  const i18n = inject(I18N);
  if (!i18n) throw new Error('i18n is not provided');
  return i18n;
}

export function createI18n(): I18n {
  const lang = shallowRef('en');
  const catalogue = shallowRef<Catalogue>({});
  let finish: Finish = (text) => text;
  return {
    lang,
    t: (key, params = {}) =>
      finish(fill(choose(find(catalogue.value, key), params, lang.value) ?? key, params, lang.value)),
    async speak(code) {
      const { default: messages, finish: last } = await CATALOGUES[nearest(code)]();
      finish = last ?? ((text) => text);
      catalogue.value = messages as Catalogue;
      lang.value = code;
    },
  };
}

/** The language we have that is nearest to `code`: `ko-KR` → `ko`, English otherwise. */
export function nearest(code: string): Language {
  const base = code.toLowerCase().split(/[-_]/)[0];
  return LANGUAGES.find((language) => language === base) ?? 'en';
}

function find(catalogue: Catalogue, key: string): string | Catalogue | undefined {
  return key
    .split('.')
    .reduce<string | Catalogue | undefined>(
      (at, part) => (typeof at === 'object' ? at[part] : undefined),
      catalogue,
    );
}

function choose(
  message: string | Catalogue | undefined,
  params: MessageParams,
  lang: string,
): string | undefined {
  if (typeof message !== 'object') return message;
  const form = new Intl.PluralRules(lang).select(Number(params.n));
  const chosen = message[form] ?? message.other;
  return typeof chosen === 'string' ? chosen : undefined;
}

function fill(message: string, params: MessageParams, lang: string): string {
  return message.replace(/\{(\w+)\}/g, (whole, name: string) => {
    const value = params[name];
    if (value === undefined) return whole;
    return typeof value === 'number' ? new Intl.NumberFormat(lang).format(value) : value;
  });
}
