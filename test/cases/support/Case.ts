import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Rules } from '@upshot/conventions';
import { parseConventionsText } from '@upshot/conventions-file';
import type { ExpectedAsk } from './Expected.js';
import { logRequestsOf } from './logRequestsOf.js';
import { type OtlpJson, type SpanUnit, spanUnitsOf } from './SpanUnit.js';

/** A folder of `cases/`: telemetry in, and what the answers must say. */
export interface Case {
  readonly name: string;
  /** The spans of input.otlp.json, each with its resource and scope, in the order of the file. */
  readonly spans: readonly SpanUnit[];
  /** The lines of input.events.ndjson, in the order of the file. */
  readonly records: readonly string[];
  /** The events of input.cloudevents.json, in the order of the file. */
  readonly cloudEvents: readonly unknown[];
  /** The log records of input.logs.json, each an ExportLogsServiceRequest of its own, in the order of the file. */
  readonly logs: readonly unknown[];
  /** The path of conventions.yaml, where the case has conventions. */
  readonly conventionsFile: string | null;
  readonly conventions: Rules | null;
  /** The clock at which is asked. */
  readonly nowUnixNano: bigint;
  readonly asks: readonly ExpectedAsk[];
  /** The keys of all workflows that are listed, the newest first; null where the case leaves them open. */
  readonly listed: readonly string[] | null;
}

interface ExpectedFile {
  readonly nowUnixNano: string;
  readonly asks: readonly ExpectedAsk[];
  readonly listed?: readonly string[];
}

const CONVENTIONS = 'conventions.yaml';
const CASES = resolve(import.meta.dirname, '../../../cases');

/** Every case of the repository, by name. */
export function readCases(): Case[] {
  return readdirSync(CASES, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => readCase(join(CASES, name), name))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

function readCase(folder: string, name: string): Case {
  const text = (file: string): string | null =>
    existsSync(join(folder, file)) ? readFileSync(join(folder, file), 'utf8') : null;
  const spans = text('input.otlp.json');
  const rules = text(CONVENTIONS);
  const cloudEvents = text('input.cloudevents.json');
  const logs = text('input.logs.json');
  const expected = JSON.parse(text('expected.json')!) as ExpectedFile;
  return {
    name,
    spans: spans === null ? [] : spanUnitsOf(JSON.parse(spans) as OtlpJson),
    records: (text('input.events.ndjson') ?? '').split('\n').filter((line) => line.trim() !== ''),
    cloudEvents: cloudEvents === null ? [] : (JSON.parse(cloudEvents) as unknown[]),
    logs: logs === null ? [] : logRequestsOf(JSON.parse(logs)),
    conventionsFile: rules === null ? null : join(folder, CONVENTIONS),
    conventions: rules === null ? null : parseConventionsText(rules, CONVENTIONS).rules,
    nowUnixNano: BigInt(expected.nowUnixNano),
    asks: expected.asks,
    listed: expected.listed ?? null,
  };
}
