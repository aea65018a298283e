/** The one error the client throws: HTTP status, the API's stable code, a sentence, and messages per field. */

export type FieldErrors = Record<string, string[]>;

export class ApiError extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    readonly fields: FieldErrors = {},
    /** The whole record as it is now, when the version sent was stale. */
    readonly current: Record<string, unknown> | null = null,
    /** What else a refusal says, by its code. */
    readonly details: Record<string, unknown> = {},
  ) {
    super(message);
    this.name = 'ApiError';
  }

  get isStale(): boolean {
    return this.code === 'stale_version';
  }

  get isNetwork(): boolean {
    return this.status === 0;
  }
}

const ABOUT_THE_ERROR = new Set([
  '_error_message',
  '_error_type',
  'code',
  'constraint',
  'current',
  'detail',
  'details',
]);

/** Reads any error body of the API, of its host, or of a proxy in between (no JSON at all). */
export function toApiError(status: number, body: unknown): ApiError {
  const data = isRecord(body) ? body : {};
  const fields: FieldErrors = {};
  for (const [name, value] of Object.entries(data)) {
    if (!ABOUT_THE_ERROR.has(name)) fields[name] = sentences(value);
  }
  const message = text(data._error_message) ?? text(data.detail) ?? Object.values(fields)[0]?.[0] ?? '';
  const code = text(data.code) ?? CODES[status] ?? (status >= 500 ? 'server_error' : 'error');
  const current = isRecord(data.current) ? data.current : null;
  return new ApiError(status, code, message, fields, current, isRecord(data.details) ? data.details : {});
}

const CODES: Record<number, string> = {
  0: 'network',
  400: 'invalid',
  401: 'not_authenticated',
  403: 'permission_denied',
  404: 'not_found',
  409: 'conflict',
  451: 'blocked',
};

function sentences(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(sentences);
  if (isRecord(value)) return Object.values(value).flatMap(sentences);
  return value === null || value === undefined ? [] : [String(value)];
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
