import { StorageError, type StorageErrorCode } from '@upshot/storage';

/** ClickHouse's numbers of errors (src/Common/ErrorCodes.cpp) that mean more than "something is wrong". */
const CODES: { readonly [clickHouseCode: number]: StorageErrorCode } = {
  159: 'timeout', // TIMEOUT_EXCEEDED
  394: 'timeout', // QUERY_WAS_CANCELLED
  209: 'unavailable', // SOCKET_TIMEOUT
  210: 'unavailable', // NETWORK_ERROR
  279: 'unavailable', // ALL_CONNECTION_TRIES_FAILED
  32: 'unavailable', // ATTEMPT_TO_READ_AFTER_EOF: a shard went away
  95: 'unavailable', // CANNOT_READ_FROM_SOCKET
  96: 'unavailable', // CANNOT_WRITE_TO_SOCKET
  100: 'unavailable', // UNKNOWN_PACKET_FROM_SERVER
  102: 'unavailable', // UNEXPECTED_PACKET_FROM_SERVER
  198: 'unavailable', // DNS_ERROR
  242: 'unavailable', // TABLE_IS_READ_ONLY: a replica without its Keeper
  285: 'unavailable', // TOO_FEW_LIVE_REPLICAS
  286: 'unavailable', // UNSATISFIED_QUORUM_FOR_PREVIOUS_WRITE
  289: 'unavailable', // REPLICA_IS_NOT_IN_QUORUM
  319: 'unavailable', // UNKNOWN_STATUS_OF_INSERT
  999: 'unavailable', // KEEPER_EXCEPTION
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
  164: 'denied', // READONLY
  516: 'denied', // AUTHENTICATION_FAILED
};

/** The operating system's refusals, as Node names them: somebody frees the disk or gives the rights back, and the next call works. */
const SYSTEM_ERRORS = new Set([
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
  // The network's, for a server.
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ETIMEDOUT',
  'ENOTFOUND',
  'EAI_AGAIN',
]);

/** What an engine threw, as the store's error. The engine's own first line is kept: it names files, limits and columns. */
export function engineError(what: string, cause: unknown): StorageError {
  if (cause instanceof StorageError) return cause;
  const said = cause instanceof Error ? cause.message : String(cause);
  const line = said.split('\n', 1)[0]!.slice(0, 500);
  return new StorageError(codeOf(cause, said), `${what}: ${line}`, { cause });
}

export function closedError(): StorageError {
  return new StorageError('closed', 'The store was closed.');
}

function codeOf(cause: unknown, said: string): StorageErrorCode {
  if (SYSTEM_ERRORS.has((cause as NodeJS.ErrnoException | undefined)?.code ?? '')) return 'unavailable';
  return CODES[Number(/Code: (\d+)/.exec(said)?.[1])] ?? 'internal';
}
