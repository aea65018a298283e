/** Asks before an import is taken back, and says what that means. */
import { useI18n } from '@/i18n';
import { useConfirm } from '@/kit/useConfirm';
import { count, type Import } from './imports';

export function useUndo() {
  const confirm = useConfirm();
  const { t } = useI18n();
  return async ({ result, file_name: name }: Import, act: () => Promise<unknown>) => {
    const yes = await confirm({
      title: t('import.undo_title', { name }),
      text: t('import.undo_text', {
        created: count(result, 'created'),
        changed: count(result, 'updated', 'linked'),
      }),
      yes: t('import.undo'),
      danger: true,
    });
    if (yes) await act();
  };
}
