import { diag } from '@opentelemetry/api';

/** Faults that are told: each sentence once, and never more of them than this. */
const MOST_TOLD = 100;
const told = new Set<string>();

/** Telemetry never breaks what it watches: what is thrown in here is told to OpenTelemetry's `diag`, once, and `instead` is the result. */
export function quietly<Result>(work: () => Result, instead: Result): Result {
  try {
    return work();
  } catch (error) {
    tellFault(error);
    return instead;
  }
}

export function tellFault(error: unknown): void {
  try {
    const sentence = error instanceof Error ? error.message : String(error);
    if (told.has(sentence) || told.size >= MOST_TOLD) return;
    told.add(sentence);
    diag.warn(`upshot: telemetry was lost, the application is not affected: ${sentence}`);
  } catch {
    // Neither an error that can't be read nor a logger that throws may reach the application.
  }
}
