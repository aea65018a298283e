/** Reads numbers as people type them, without ever making a float of them. */
import Big from 'big.js';

/** `1,234.50`, `1.234,50`, `1 234,5` → `1234.5…` as a plain decimal string; null when it is no number. */
export function parseDecimal(typed: string, lang: string): string | null {
  let text = typed.trim().replace(/[\s\u00a0\u202f'’]/g, '');
  if (text === '') return null;
  const { decimal, group } = separators(lang);
  const lastComma = text.lastIndexOf(',');
  const lastDot = text.lastIndexOf('.');
  if (lastComma >= 0 && lastDot >= 0) {
    // Both are there: the later one is the decimal sign, whatever the language.
    text = lastComma > lastDot ? text.replaceAll('.', '').replace(',', '.') : text.replaceAll(',', '');
  } else if (group && isGrouped(text, group)) {
    text = text.replaceAll(group, '');
  } else if (decimal === ',' || !isGrouped(text, ',')) {
    text = text.replace(',', '.');
  } else {
    text = text.replaceAll(',', '');
  }
  if (!/^[-+]?\d*\.?\d+$|^[-+]?\d+\.$/.test(text)) return null;
  return new Big(text.replace(/^\+/, '').replace(/\.$/, '')).toFixed();
}

export function parseInteger(typed: string, lang: string): number | null {
  const decimal = parseDecimal(typed, lang);
  if (decimal === null || !/^-?\d+$/.test(decimal)) return null;
  const value = Number(decimal);
  return Number.isSafeInteger(value) ? value : null;
}

function isGrouped(text: string, sign: string): boolean {
  const escaped = sign === '.' ? '\\.' : sign;
  return new RegExp(`^[-+]?\\d{1,3}(${escaped}\\d{3})+$`).test(text);
}

function separators(lang: string): { decimal: string; group: string } {
  const parts = new Intl.NumberFormat(lang).formatToParts(12345.6);
  const sign = (type: string) => parts.find((part) => part.type === type)?.value ?? '';
  return { decimal: sign('decimal') || '.', group: sign('group').replace(/[\s\u00a0\u202f]/, '') };
}
