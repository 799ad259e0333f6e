import { StorageError } from '@upshot/storage';
import { codeOf } from './Endpoint.js';
import { networkCode } from './Entrances.js';
import { describeLocation, type ServerLocation } from './ServerLocation.js';

const NOT_KNOWN = new Set([192, 193, 194, 516]); // UNKNOWN_USER, WRONG_PASSWORD, REQUIRED_PASSWORD, AUTHENTICATION_FAILED
const NO_RIGHT = new Set([291, 497]); // DATABASE_ACCESS_DENIED, ACCESS_DENIED
const READ_ONLY = 164;
/** OpenSSL's and Node's names of what is wrong with a certificate. */
const CERTIFICATE = /CERT|SELF_SIGNED|UNABLE_TO_(GET|VERIFY)|ALTNAME/;
/** What comes where one side speaks TLS and the other does not. */
const OTHER_PROTOCOL = /^(EPROTO|HPE_|ERR_SSL)/;

/** Why a server could not be opened, in one line that says what to do and holds no credential. */
export function openError(location: ServerLocation, cause: unknown): StorageError {
  const where = describeLocation(location);
  // What is no answer of a ClickHouse can't be read as one.
  if (cause instanceof StorageError && cause.code !== 'internal') return cause;
  const said = codeOf(cause);
  const network = networkCode(cause);
  if (said !== null && NOT_KNOWN.has(said))
    return new StorageError('denied', `${where} does not take the user and password of the URL.`, { cause });
  if (said !== null && NO_RIGHT.has(said))
    return new StorageError('denied', `${where} refuses the user what Upshot needs: ${line(cause)}`, {
      cause,
    });
  if (said === READ_ONLY) return readOnlyError(location, cause);
  if (said !== null)
    return new StorageError('unavailable', `${where} can't be opened: ${line(cause)}`, { cause });
  if (network === 'CERT_HAS_EXPIRED')
    return new StorageError('misused', `The certificate of ${where} has expired: renew it there.`, { cause });
  if (CERTIFICATE.test(network))
    return new StorageError(
      'misused',
      `The certificate of ${where} is not trusted (${network}): name its authority with ?ca=FILE, or use the host that it is made for.`,
      { cause },
    );
  if (OTHER_PROTOCOL.test(network))
    return new StorageError(
      'misused',
      location.secure
        ? `${where} speaks no TLS: leave out secure=true, or give the port of HTTPS.`
        : `${where} does not speak HTTP: give the port of ClickHouse's HTTP interface, or secure=true where it wants TLS.`,
      { cause },
    );
  return new StorageError(
    'unavailable',
    network === ''
      ? `${where} does not answer as a ClickHouse does: ${line(cause)}`
      : `${where} can't be reached (${network}).`,
    { cause },
  );
}

/** The user's profile lets it change nothing, whatever is granted. */
export function readOnlyError(location: ServerLocation, cause?: unknown): StorageError {
  const message = `The user of ${describeLocation(location)} may only read: give one whose profile is not readonly.`;
  return new StorageError('denied', message, { cause });
}

function line(cause: unknown): string {
  const said = cause instanceof Error ? cause.message : String(cause);
  return said.split('\n', 1)[0]!.slice(0, 400);
}
