/** When something happened, in the words of the reader: "5 minutes ago", "Yesterday", or the date. */
import { toWall, type Zone } from '@/kinds/zone';

const UNITS: [Intl.RelativeTimeFormatUnit, number][] = [
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
];
const A_WEEK = 7 * 86_400;

/** Empty for what is older than a week: then the date alone says more. */
export function ago(iso: string, lang: string, now = Date.now()): string {
  const seconds = Math.round((now - Date.parse(iso)) / 1000);
  if (Number.isNaN(seconds) || seconds >= A_WEEK) return '';
  const format = new Intl.RelativeTimeFormat(lang, { numeric: 'auto' });
  for (const [unit, size] of UNITS) {
    if (seconds >= size) return format.format(-Math.floor(seconds / size), unit);
  }
  return format.format(0, 'minute') === format.format(-1, 'minute') ? '' : format.format(0, 'second');
}

/** The day of the reader's clock, for separators. */
export function dayOf(iso: string, zone?: Zone): string {
  return toWall(iso, zone).slice(0, 10);
}

export function dayLabel(day: string, lang: string, now = new Date(), zone?: Zone): string {
  const date = new Date(`${day}T12:00:00`);
  const today = new Date(`${dayOf(now.toISOString(), zone)}T12:00:00`);
  const days = Math.round((date.getTime() - today.getTime()) / 86_400_000);
  if (days === 0 || days === -1) {
    const text = new Intl.RelativeTimeFormat(lang, { numeric: 'auto' }).format(days, 'day');
    return text.charAt(0).toUpperCase() + text.slice(1);
  }
  return new Intl.DateTimeFormat(lang, { dateStyle: 'full' }).format(date);
}
