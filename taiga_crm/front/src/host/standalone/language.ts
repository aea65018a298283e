/** The shell's language: the person's own, else the browser's; the app follows it. */
import { computed, shallowRef, watch } from 'vue';
import { LANGUAGES, type Language, nearest } from '@/i18n';
import { remember, token, user } from './session';

const chosen = shallowRef<string | null>(localStorage.getItem('lang'));

export const language = computed<Language>(() =>
  nearest(user.value?.lang || chosen.value || navigator.language),
);
export { LANGUAGES };

export async function chooseLanguage(lang: Language): Promise<void> {
  localStorage.setItem('lang', lang);
  chosen.value = lang;
  if (!user.value) return;
  remember({ ...user.value, lang });
  await fetch('/api/v1/users/me', {
    method: 'PATCH',
    headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${token()}` },
    body: JSON.stringify({ lang }),
  }).catch(() => null);
}

export function onLanguage(callback: () => void): () => void {
  return watch(language, () => callback());
}
