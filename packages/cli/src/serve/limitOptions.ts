import { parseDuration } from '@upshot/api-contract';
import type { AskLimits, ServerOptions } from '@upshot/server';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { CliError } from '../CliError.js';
import { envOf } from './envOf.js';

type ReceiverLimits = NonNullable<ServerOptions['receiverLimits']>;

/** How a limit is written. */
type Unit = 'size' | 'count' | 'time' | 'seconds';

type LimitOption = {
  readonly name: string;
  readonly unit: Unit;
  readonly text: string;
  /** As a person writes it. A test holds it against the default of the limit itself. */
  readonly fallback: string;
} & ({ readonly receiver: keyof ReceiverLimits } | { readonly ask: keyof AskLimits });

/** Everything that a sender, or somebody who asks, could otherwise have without end. */
export const LIMIT_OPTIONS: readonly LimitOption[] = [
  {
    name: 'max-body',
    unit: 'size',
    receiver: 'bodyBytes',
    fallback: '16MiB',
    text: 'a request body as sent',
  },
  {
    name: 'max-inflated-body',
    unit: 'size',
    receiver: 'inflatedBytes',
    fallback: '64MiB',
    text: 'a request body once inflated, where inflating stops',
  },
  {
    name: 'max-in-flight',
    unit: 'size',
    receiver: 'inFlightBytes',
    fallback: '96MiB',
    text: 'all requests that are being read, inflated or stored',
  },
  {
    name: 'max-request-spans',
    unit: 'count',
    receiver: 'spansPerRequest',
    fallback: '1000000',
    text: 'spans of a request, with its resources and scopes',
  },
  {
    name: 'max-request-records',
    unit: 'count',
    receiver: 'recordsPerRequest',
    fallback: '100000',
    text: 'event records of a request, or its lines',
  },
  {
    name: 'max-json-values',
    unit: 'count',
    receiver: 'jsonNodes',
    fallback: '3000000',
    text: 'lists and objects in a JSON body',
  },
  {
    name: 'max-attributes',
    unit: 'count',
    receiver: 'attributesPerSpan',
    fallback: '1024',
    text: 'attributes of a span; the rest is cut and marked',
  },
  {
    name: 'max-attribute-length',
    unit: 'size',
    receiver: 'attributeBytes',
    fallback: '64KiB',
    text: 'the value of an attribute of a span, a log record, an event record; longer ones are cut and marked',
  },
  {
    name: 'max-attribute-depth',
    unit: 'count',
    receiver: 'attributeDepth',
    fallback: '32',
    text: 'levels of lists and maps in an attribute (at most 32); deeper, and the span is refused',
  },
  {
    name: 'max-events',
    unit: 'count',
    receiver: 'eventsPerSpan',
    fallback: '4096',
    text: 'events of a span; the rest is cut and marked',
  },
  {
    name: 'max-links',
    unit: 'count',
    receiver: 'linksPerSpan',
    fallback: '16384',
    text: 'links of a span; the rest is cut and marked',
  },
  {
    name: 'max-resource',
    unit: 'size',
    receiver: 'sourceBytes',
    fallback: '64KiB',
    text: 'a resource with a scope; the spans of a larger one are refused',
  },
  {
    name: 'max-record-text',
    unit: 'size',
    receiver: 'recordTextBytes',
    fallback: '1KiB',
    text: 'an ID or name of an event record; a record with a longer one is refused',
  },
  {
    name: 'max-record-depth',
    unit: 'count',
    receiver: 'recordDepth',
    fallback: '32',
    text: 'levels of lists and maps in an event record; a deeper one is refused',
  },
  {
    name: 'max-connections',
    unit: 'count',
    receiver: 'connections',
    fallback: '4096',
    text: 'connections on each port for telemetry',
  },
  {
    name: 'max-streams',
    unit: 'count',
    receiver: 'streamsPerConnection',
    fallback: '256',
    text: 'requests at once on a gRPC connection',
  },
  {
    name: 'headers-timeout',
    unit: 'time',
    receiver: 'headersTimeoutMs',
    fallback: '10s',
    text: 'for the headers of a request to arrive',
  },
  {
    name: 'request-timeout',
    unit: 'time',
    receiver: 'requestTimeoutMs',
    fallback: '60s',
    text: 'for a whole request to arrive',
  },
  {
    name: 'idle-timeout',
    unit: 'time',
    receiver: 'idleTimeoutMs',
    fallback: '75s',
    text: 'for a connection without a request',
  },
  {
    name: 'retry-after',
    unit: 'seconds',
    receiver: 'retryAfterSeconds',
    fallback: '1s',
    text: 'what a sender that is turned away is told to wait',
  },
  { name: 'answer-timeout', unit: 'time', ask: 'timeoutMs', fallback: '20s', text: 'for an answer' },
  {
    name: 'max-answer-rows',
    unit: 'count',
    ask: 'maxRows',
    fallback: '1500000',
    text: 'spans and records that an answer may read',
  },
  { name: 'max-questions', unit: 'count', ask: 'concurrent', fallback: '16', text: 'questions at a time' },
  {
    name: 'max-waiting-questions',
    unit: 'count',
    ask: 'waiting',
    fallback: '256',
    text: 'questions that may wait; more are turned away',
  },
  {
    name: 'max-waiting-large-answers',
    unit: 'count',
    ask: 'largeWaiting',
    fallback: '3',
    text: 'large answers that may wait for another; more are turned away',
  },
];

