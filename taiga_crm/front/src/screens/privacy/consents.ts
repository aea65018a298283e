/** Consents of a person, as the API sends them. */
import type { LinkValue } from '@/api/meta';

export interface Consent {
  id: number;
  purpose: LinkValue;
  given_on: string;
  withdrawn_on: string | null;
  source: string;
  wording: string;
  note: string;
  recorded_by: string;
}

export interface Purpose {
  id: number;
  label: string;
  wording: string;
}

export interface Consents {
  consents: Consent[];
  purposes: Purpose[];
  _verbs: string[];
}
