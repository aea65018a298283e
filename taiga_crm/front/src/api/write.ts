/** Writes that a click or a form starts: what is under way, and why the last one was refused. */
import { computed, ref } from 'vue';
import { reasonOf } from '@/api/reason';
import { type MessageKey, useI18n } from '@/i18n';
import { ApiError, type FieldErrors } from './errors';

/** `settled` runs after each write, refused ones too, before the next one may start. */
export function useWrite(settled?: () => Promise<unknown>) {
  const { t } = useI18n();
  /** The id of the row that is written, 1 where there is only one thing to write; 0 = nothing. */
  const busy = ref(0);
  const isBusy = computed(() => busy.value !== 0);
  const problem = ref('');

  /** True when it worked; the reason of a refusal is in `problem`. */
  async function write(action: () => Promise<unknown>, id = 1): Promise<boolean> {
    busy.value = id;
    problem.value = '';
    try {
      await action();
      return true;
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      problem.value = reasonOf(error, t);
      return false;
    } finally {
      await settled?.();
      busy.value = 0;
    }
  }

  return { busy, isBusy, problem, write };
}

/** A form's write: reasons at their fields, the message is of what has no field; `stale` says it was changed. */
export function useFormWrite(stale?: MessageKey) {
  const { t } = useI18n();
  const errors = ref<FieldErrors>({});
  const message = ref('');
  const isStale = ref(false);
  const busy = ref(false);

  async function attempt(action: () => Promise<unknown>) {
    if (busy.value) return;
    busy.value = true;
    errors.value = {};
    message.value = '';
    isStale.value = false;
    try {
      await action();
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      isStale.value = stale !== undefined && error.isStale;
      errors.value = isStale.value ? {} : error.fields;
      if (stale && isStale.value) message.value = t(stale);
      else if (!Object.keys(errors.value).length) message.value = reasonOf(error, t);
    } finally {
      busy.value = false;
    }
  }

  return { errors, message, isStale, busy, attempt };
}
