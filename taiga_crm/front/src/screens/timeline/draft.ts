/** What a person has typed and not sent yet, kept for this browser tab until it is. */
import { ref, watch } from 'vue';

export function useDraft(name: () => string) {
  const text = ref(read(name()));
  watch(text, (value) => {
    if (value.trim()) sessionStorage.setItem(name(), value);
    else sessionStorage.removeItem(name());
  });
  return text;
}

function read(name: string): string {
  return sessionStorage.getItem(name) ?? '';
}
