/** Says in a sentence why something failed: the API's own words, else what the status tells. */
import type { I18n, MessageKey } from '@/i18n';
import { ApiError, type FieldErrors } from './errors';

const SENTENCES: Record<number, MessageKey> = {
  403: 'error.denied',
  404: 'error.not_found_text',
  408: 'error.slow',
  413: 'error.too_large',
  429: 'error.too_many',
  502: 'error.restarting',
  503: 'error.restarting',
  504: 'error.slow',
};

export function reasonOf(error: unknown, t: I18n['t']): string {
  if (!(error instanceof ApiError)) return t('error.unknown');
  if (error.isNetwork) return t(navigator.onLine ? 'error.network' : 'error.offline');
  return (
    error.message || t(SENTENCES[error.status] ?? (error.status >= 500 ? 'error.server' : 'error.unknown'))
  );
}

/** Why one of many rows was left as it is. */
export function refusalOf({ errors, message }: { errors?: FieldErrors; message?: string }): string {
  return (
    Object.values(errors ?? {})
      .flat()
      .join(' ') ||
    message ||
    ''
  );
}
