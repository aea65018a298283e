/** What a kind of field knows: how it reads as text, how it is shown, edited, filtered and sent. */
import type { Component } from 'vue';
import type { Field } from '@/api/meta';
import type { Formats } from './formats';

/** How the value of a filter is typed. */
export type FilterInput = 'text' | 'number' | 'date' | 'boolean' | 'choices' | 'links';

export interface KindSpec {
  /** The value as one line of text, '' when empty. */
  text(value: unknown, formats: Formats, field: Field): string;
  /** Shows more than the text; gets `value` and `field`. */
  show?: Component;
  /** Edits a draft: `modelValue` and `field`; null when the kind is never typed in. */
  edit: Component | null;
  filter: FilterInput;
  /** Numbers stand on the right. */
  numeric?: boolean;
  /** Takes the whole width of a form. */
  wide?: boolean;
  /** The control is several inputs under one label. */
  group?: boolean;
  /** A choice is complete once made: editing in a list saves at once. */
  instant?: boolean;
  /** The draft made from the record's value; the value itself unless said. */
  draft?(value: unknown, field: Field): unknown;
  /** What is sent for a draft; the draft itself unless said. */
  body?(draft: unknown, field: Field): unknown;
}

export function isEmpty(value: unknown): boolean {
  return (
    value === null || value === undefined || value === '' || (Array.isArray(value) && value.length === 0)
  );
}
