import { Counter, Histogram, type Registry } from 'prom-client';

const SECONDS = [0.01, 0.025, 0.05, 0.1, 0.2, 0.4, 0.8, 1.6, 3.2, 6.4, 12.8, 25.6];

/** One step of the background. */
export interface SettledTick {
  readonly seconds: number;
  readonly workflows: number;
  /** null where it went well. */
  readonly error: unknown;
}

/** Measures how the background keeps up. */
export function rollUpObserver(registers: Registry[]): (tick: SettledTick) => void {
  const seconds = new Histogram({
    name: 'upshot_roll_up_tick_seconds',
    help: 'Steps in which what arrived is assembled, noted and counted.',
    buckets: SECONDS,
    registers,
  });
  const ticks = new Counter({
    name: 'upshot_roll_up_ticks_total',
    help: 'These steps, by how they ended: done, failed.',
    labelNames: ['result'],
    registers,
  });
  const workflows = new Counter({
    name: 'upshot_roll_up_workflows_total',
    help: 'Workflows noted; one that changes is noted again.',
    registers,
  });
  for (const result of ['done', 'failed']) ticks.inc({ result }, 0);
  return (tick) => {
    seconds.observe(tick.seconds);
    ticks.inc({ result: tick.error === null ? 'done' : 'failed' });
    workflows.inc(tick.workflows);
  };
}