const UNIT_BYTES: Readonly<Record<string, number>> = { '': 1, KiB: 1024, MiB: 1024 ** 2, GiB: 1024 ** 3 };
const PLACEHOLDER: Readonly<Record<Unit, string>> = {
  size: 'size',
  count: 'n',
  time: 'duration',
  seconds: 'duration',
};

export function addLimitOptions(command: Command): void {
  for (const { name, unit, text, fallback } of LIMIT_OPTIONS) {
    command.addOption(
      new Option(`--${name} <${PLACEHOLDER[unit]}>`, text)
        .env(envOf(name))
        .default(parsedLimit(unit, fallback), fallback)
        .argParser((given) => {
          const value = parsedLimit(unit, given);
          if (value === null) throw new InvalidArgumentError(`--${name} is ${EXAMPLE[unit]}.`);
          return value;
        })
        .helpGroup('Limits:'),
    );
  }
}

/** The limits among the options of `serve`, as Commander names them. Throws `CliError` where two do not go together. */
export function limitsOf(
  options: Readonly<Record<string, unknown>>,
): Required<Pick<ServerOptions, 'receiverLimits' | 'askLimits'>> {
  const receiver: Record<string, number> = {};
  const ask: Record<string, number> = {};
  for (const option of LIMIT_OPTIONS) {
    const value = options[camel(option.name)];
    if (typeof value !== 'number') continue;
    if ('receiver' in option) receiver[option.receiver] = value;
    else ask[option.ask] = value;
  }
  const { bodyBytes = 0, inflatedBytes = 0, inFlightBytes = Number.POSITIVE_INFINITY } = receiver;
  if (inFlightBytes < Math.max(bodyBytes, inflatedBytes))
    throw new CliError(
      '--max-in-flight must hold the largest request: raise it, or lower --max-body and --max-inflated-body',
    );
  return { receiverLimits: receiver, askLimits: ask };
}

const EXAMPLE: Readonly<Record<Unit, string>> = {
  size: 'a number of bytes such as 65536, 64KiB or 16MiB, and more than 0',
  count: 'a whole number from 1 to 1000000000',
  time: 'a duration such as 500ms, 10s or 2m, at most a day',
  seconds: 'a duration of whole seconds such as 1s or 1m, at most a day',
};

/** Bytes, a count, milliseconds or seconds; null where the text says none. */
export function parsedLimit(unit: Unit, text: string): number | null {
  if (unit === 'size') {
    const match = /^([0-9]{1,12})(|KiB|MiB|GiB)$/.exec(text);
    const bytes = match === null ? 0 : Number(match[1]) * UNIT_BYTES[match[2]!]!;
    return bytes > 0 && bytes <= 64 * UNIT_BYTES.GiB! ? bytes : null;
  }
  if (unit === 'count') {
    const count = /^[0-9]{1,10}$/.test(text) ? Number(text) : 0;
    return count > 0 && count <= 1_000_000_000 ? count : null;
  }
  const millis = Number((parseDuration(text) ?? 0n) / 1_000_000n);
  if (millis < 1 || millis > 86_400_000) return null;
  if (unit === 'time') return millis;
  return millis % 1000 === 0 ? millis / 1000 : null;
}

function camel(name: string): string {
  return name.replaceAll(/-([a-z])/g, (_all, letter: string) => letter.toUpperCase());
}
