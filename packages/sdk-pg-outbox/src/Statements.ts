/** Who handles rows that were added for nobody in particular. */
export const RELAY = 'outbox-relay';

/**
 * The SQL of one outbox table. `waiting` rows are taken by `next_at`, which a relay that takes one moves on by its lease: what a relay was
 * working on as it crashed comes again, and the try counts. A row is settled by whoever has its last attempt, and by nobody else.
 */
export class Statements {
  readonly schema: string;
  readonly add: string;
  readonly extend: string;
  readonly remove: string;
  readonly done: string;
  readonly fail: string;
  readonly replay: string;
  private readonly table: string;

  /** @throws TypeError where `name` is none of a table */
  constructor(name: string) {
    const table = quoted(name);
    this.table = table;
    const own = 'position = $1 AND attempts = $2 AND state = $3';
    this.schema = `CREATE TABLE IF NOT EXISTS ${table} (
  position bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  event_id text NOT NULL DEFAULT gen_random_uuid(),
  event text NOT NULL,
  destination text,
  key text,
  payload jsonb,
  headers jsonb,
  consumer text NOT NULL DEFAULT '${RELAY}',
  state text NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'done', 'dead', 'read')),
  attempts integer NOT NULL DEFAULT 0,
  next_at timestamptz NOT NULL DEFAULT now(),
  added_at timestamptz NOT NULL DEFAULT now(),
  error text
);
CREATE INDEX IF NOT EXISTS ${quotedIndex(name, 'due')} ON ${table} (consumer, position) WHERE state = 'waiting';
CREATE INDEX IF NOT EXISTS ${quotedIndex(name, 'key')} ON ${table} (consumer, key, position) WHERE state = 'waiting' AND key IS NOT NULL;
CREATE INDEX IF NOT EXISTS ${quotedIndex(name, 'dead')} ON ${table} (consumer, position) WHERE state = 'dead';`;
    this.add = `INSERT INTO ${table} (event_id, event, destination, key, payload, headers, consumer)
SELECT $1, $2, $3, $4, $5::jsonb, $6::jsonb, consumer FROM unnest($7::text[]) AS consumer`;
    this.extend = `UPDATE ${table} SET next_at = now() + $1 * interval '1 ms'
WHERE position = ANY($2::bigint[]) AND state = $3 AND next_at > now()`;
    this.remove = `DELETE FROM ${table} WHERE ${own}`;
    this.done = `UPDATE ${table} SET state = $4, error = NULL WHERE ${own}`;
    this.fail = `UPDATE ${table} SET state = $4, next_at = now() + $5 * interval '1 ms', error = $6 WHERE ${own}`;
    this.replay = `UPDATE ${table} SET state = 'waiting', attempts = 0, next_at = now(), headers = $2::jsonb
WHERE position = $1 AND state IN ('dead', 'read')`;
  }

  /** Takes rows: $1 consumer, $2 lease in ms, $3 how many. Of one key only the first row that waits is due. */
  take(state: 'waiting' | 'dead'): string {
    const { table } = this;
    const first =
      state === 'dead'
        ? ''
        : `AND (due.key IS NULL OR NOT EXISTS (
    SELECT FROM ${table} AS earlier WHERE earlier.consumer = due.consumer AND earlier.key = due.key
      AND earlier.state = 'waiting' AND earlier.position < due.position))`;
    return `WITH taken AS MATERIALIZED (
  SELECT position FROM ${table} AS due WHERE consumer = $1 AND state = '${state}' AND next_at <= now() ${first}
  ORDER BY position LIMIT $3 FOR UPDATE SKIP LOCKED)
UPDATE ${table} AS row SET attempts = row.attempts + 1, next_at = now() + $2 * interval '1 ms'
FROM taken WHERE row.position = taken.position RETURNING row.*`;
  }
}

/** PostgreSQL cuts identifiers off at 63 bytes: two indexes of a longer name would become one. */
const MOST_NAME = 56;

function quoted(name: string): string {
  const parts = name.split('.');
  const fits = parts.length <= 2 && parts.every((part) => /^[\p{L}_][\p{L}\p{N}_$]*$/u.test(part));
  if (!fits || Buffer.byteLength(parts.at(-1)!) > MOST_NAME)
    throw new TypeError(
      `outbox: table: ${JSON.stringify(name)} is no name of a table, as in "outbox" or "shop.outbox"`,
    );
  return parts.map((part) => `"${part}"`).join('.');
}

function quotedIndex(name: string, suffix: string): string {
  return `"${name.split('.').at(-1)}_${suffix}"`;
}
