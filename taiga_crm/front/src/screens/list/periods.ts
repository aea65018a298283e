/** Periods that move with the calendar, as the API names them; any other `last_N_days` works in an address. */
export const PERIODS = [
  'today',
  'yesterday',
  'tomorrow',
  'last_7_days',
  'last_30_days',
  'last_90_days',
  'next_7_days',
  'next_30_days',
  'this_week',
  'last_week',
  'this_month',
  'last_month',
  'next_month',
  'this_quarter',
  'last_quarter',
  'next_quarter',
  'this_year',
  'last_year',
  'older_than_30_days',
  'older_than_90_days',
  'older_than_365_days',
] as const;

export function isPeriod(text: string): text is (typeof PERIODS)[number] {
  return (PERIODS as readonly string[]).includes(text);
}
