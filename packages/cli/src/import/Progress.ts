import type { Terminal } from '../terminal/Terminal.js';

const EVERY_MS = 100;
const CLEAR_LINE = '\r\u001b[K';

/** One line that changes, where a person watches; nothing where nobody does. */
export class Progress {
  private shownAt = Number.NEGATIVE_INFINITY;
  private visible = false;

  constructor(private readonly terminal: Terminal) {}

  show(text: string): void {
    const now = performance.now();
    if (!this.terminal.interactive || now - this.shownAt < EVERY_MS) return;
    this.shownAt = now;
    this.visible = true;
    this.terminal.err(`${CLEAR_LINE}${text}`);
  }

  clear(): void {
    if (this.visible) this.terminal.err(CLEAR_LINE);
    this.visible = false;
  }
}
