/** Asks before typed text is lost: in a dialog inside the app, through the host for every other way out. */
import { onBeforeUnmount, ref } from 'vue';
import { onBeforeRouteLeave, onBeforeRouteUpdate, type RouteLocationNormalized } from 'vue-router';
import { useHost } from '@/context';
import { useI18n } from '@/i18n';

type Stays = (to: RouteLocationNormalized, from: RouteLocationNormalized) => boolean;

/** `stays` says which changes of the address leave the same text on the page. */
export function useLeaveGuard(hasChanges: () => boolean, stays: Stays = () => false) {
  const host = useHost();
  const { t } = useI18n();
  const asking = ref(false);
  let answer: ((leave: boolean) => void) | null = null;
  let free = false;

  host.guardLeaving(() => (!free && hasChanges() ? t('form.leave_text') : null), release);
  onBeforeUnmount(() => host.guardLeaving(null));
  onBeforeRouteLeave(ask);
  onBeforeRouteUpdate((to, from) => stays(to, from) || ask());

  function ask(): Promise<boolean> | boolean {
    if (free || !hasChanges()) return true;
    asking.value = true;
    return new Promise((resolve) => {
      answer = resolve;
    });
  }

  function leave(yes: boolean) {
    asking.value = false;
    free ||= yes;
    answer?.(yes);
    answer = null;
  }

  /** After saving, nothing is asked any more. */
  function release() {
    free = true;
  }

  return { asking, leave, release };
}
