import { type Figures, rulesIdOf } from '@upshot/knowledge';
import type { HttpOptions } from '../http/HttpOptions.js';
import { FIGURES_NANO } from './fleetGauges.js';

/** Figures over the workflows that began in the last hour, found beside the main thread. Rejects with `AskError`. */
export async function askFigures(
  { asker, rollUp, clock, conventions }: Pick<HttpOptions, 'asker' | 'rollUp' | 'clock' | 'conventions'>,
  signal: AbortSignal,
): Promise<Figures> {
  const nowUnixNano = clock();
  const body = await asker.ask(
    {
      kind: 'figures',
      since: nowUnixNano - FIGURES_NANO,
      until: null,
      findingKind: null,
      rules: rulesIdOf(conventions()?.document),
      asOf: rollUp.asOfAt(nowUnixNano),
      sampledOneIn: rollUp.sampledOneIn,
      nowUnixNano,
    },
    signal,
  );
  return JSON.parse(new TextDecoder().decode(body!)) as Figures;
}
