/** Every kind the API knows; a new kind is one file and one line here. */
import type { Field, Kind } from '@/api/meta';
import { boolean } from './boolean';
import { choice } from './choice';
import { color } from './color';
import { country } from './country';
import { date } from './date';
import { datetime } from './datetime';
import { decimal } from './decimal';
import { emails } from './emails';
import { integer } from './integer';
import type { KindSpec } from './kind';
import { link } from './link';
import { links } from './links';
import { long_text } from './long_text';
import { money } from './money';
import { phones } from './phones';
import { tags } from './tags';
import { text } from './text';
import { url } from './url';

const KINDS: Record<Kind, KindSpec> = {
  boolean,
  choice,
  color,
  country,
  date,
  datetime,
  decimal,
  emails,
  integer,
  link,
  links,
  long_text,
  money,
  phones,
  tags,
  text,
  url,
};

/** A kind newer than this front is shown as text and not edited. */
export function kindOf(field: Pick<Field, 'kind'>): KindSpec {
  return KINDS[field.kind] ?? { ...text, edit: null };
}

/** A copy of the record's value to type in. */
export function toDraft(field: Field, value: unknown): unknown {
  const { draft } = kindOf(field);
  const plain = JSON.parse(JSON.stringify(value ?? null)) as unknown;
  return draft ? draft(plain, field) : plain;
}

/** What is sent for a draft. */
export function toBody(field: Field, draft: unknown): unknown {
  const { body } = kindOf(field);
  return body ? body(draft, field) : (draft ?? null);
}

export type { KindSpec } from './kind';
