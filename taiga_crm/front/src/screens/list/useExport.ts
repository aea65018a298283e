/** Saves the list as the person sees it into a file: fetched with the token, then handed to the browser. */
import { ref } from 'vue';
import type { Download } from '@/api/client';
import { ApiError } from '@/api/errors';
import { reasonOf } from '@/api/reason';
import { useClient, useHost } from '@/context';
import { useI18n } from '@/i18n';
import { saveBlob } from '@/kit/saveBlob';
import { baseParams, type ListSource, rowParams } from './useRecords';

export function useExport(source: () => ListSource) {
  const client = useClient();
  const host = useHost();
  const { t, lang } = useI18n();
  /** What is shown while a file comes; empty when none does. */
  const progress = ref('');
  let running: AbortController | null = null;

  /** `csv`, `xlsx`, `vcf`; with a star all columns. */
  async function save(kind: string) {
    const { entity } = source();
    const ending = kind.replace('*', '');
    progress.value = t('export.running');
    running = new AbortController();
    try {
      const file = await client.save(address(kind), paramsOf(kind), {
        signal: running.signal,
        onProgress: (bytes) => {
          progress.value = t('export.so_far', { size: megabytes(bytes) });
        },
      });
      saveBlob(file.blob, file.name || `${entity.label_plural}.${ending}`);
      tell(file);
    } catch (problem) {
      if (running?.signal.aborted) return;
      if (!(problem instanceof ApiError)) throw problem;
      host.notify('error', reasonOf(problem, t));
    } finally {
      progress.value = '';
      running = null;
    }
  }

  function address(kind: string): string {
    const { entity } = source();
    return kind === 'vcf' ? `/${entity.path}/vcards` : `/${entity.path}/export.${kind.replace('*', '')}`;
  }

  function paramsOf(kind: string) {
    const { state } = source();
    const params = rowParams(source());
    if (kind === 'vcf') return { ...baseParams(source()), sort: params.sort };
    return { ...params, ...(kind.endsWith('*') && { fields: '*' }), group_by: state.groupBy };
  }

  function tell({ rows, complete }: Download) {
    if (!complete) host.notify('info', t('export.cut', { n: rows ?? 0 }));
    else if (rows !== null) host.notify('success', t('export.done', { n: rows }));
  }

  function megabytes(bytes: number): string {
    return new Intl.NumberFormat(lang.value, {
      style: 'unit',
      unit: 'megabyte',
      maximumFractionDigits: 1,
    }).format(bytes / 1_000_000);
  }

  return { progress, save, stop: () => running?.abort() };
}
