/** `await confirm({title})`: true when the person says yes. */
import { inject } from 'vue';
import { QUESTION, type Question } from './confirm';

export function useConfirm() {
  const current = inject(QUESTION);
  if (!current) throw new Error('KConfirm is not provided');
  return (question: Question) =>
    new Promise<boolean>((resolve) => {
      current.value = {
        ...question,
        answer(yes) {
          current.value = null;
          resolve(yes);
        },
      };
    });
}
