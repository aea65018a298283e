/** When something happened, in the words of the reader: "5 minutes ago", "Yesterday", or the date. */

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
export function dayOf(iso: string): string {
  const date = new Date(iso);
  const two = (value: number) => String(value).padStart(2, '0');
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}

export function dayLabel(day: string, lang: string, now = new Date()): string {
  const date = new Date(`${day}T12:00:00`);
  const today = new Date(`${dayOf(now.toISOString())}T12:00:00`);
  const days = Math.round((date.getTime() - today.getTime()) / 86_400_000);
  if (days === 0 || days === -1) {
    const text = new Intl.RelativeTimeFormat(lang, { numeric: 'auto' }).format(days, 'day');
    return text.charAt(0).toUpperCase() + text.slice(1);
  }
  return new Intl.DateTimeFormat(lang, { dateStyle: 'full' }).format(date);
}
