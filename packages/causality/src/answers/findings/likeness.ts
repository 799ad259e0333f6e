/** More of a text distinguishes nothing that an operator would tell apart. */
const MOST_CHARACTERS = 200;

/**
 * A text without what differs from one workflow to the next: IDs, hashes, longer numbers. Numbers of up to three digits stay, for HTTP 503 is not HTTP 404.
 */
export function likeness(text: string): string {
  return text
    .replaceAll(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/gi, '…')
    .replaceAll(/[\p{L}\p{N}_-]*\p{N}{4,}[\p{L}\p{N}_-]*/gu, '…')
    .replaceAll(/\b(?=[a-f]*[0-9])[0-9a-f]{8,}\b/gi, '…')
    .slice(0, MOST_CHARACTERS);
}
