/** Personal API tokens as the API shows them. */
export interface ApiToken {
  id: number;
  name: string;
  prefix: string;
  scopes: string[];
  projects: { id: number; label: string }[];
  state: 'active' | 'expired' | 'revoked';
  days: number;
  created_at: string;
  expires_at: string;
  revoked_at: string | null;
  last_used_at: string | null;
  last_ip: string | null;
  owner?: { id: number; label: string };
  /** Only in the answer to making or renewing it. */
  token?: string;
}

export interface TokenOptions {
  scopes: { key: string; label: string; help: string; in_projects: boolean }[];
  projects: { id: number; label: string }[];
  max_days: number;
  limit: { requests: number; seconds: number };
  can_see_all: boolean;
}

const DAYS = [7, 30, 90, 180, 365];

/** The times that are offered: the usual ones up to the longest, which is always among them. */
export function presets(maxDays: number): number[] {
  return [...DAYS.filter((days) => days < maxDays), maxDays];
}
