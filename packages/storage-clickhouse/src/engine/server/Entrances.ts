import { StorageError } from '@upshot/storage';
import { codeOf, type Endpoint, type Statement } from './Endpoint.js';

/** The network's refusals that say that nothing was sent: the same may be asked elsewhere without harm. */
const NOT_REACHED = new Set([
  'ECONNREFUSED',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
  'ETIMEDOUT',
]);
/** Those that leave it open. */
const CUT_OFF = new Set(['ECONNRESET', 'EPIPE', 'ERR_STREAM_PREMATURE_CLOSE']);
/** What a server says that is about to end. */
const ABORTED = 236;

/** Servers that lead to the same tables. One is used until it does not answer, then the next. */
export class Entrances {
  private current = 0;

  constructor(private endpoints: readonly Endpoint[]) {
    if (endpoints.length === 0) throw new StorageError('misused', 'No server is named');
  }

  /** Further ones, tried after those there are. */
  add(more: readonly Endpoint[]): void {
    const names = new Set(this.endpoints.map(({ name }) => name));
    this.endpoints = [...this.endpoints, ...more.filter(({ name }) => !names.has(name))];
  }

  /** Runs a statement on the first server that answers. `repeatable`: also where one took it and then fell silent. */
  async run(statement: Statement, repeatable: boolean): Promise<Uint8Array> {
    // A connection that was kept may have been closed by a server that is well: that is found out by using it.
    let spare = repeatable ? 1 : 0;
    for (let left = this.endpoints.length; ; ) {
      const tried = this.current;
      try {
        return await this.endpoints[tried]!.run(statement);
      } catch (error) {
        const code = networkCode(error);
        if (CUT_OFF.has(code) && spare > 0) spare--;
        else left--;
        const isEnding = codeOf(error) === ABORTED;
        const gone = NOT_REACHED.has(code) || CUT_OFF.has(code) || isEnding;
        // Somebody else may have gone on meanwhile.
        if (gone && this.current === tried) this.current = (tried + 1) % this.endpoints.length;
        const again = NOT_REACHED.has(code) || (repeatable && gone);
        if (!again || left <= 0 || statement.signal?.aborted) throw error;
      }
    }
  }

  async close(): Promise<void> {
    await Promise.all(this.endpoints.map((endpoint) => endpoint.close()));
  }
}

/** Node's code of a refusal of the network, whichever of several addresses it was; "" where it is none. */
export function networkCode(error: unknown): string {
  const { code, errors, cause } = (error ?? {}) as {
    code?: unknown;
    errors?: readonly unknown[];
    cause?: unknown;
  };
  // The store's own errors have codes too, in small letters.
  if (typeof code === 'string' && code === code.toUpperCase()) return code;
  if (errors !== undefined && errors.length > 0) return networkCode(errors[0]);
  return cause === undefined ? '' : networkCode(cause);
}
