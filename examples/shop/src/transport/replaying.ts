import type { Transport as OnTheWire, Upshot } from '@upshot/sdk';

/** A dead letter that is about to be sent again. */
export interface DeadLetter {
  readonly wire: OnTheWire;
  /** Where it lies. */
  readonly place: string;
  /** Who gave it up. */
  readonly consumer: string;
  readonly headers: Readonly<Record<string, unknown>>;
}

/** Sends a dead letter again, as the work of one who reads dead letters: so it is known whose it was, and that this is a replay. */
export function replaying(
  upshot: Upshot,
  { wire, place, consumer, headers }: DeadLetter,
  send: () => Promise<unknown>,
): Promise<void> {
  const reception = {
    transport: wire,
    headers,
    destination: place,
    consumer: `${consumer}.dead`,
    step: 'replay-dead-letter',
  };
  return upshot.process(reception, async () => void (await send()));
}
