/** What the shop tells a service's process. */
export type Command =
  | { readonly id: number; readonly faults: readonly string[] }
  | { readonly id: number; readonly replay: true }
  | { readonly id: number; readonly stop: true };

/** What a service's process answers. */
export type Said =
  | { readonly ready: true; readonly url: string | null }
  | ({ readonly done: number } & Outcome);

/** What came of a command. */
export interface Outcome {
  /** Dead letters that were sent again. */
  readonly replayed?: number;
  /** Why it could not be done. */
  readonly error?: string;
}

/** Environment variables that say what a process is. */
export const ENV = {
  service: 'SHOP_SERVICE',
  transport: 'SHOP_TRANSPORT',
  url: 'SHOP_TRANSPORT_URL',
  endpoint: 'SHOP_UPSHOT',
  token: 'UPSHOT_TOKEN',
  webhook: 'SHOP_WAREHOUSE_API',
  faults: 'SHOP_FAULTS',
  port: 'SHOP_PORT',
} as const;
