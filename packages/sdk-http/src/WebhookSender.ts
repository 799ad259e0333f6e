import { upshot as processWide } from '@upshot/sdk';
import { BINARY, placeOf } from './HTTP.js';
import { headerSafe } from './headers.js';
import type { Delivered, SenderOptions, Webhook } from './SenderOptions.js';
import { Tries } from './Tries.js';

/**
 * Sends webhooks, and tries again what was not taken: one event, whichever try comes through. What waits here is lost with the process; where it must not
 * be, let the relay of an outbox send.
 */
export class WebhookSender {
  constructor(private readonly options: SenderOptions = {}) {}

  /**
   * @returns what each address answered that took it
   * @throws WebhookError for the first address that did not, once all are done, unless there is `onGivenUp`
   */
  async send(webhook: Webhook): Promise<Delivered[]> {
    const { upshot = processWide } = this.options;
    const urls = typeof webhook.to === 'string' ? [webhook.to] : webhook.to;
    const first = urls[0];
    if (first === undefined) throw new TypeError('webhook: name at least one address to send to');
    const { event, id, headers, resend } = webhook;
    const destination = headerSafe(webhook.destination ?? (urls.length === 1 ? placeOf(first) : event));
    const publication = { transport: BINARY, event, id, destination, headers, resend };
    const sending = upshot.open(publication);
    // It is published once it is taken over: what comes of it may take hours, and a crash would tell of nothing.
    sending.end();
    const tries = new Tries(this.options, webhook, sending, destination);
    const results = await Promise.allSettled(urls.map((url) => tries.at(url)));
    const failed = results.find((result) => result.status === 'rejected');
    if (failed !== undefined) throw failed.reason;
    return results.flatMap((result) =>
      result.status === 'fulfilled' && result.value !== null ? [result.value] : [],
    );
  }
}
