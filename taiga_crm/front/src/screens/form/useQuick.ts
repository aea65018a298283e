/** Lets the link fields of a form ask for a new record; the dialog that makes it is shown by the form. */
import { provide, shallowRef } from 'vue';
import type { Entity, LinkValue } from '@/api/meta';
import { useSession } from '@/context';
import { QUICK } from '@/kinds/quick';

interface Asked {
  entity: Entity;
  text: string;
  answer: (made: LinkValue | null) => void;
}

export function useQuick() {
  const session = useSession();
  const asked = shallowRef<Asked | null>(null);
  provide(
    QUICK,
    (key, text) =>
      new Promise((resolve) => {
        const entity = session.meta?.entities[key];
        if (!entity) return resolve(null);
        const answer = (made: LinkValue | null) => {
          asked.value = null;
          resolve(made);
        };
        asked.value = { entity, text, answer };
      }),
  );
  return asked;
}
