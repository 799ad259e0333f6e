import { StorageError } from '@upshot/storage';
import { expect, it } from 'vitest';
import { engineError } from './engineError.js';

it.each([
  ['Code: 159. DB::Exception: Timeout exceeded', 'timeout', true],
  ['Code: 243. DB::Exception: Cannot reserve 1.00 MiB, not enough space', 'unavailable', true],
  ['Code: 241. DB::Exception: (total) memory limit exceeded', 'unavailable', true],
  ['Code: 516. DB::Exception: default: Authentication failed', 'denied', false],
  ['Code: 47. DB::Exception: Unknown identifier', 'internal', true],
  ['something else', 'internal', true],
] as const)('%s is %s', (said, code, retryable) => {
  const cause = new Error(said);
  const error = engineError('Could not store rows', cause);
  expect(error).toMatchObject({ code, retryable, cause, message: `Could not store rows: ${said}` });
});

it('keeps to one line, and to the error that it was', () => {
  expect(engineError('Could not read', new Error('first\nsecond')).message).toBe('Could not read: first');
  const own = new StorageError('closed', 'The store was closed.');
  expect(engineError('Could not read', own)).toBe(own);
});

it.each(['ENOSPC', 'EROFS', 'EACCES', 'EIO'])('%s may pass', (code) => {
  expect(engineError('Could not store rows', Object.assign(new Error(code), { code }))).toMatchObject({
    code: 'unavailable',
    retryable: true,
  });
});
