import { ApiFailure } from '../api/client.js';

/** What a page shows instead of what it can't get: that this server has no such answer, or what went wrong. */
export function NotHere({ what, error }: { readonly what: string; readonly error: Error }) {
  const isMissing = error instanceof ApiFailure && error.isUnavailableHere;
  return (
    <div className="notice" role={isMissing ? undefined : 'alert'}>
      <h2>{isMissing ? `This server does not answer ${what}` : `${what} could not be read`}</h2>
      <p className="quiet">
        {isMissing
          ? 'It is part of Upshot’s interface, and not of the build that runs here. Every workflow shows its own findings all the same.'
          : error.message}
      </p>
    </div>
  );
}
