/** Accounts: a type with the first name alone holds a company's name there, and calls it "Name". */
import type { EntityExtras } from '../index';

interface AccountType {
  has_first_name?: boolean;
  has_last_name?: boolean;
}

export const account: EntityExtras = {
  label(field, values, t) {
    const type = values.type as AccountType | null | undefined;
    const isOnlyName = type?.has_first_name === true && type.has_last_name === false;
    return field.name === 'first_name' && isOnlyName ? t('account.name') : null;
  },
};
