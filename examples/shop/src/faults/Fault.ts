import { isServiceName, SERVICE_NAMES, type ServiceName } from '../services/readers.js';

/** What can go wrong, and what the number behind `=` means. */
export const FAULT_KINDS = {
  slow: 'milliseconds that each event takes longer',
  fail: 'tries of each event that fail first',
  poison: null,
  'lose-headers': null,
  duplicate: null,
  skew: 'milliseconds that its clock is off',
  batch: 'events that are handled at once',
  vocabulary: null,
  down: null,
} as const satisfies Record<string, string | null>;

export type FaultKind = keyof typeof FAULT_KINDS;

/** Kinds that change how a service runs, and not what becomes of single orders. */
const OF_THE_PROCESS: ReadonlySet<FaultKind> = new Set(['skew', 'batch', 'vocabulary', 'down']);

/** Something that goes wrong at one service, for some orders or for all. */
export interface Fault {
  readonly kind: FaultKind;
  readonly service: ServiceName;
  /** 0 where the kind has none. */
  readonly amount: number;
  /** null: all. */
  readonly orders: readonly string[] | null;
}

const FORM = /^([a-z-]+)@([a-z]+)(?:=(-?\d{1,9}))?(?::(.+))?$/;

/**
 * A fault from its text: `fail@payments=2`, `poison@inventory:order_1004`, `down@mail`.
 * @throws TypeError with what is wrong with it
 */
export function parseFault(text: string): Fault {
  const [, kind = '', service = '', amount, orders] = FORM.exec(text.trim()) ?? [];
  if (!Object.hasOwn(FAULT_KINDS, kind)) {
    const kinds = Object.keys(FAULT_KINDS).join(', ');
    throw new TypeError(
      `fault ${JSON.stringify(text)} must look like fail@payments=2:order_1002, and be one of ${kinds}`,
    );
  }
  const known = kind as FaultKind;
  if (!isServiceName(service))
    throw new TypeError(`fault ${JSON.stringify(text)}: services are ${SERVICE_NAMES.join(', ')}`);
  const meaning = FAULT_KINDS[known];
  if ((meaning === null) !== (amount === undefined)) {
    const how = meaning === null ? 'takes no number' : `wants a number: ${meaning}`;
    throw new TypeError(`fault ${JSON.stringify(text)}: ${known} ${how}`);
  }
  if (orders !== undefined && OF_THE_PROCESS.has(known))
    throw new TypeError(
      `fault ${JSON.stringify(text)}: ${known} is of a whole service, not of single orders`,
    );
  return {
    kind: known,
    service,
    amount: Number(amount ?? 0),
    orders: orders === undefined ? null : orders.split(','),
  };
}

/** The text that `parseFault` reads. */
export function faultText({ kind, service, amount, orders }: Fault): string {
  const number = FAULT_KINDS[kind] === null ? '' : `=${amount}`;
  return `${kind}@${service}${number}${orders === null ? '' : `:${orders.join(',')}`}`;
}
