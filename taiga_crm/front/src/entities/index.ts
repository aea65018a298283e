/** What single entities add to the generic screens; a screen looks its entity up here and never tests a name. */
import type { Field } from '@/api/meta';
import type { I18n } from '@/i18n';
import { account } from './account';

export interface EntityExtras {
  /** Another label for a field, depending on the other values. */
  label?(field: Field, values: Record<string, unknown>, t: I18n['t']): string | null;
}

const EXTRAS: Record<string, EntityExtras> = { account };

export function labelOf(key: string, field: Field, values: Record<string, unknown>, t: I18n['t']): string {
  return EXTRAS[key]?.label?.(field, values, t) ?? field.label;
}
