import type { EventRecord } from '../EventRecord.js';
import { quietly } from '../quietly.js';

/** Tells of a handler that outlives its time: a span is exported when it ends, and a crash exports none. */
export class Watch {
  private timer: NodeJS.Timeout | null = null;

  constructor(record: () => EventRecord | null, send: (record: EventRecord) => void, afterMs: number) {
    const tell = () =>
      quietly(() => {
        const made = record();
        if (made !== null) send(made);
      }, undefined);
    if (afterMs <= 0) tell();
    else {
      this.timer = setTimeout(tell, afterMs);
      this.timer.unref();
    }
  }

  stop(): void {
    if (this.timer !== null) clearTimeout(this.timer);
  }
}
