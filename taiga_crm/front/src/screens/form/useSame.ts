/** Asks, while a person types, which records there are already with the same company, e-mail, phone or number. */
import { computed, onScopeDispose, ref, shallowRef, watch } from 'vue';
import type { Entity } from '@/api/meta';
import { useClient } from '@/context';

export interface Candidate {
  id: number;
  label: string;
  detail?: string;
  /** Nothing but a name that is nearly the same. */
  similar: boolean;
  reasons: { field: string; label: string }[];
}

const DEBOUNCE_MS = 450;

export function useSame(entity: () => Entity, draft: () => Record<string, unknown>, id: () => number | null) {
  const client = useClient();
  const found = shallowRef<Candidate[]>([]);
  const dismissed = ref(new Set<number>());
  let timer: ReturnType<typeof setTimeout> | undefined;
  let running: AbortController | undefined;
  let asked = '';
  let begun = '';

  /** What is compared, as texts; e-mails and phones are several. */
  const texts = computed(() => {
    const compared = entity().compared ?? [];
    return Object.fromEntries(compared.map((name) => [name, textsOf(draft()[name])]));
  });

  /** Call it when the form is filled: what a record holds already is no news, what a copy brings is. */
  function start() {
    begun = JSON.stringify(texts.value);
    asked = id() === null ? '' : begun;
    dismissed.value = new Set();
    schedule(0);
  }

  watch(
    () => JSON.stringify(texts.value),
    (now) => {
      // The filling itself is no typing: it was looked at already.
      if (now !== begun) schedule(DEBOUNCE_MS);
      begun = '';
    },
  );
  onScopeDispose(stop);

  function stop() {
    clearTimeout(timer);
    running?.abort();
  }

  function schedule(delay: number) {
    stop();
    timer = setTimeout(() => void ask(), delay);
  }

  async function ask() {
    const now = JSON.stringify(texts.value);
    if (now === asked) return;
    asked = now;
    if (!Object.values(texts.value).some(({ length }) => length)) {
      found.value = [];
      return;
    }
    const mine = new AbortController();
    running = mine;
    try {
      const params = { ...texts.value, exclude: id() };
      const answer = await client.get<Candidate[]>(`/${entity().path}/duplicates`, params, mine.signal);
      if (!mine.signal.aborted) found.value = answer;
    } catch {
      // A hint that does not come must not keep anybody from saving; the next letter asks again.
      if (!mine.signal.aborted) asked = '';
    }
  }

  function dismiss() {
    dismissed.value = new Set([...dismissed.value, ...found.value.map((one) => one.id)]);
  }

  const shown = computed(() => found.value.filter((one) => !dismissed.value.has(one.id)));
  return { shown, start, dismiss };
}

export function textsOf(value: unknown): string[] {
  const rows = Array.isArray(value) ? value : [value];
  return rows
    .map((one) =>
      String((one as { value?: unknown } | null)?.value ?? (typeof one === 'string' ? one : '')).trim(),
    )
    .filter(Boolean);
}
