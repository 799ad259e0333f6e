import { StorageError, type StorageErrorCode } from '@upshot/storage';

/** ClickHouse's numbers of errors (src/Common/ErrorCodes.cpp) that mean more than "something is wrong". */
const CODES: { readonly [clickHouseCode: number]: StorageErrorCode } = {
  159: 'timeout', // TIMEOUT_EXCEEDED
  394: 'timeout', // QUERY_WAS_CANCELLED
  209: 'unavailable', // SOCKET_TIMEOUT
  210: 'unavailable', // NETWORK_ERROR
  241: 'unavailable', // MEMORY_LIMIT_EXCEEDED
  243: 'unavailable', // NOT_ENOUGH_SPACE
  252: 'unavailable', // TOO_MANY_PARTS
  202: 'unavailable', // TOO_MANY_SIMULTANEOUS_QUERIES
  236: 'unavailable', // ABORTED
  74: 'unavailable', // CANNOT_READ_FROM_FILE_DESCRIPTOR
  75: 'unavailable', // CANNOT_WRITE_TO_FILE_DESCRIPTOR
  76: 'unavailable', // CANNOT_OPEN_FILE
  77: 'unavailable', // CANNOT_CLOSE_FILE
  1000: 'unavailable', // POCO_EXCEPTION
  1001: 'unavailable', // STD_EXCEPTION: the file system's errors
  192: 'denied', // UNKNOWN_USER
  193: 'denied', // WRONG_PASSWORD
  291: 'denied', // DATABASE_ACCESS_DENIED
  497: 'denied', // ACCESS_DENIED
  516: 'denied', // AUTHENTICATION_FAILED
};

/** The file system's refusals, as Node names them: somebody frees the disk or gives the rights back, and the next call works. */
const FILE_ERRORS = new Set([
  'ENOSPC',
  'EDQUOT',
  'EROFS',
  'EACCES',
  'EPERM',
  'EIO',
  'ENOENT',
  'ENOTDIR',
  'EMFILE',
  'ENFILE',
]);

/** What an engine threw, as the store's error. The engine's own first line is kept: it names files, limits and columns. */
export function engineError(what: string, cause: unknown): StorageError {
  if (cause instanceof StorageError) return cause;
  const said = cause instanceof Error ? cause.message : String(cause);
  const line = said.split('\n', 1)[0]!.slice(0, 500);
  return new StorageError(codeOf(cause, said), `${what}: ${line}`, { cause });
}

function codeOf(cause: unknown, said: string): StorageErrorCode {
  if (FILE_ERRORS.has((cause as NodeJS.ErrnoException | undefined)?.code ?? '')) return 'unavailable';
  return CODES[Number(/Code: (\d+)/.exec(said)?.[1])] ?? 'internal';
}
