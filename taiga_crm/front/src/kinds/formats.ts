/** Numbers, dates, money and countries in the host's language. */
import { computed } from 'vue';
import { useI18n } from '@/i18n';
import { useZone, type Zone } from './zone';

export interface Money {
  amount: string;
  currency: string;
}

export interface Formats {
  lang: string;
  yes: string;
  no: string;
  number(value: number | string): string;
  money(value: Money): string;
  date(iso: string): string;
  dateTime(iso: string): string;
  country(code: string): string;
}

export function createFormats(lang: string, yes = 'Yes', no = 'No', zone?: Zone): Formats {
  const numbers = new Intl.NumberFormat(lang, { maximumFractionDigits: 10 });
  const dates = new Intl.DateTimeFormat(lang, { dateStyle: 'medium', timeZone: zone });
  const plainDates = new Intl.DateTimeFormat(lang, { dateStyle: 'medium', timeZone: 'UTC' });
  const dateTimes = new Intl.DateTimeFormat(lang, {
    dateStyle: 'medium',
    timeStyle: 'short',
    timeZone: zone,
  });
  const countries = new Intl.DisplayNames(lang, { type: 'region' });
  return {
    lang,
    yes,
    no,
    // A decimal string is formatted as it is: no float in between.
    number: (value) => numbers.format(value as number),
    money: ({ amount, currency }) => formatMoney(lang, amount, currency),
    // A date without a time is the same day everywhere.
    date: (iso) => format(/^\d{4}-\d\d-\d\d$/.test(iso) ? plainDates : dates, iso),
    dateTime: (iso) => format(dateTimes, iso),
    country: (code) => (/^[A-Za-z]{2}$/.test(code) ? (countries.of(code.toUpperCase()) ?? code) : code),
  };
}

export function useFormats() {
  const { lang, t } = useI18n();
  const zone = useZone();
  return computed(() => createFormats(lang.value, t('common.yes'), t('common.no'), zone.value));
}

/** Whole amounts go without `.00`, so that large ones fit into a column. */
function formatMoney(lang: string, amount: string, currency: string): string {
  if (!/^[A-Z]{3}$/.test(currency)) return `${amount} ${currency}`.trim();
  const format = new Intl.NumberFormat(lang, {
    style: 'currency',
    currency,
    currencyDisplay: 'narrowSymbol',
    trailingZeroDisplay: 'stripIfInteger',
  });
  return format.format(amount as unknown as number);
}

function format(formatter: Intl.DateTimeFormat, iso: string): string {
  const date = new Date(iso);
  return Number.isNaN(date.getTime()) ? iso : formatter.format(date);
}
