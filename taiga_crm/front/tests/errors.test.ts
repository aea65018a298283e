import { describe, expect, it } from 'vitest';
import { toApiError } from '@/api/errors';

describe('an error of the API', () => {
  it('carries messages per field and no message of its own then', () => {
    const error = toApiError(400, { name: ['Too long.'], emails: [{ value: ['Not an address.'] }] });
    expect(error.fields).toEqual({ name: ['Too long.'], emails: ['Not an address.'] });
    expect(error.code).toBe('invalid');
    expect(error.message).toBe('Too long.');
  });

  it('carries the stable code and the sentence', () => {
    const error = toApiError(409, {
      _error_message: 'Already sold.',
      _error_type: 'X',
      code: 'transition_refused',
    });
    expect([error.status, error.code, error.message]).toEqual([409, 'transition_refused', 'Already sold.']);
    expect(error.fields).toEqual({});
  });

  it('carries the record as it is now when the version was stale', () => {
    const error = toApiError(400, {
      version: ['Changed.'],
      code: 'stale_version',
      current: { id: 1, version: 7 },
    });
    expect(error.isStale).toBe(true);
    expect(error.current).toEqual({ id: 1, version: 7 });
  });

  it('is made of a page that is no JSON', () => {
    expect([toApiError(502, null).code, toApiError(404, '<html>').code]).toEqual([
      'server_error',
      'not_found',
    ]);
  });
});
