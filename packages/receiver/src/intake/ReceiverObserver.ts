import type { RefusalCode } from '../otlp/Refusals.js';

export type Transport = 'http' | 'grpc';
export type Signal = 'traces' | 'logs' | 'events' | 'none';

/** What the receiver tells whoever counts. All calls are synchronous, after the fact, and must not throw. */
export interface ReceiverObserver {
  /** A request was answered. `code`: HTTP status or gRPC code. `bodyBytes`: as sent. */
  request?(request: {
    readonly transport: Transport;
    readonly signal: Signal;
    readonly code: number;
    readonly bodyBytes: number;
    readonly seconds: number;
  }): void;
  /** Spans of an acknowledged request: `accepted` are durable. */
  spans?(accepted: number, refused: ReadonlyMap<RefusalCode, number>): void;
  /** Log records of an acknowledged request: `accepted` are durable. */
  logs?(accepted: number, refused: ReadonlyMap<RefusalCode, number>): void;
  /** Event records and CloudEvents of an acknowledged request. */
  records?(accepted: number, rejected: number): void;
  /** Something failed that should not. */
  error?(error: unknown): void;
}
