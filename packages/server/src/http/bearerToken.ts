import { createHash, timingSafeEqual } from 'node:crypto';

/**
 * A check of `Authorization: Bearer TOKEN` (RFC 6750, section 2.1) against one token. Digests are compared, of equal length and in constant
 * time: how long it takes says neither how much of a token is right nor how long it is.
 */
export function bearerToken(token: string): (authorization: string | undefined) => boolean {
  const expected = digest(token);
  return (authorization) => {
    const given = /^Bearer +([^ ]+) *$/i.exec(authorization ?? '')?.[1];
    return timingSafeEqual(expected, digest(given ?? '')) && given !== undefined;
  };
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
