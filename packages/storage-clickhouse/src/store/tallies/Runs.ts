import type { Minute } from '@upshot/model';

const HOUR = 60;

/** Minutes from `since` to before `until`. */
export interface Range {
  readonly since: Minute;
  readonly until: Minute;
}

/** Hours that are read at a time: decoding a day of them takes some 20 ms, in which nothing else is done. */
const HOURS_A_READ = 24;

/** Hours to be read, so many at a time. Between those of one run there may be others in which there is nothing. */
export class Runs {
  readonly all: { since: Minute; until: Minute }[] = [];
  hours = 0;
  private inLast = 0;

  /** Later than all before. */
  add(hour: Minute): void {
    const last = this.all.at(-1);
    this.hours++;
    if (last === undefined || this.inLast === 0 || this.inLast === HOURS_A_READ) {
      this.all.push({ since: hour, until: hour + HOUR });
      this.inLast = 1;
      return;
    }
    last.until = hour + HOUR;
    this.inLast++;
  }

  /** What comes next must not be read with what is there. */
  end(): void {
    this.inLast = 0;
  }
}
