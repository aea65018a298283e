/** Saves the list as the person sees it into a CSV file: fetched with the token, then handed to the browser. */
import { ref } from 'vue';
import { ApiError } from '@/api/errors';
import { useClient, useHost } from '@/context';
import { useI18n } from '@/i18n';
import { saveBlob } from '@/kit/saveBlob';
import { type ListSource, rowParams } from './useRecords';

export function useExport(source: () => ListSource) {
  const client = useClient();
  const host = useHost();
  const { t } = useI18n();
  const exporting = ref(false);

  async function exportCsv() {
    const { entity, state } = source();
    exporting.value = true;
    try {
      const blob = await client.download(`/${entity.path}/export.csv`, {
        ...rowParams(source()),
        group_by: state.groupBy,
      });
      saveBlob(blob, `${entity.path}.csv`);
    } catch (problem) {
      if (!(problem instanceof ApiError)) throw problem;
      host.notify('error', problem.message || t('error.network'));
    } finally {
      exporting.value = false;
    }
  }

  return { exporting, exportCsv };
}
