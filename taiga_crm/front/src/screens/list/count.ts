/** A count above the bound is an estimate: said as "about", with two digits, so that nobody takes it for exact. */
import type { I18n } from '@/i18n';

export function roundEstimate(count: number): number {
  return Number(count.toPrecision(2));
}

export function countText(count: number, exact: boolean, t: I18n['t']): string {
  return exact ? t('list.count', { n: count }) : t('list.count_about', { n: roundEstimate(count) });
}
