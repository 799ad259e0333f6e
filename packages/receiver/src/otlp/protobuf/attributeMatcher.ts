import {
  ATTRIBUTES,
  IDS_OR_OFFSETS,
  KEY_CONCEPTS,
  type KeyConcept,
  LOG_ATTRIBUTES,
} from '@upshot/conventions';

/** What the receiver does with the value of an attribute that it knows. */
export const Role = {
  none: 0,
  /** Keyed by itself. */
  eventId: 1,
  correlationId: 2,
  causationId: 3,
  /** Part of a broker position: kept in a slot until the span has been read. */
  destination: 4,
  partition: 5,
  offset: 6,
  /** Of resources alone. */
  service: 7,
  /** One key with two meanings by the version of its library: keyed as both. */
  correlationOrCausationId: 8,
  /** Of log records alone: it tells of an exception. */
  exception: 9,
} as const;
export type Role = (typeof Role)[keyof typeof Role];

const ROLES = {
  eventId: Role.eventId,
  correlationId: Role.correlationId,
  causationId: Role.causationId,
  destination: Role.destination,
  partition: Role.partition,
  offset: Role.offset,
} as const satisfies Record<KeyConcept, Role>;

/**
 * One known attribute key. Possible parts of a position have a slot of their own, so that the last value of a repeated key wins; those of IDs that
 * are nothing but IDs are used at once.
 */
export interface KnownKey {
  readonly bytes: Uint8Array;
  readonly role: Role;
  readonly slot: number;
}

/** Slots are counted in a bit set, which must fit a small integer. */
const MAX_SLOTS = 30;
/** The slot of a value that is used at once and kept for nothing. */
export const AT_ONCE = 31;

const TABLE_SIZE = 1024;

/**
 * Recognises attribute keys by their bytes. Compiled from the one vocabulary table, so that what interpretation reads as an
 * ID and what ingest keys cannot drift apart.
 */
export class AttributeMatcher {
  /** Role and slot of the key that `match` returned, by its number. Number 0 is "none of them". */
  readonly roles: Uint8Array;
  readonly slots: Uint8Array;
  /** Slots that may hold a part of a position, as bit sets. */
  readonly destinationSlots: number;
  readonly partitionSlots: number;
  readonly offsetSlots: number;
  /** Slots of event IDs: one that is a number may be an offset, too. */
  readonly eventIdSlots: number;
  private readonly keys: readonly Uint8Array[];
  /** Hash of a key's length and three of its bytes → the first key with it; `next` chains those that share one. */
  private readonly first = new Uint8Array(TABLE_SIZE);
  private readonly next: Uint8Array;

  constructor(known: readonly KnownKey[] = knownKeys()) {
    this.keys = [new Uint8Array(0), ...known.map((key) => key.bytes)];
    this.roles = Uint8Array.from([Role.none, ...known.map((key) => key.role)]);
    this.slots = Uint8Array.from([AT_ONCE, ...known.map((key) => key.slot)]);
    this.next = new Uint8Array(this.keys.length);
    for (let i = 1; i < this.keys.length; i++) {
      const key = this.keys[i]!;
      const hash = hashOf(key, 0, key.length);
      this.next[i] = this.first[hash]!;
      this.first[hash] = i;
    }
    const slotsOf = (role: Role): number =>
      known.reduce(
        (set, key) => (key.role === role && key.slot !== AT_ONCE ? set | (1 << key.slot) : set),
        0,
      );
    this.destinationSlots = slotsOf(Role.destination);
    this.partitionSlots = slotsOf(Role.partition);
    this.offsetSlots = slotsOf(Role.offset);
    this.eventIdSlots = slotsOf(Role.eventId);
  }

  /** The number of the known key that `bytes[start, end)` is, or 0. */
  match(bytes: Uint8Array, start: number, end: number): number {
    const length = end - start;
    if (length < 4) return 0;
    for (let i = this.first[hashOf(bytes, start, length)]!; i !== 0; i = this.next[i]!) {
      const key = this.keys[i]!;
      if (key.length !== length) continue;
      let at = 0;
      while (at < length && key[at] === bytes[start + at]) at++;
      if (at === length) return i;
    }
    return 0;
  }
}

function hashOf(bytes: Uint8Array, start: number, length: number): number {
  const last = bytes[start + length - 1]!;
  const third = bytes[start + length - 3]!;
  const middle = bytes[start + (length >> 1)]!;
  return (length ^ (last << 2) ^ (third << 4) ^ (middle << 5)) & (TABLE_SIZE - 1);
}

function knownKeys(): KnownKey[] {
  const roles = new Map<string, Role>();
  for (const concept of KEY_CONCEPTS) {
    for (const key of ATTRIBUTES[concept]) roles.set(key, both(roles.get(key), ROLES[concept], key));
  }
  for (const key of ATTRIBUTES.service) roles.set(key, Role.service);
  let slot = 0;
  const known = [...roles].map(([key, role]): KnownKey => {
    const isPart = role >= Role.destination && role <= Role.offset;
    const hasSlot = isPart || (role === Role.eventId && IDS_OR_OFFSETS.includes(key));
    return { bytes: Buffer.from(key), role, slot: hasSlot ? slot++ : AT_ONCE };
  });
  if (slot > MAX_SLOTS || known.length > 254) throw new Error('the vocabulary outgrew the attribute matcher');
  return known;
}

function both(known: Role | undefined, role: Role, key: string): Role {
  if (known === undefined) return role;
  if (known === Role.correlationId && role === Role.causationId) return Role.correlationOrCausationId;
  throw new Error(`the vocabulary says of ${key} that it means two things that can't be keyed together`);
}

/** What is looked for in log records: all that is in spans, the plain names under which loggers put IDs, and what tells of an exception. */
export function knownLogKeys(): KnownKey[] {
  const known = knownKeys();
  const add = (keys: readonly string[], role: Role): void => {
    for (const key of keys) known.push({ bytes: Buffer.from(key), role, slot: AT_ONCE });
  };
  add(LOG_ATTRIBUTES.eventId, Role.eventId);
  add(LOG_ATTRIBUTES.correlationId, Role.correlationId);
  add(LOG_ATTRIBUTES.causationId, Role.causationId);
  add(LOG_ATTRIBUTES.exception, Role.exception);
  return known;
}
