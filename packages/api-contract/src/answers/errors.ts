import { Type } from 'typebox';
import { Value } from 'typebox/value';

/** Every way in which a call can fail: its HTTP status, and whether the same call may succeed later. */
export const API_ERRORS = {
  /** A parameter is wrong; the message says which, and what would be right. */
  'bad-request': { status: 400, retryable: false },
  /** No token, or the wrong one. */
  unauthorized: { status: 401, retryable: false },
  /** The `Host` header names a host that this server is not: see DNS rebinding. */
  'wrong-host': { status: 403, retryable: false },
  'not-found': { status: 404, retryable: false },
  /** What was named belongs to several workflows, and only one can be meant. */
  ambiguous: { status: 409, retryable: false },
  'method-not-allowed': { status: 405, retryable: false },
  /** The answer needs more rows than one question may read. */
  'too-large': { status: 422, retryable: false },
  /** Something in Upshot broke. */
  internal: { status: 500, retryable: false },
  /** The store is away, or Upshot is starting, stopping or overloaded. */
  unavailable: { status: 503, retryable: true },
  /** The answer took longer than its limit. */
  timeout: { status: 503, retryable: true },
} as const satisfies Record<string, { status: number; retryable: boolean }>;

export type ApiErrorCode = keyof typeof API_ERRORS;

export const ApiError = Type.Object(
  {
    error: Type.Object({
      code: Type.Enum(Object.keys(API_ERRORS) as ApiErrorCode[]),
      message: Type.String({ description: 'What is wrong, and what to do.' }),
    }),
  },
  { title: 'Error' },
);
export type ApiError = Type.Static<typeof ApiError>;

/** The error that a body holds; null where it holds none in the API's form. */
export function readApiError(body: string): ApiError['error'] | null {
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch {
    return null;
  }
  return Value.Check(ApiError, value) ? value.error : null;
}
