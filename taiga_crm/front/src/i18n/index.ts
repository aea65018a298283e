/** The message catalogue: one JSON per language, loaded when needed; English stands in for a missing language. */
import { createI18n } from 'petite-vue-i18n';
import type en from './en.json';

export type Messages = typeof en;
export const LANGUAGES = ['en', 'ko'] as const;
export type Language = (typeof LANGUAGES)[number];

const CATALOGUES: Record<Language, () => Promise<{ default: unknown }>> = {
  en: () => import('./en.json'),
  ko: () => import('./ko.json'),
};

export type I18n = ReturnType<typeof createMessages>;

export function createMessages() {
  return createI18n({
    legacy: false,
    locale: 'en',
    fallbackLocale: 'en',
    missingWarn: false,
    fallbackWarn: false,
  });
}

/** Switches to the language nearest to `code` (`ko-KR` → `ko`). */
export async function speak(i18n: I18n, code: string): Promise<void> {
  const language = nearest(code);
  const catalogue = await CATALOGUES[language]();
  i18n.global.setLocaleMessage(language, catalogue.default as Messages);
  (i18n.global.locale as { value: string }).value = language;
}

export function nearest(code: string): Language {
  const base = code.toLowerCase().split(/[-_]/)[0];
  return LANGUAGES.find((language) => language === base) ?? 'en';
}
