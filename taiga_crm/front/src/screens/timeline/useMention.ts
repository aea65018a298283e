/** Completes @names while a person types: who sees the record, by the beginning of the name. */
import { nextTick, type Ref, ref } from 'vue';
import { ApiError } from '@/api/errors';
import { useClient } from '@/context';

export interface Candidate {
  id: number;
  username: string;
  label: string;
}

const TYPED = /(?:^|[^\p{L}\p{N}_@./])@([\p{L}\p{N}_.+-]*)$/u;
const PAUSE_MS = 150;

export function useMention(path: () => string, text: Ref<string>, box: Ref<HTMLTextAreaElement | null>) {
  const client = useClient();
  const found = ref<Candidate[]>([]);
  const active = ref(0);
  let timer: ReturnType<typeof setTimeout> | undefined;
  let asked = 0;

  function typed(): string | null {
    const area = box.value;
    return area ? (TYPED.exec(area.value.slice(0, area.selectionStart))?.[1] ?? null) : null;
  }

  function look() {
    clearTimeout(timer);
    const name = typed();
    if (name === null) return close();
    timer = setTimeout(() => void ask(name), PAUSE_MS);
  }

  async function ask(name: string) {
    const number = ++asked;
    try {
      const people = await client.get<Candidate[]>(path(), { q: name });
      if (number !== asked) return;
      found.value = people;
      active.value = 0;
    } catch (error) {
      // Without suggestions a name can still be typed.
      if (!(error instanceof ApiError)) throw error;
      found.value = [];
    }
  }

  function close() {
    clearTimeout(timer);
    asked += 1;
    found.value = [];
  }

  async function take(person: Candidate) {
    const area = box.value;
    const name = typed();
    if (!area || name === null) return close();
    const end = area.selectionStart;
    const start = end - name.length;
    text.value = `${text.value.slice(0, start)}${person.username} ${text.value.slice(end)}`;
    close();
    await nextTick();
    area.focus();
    area.setSelectionRange(start + person.username.length + 1, start + person.username.length + 1);
  }

  /** True when the key belonged to the list of names. */
  function onKey(event: KeyboardEvent): boolean {
    if (!found.value.length || event.ctrlKey || event.metaKey) return false;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) active.value = (active.value + step + found.value.length) % found.value.length;
    else if (event.key === 'Enter' || event.key === 'Tab') void take(found.value[active.value] as Candidate);
    else if (event.key === 'Escape') close();
    else return false;
    event.preventDefault();
    event.stopPropagation();
    return true;
  }

  return { found, active, look, close, take, onKey };
}
