import { isIPv4, isIPv6 } from 'node:net';

/** Whether an address to listen on, or a host that a request names, is this machine for itself alone. */
export function isLoopback(host: string): boolean {
  const name = host
    .toLowerCase()
    .replace(/^\[(.*)\]$/, '$1')
    .replace(/\.$/, '');
  if (isIPv4(name)) return name.startsWith('127.');
  if (isIPv6(name)) return name === '::1' || /^::ffff:127\./.test(name);
  return name === 'localhost' || name.endsWith('.localhost');
}

/** The host of a `Host` header without its port; null where it is no host. */
export function hostOf(header: string | undefined): string | null {
  const match = /^(\[[0-9a-f:.]+\]|[^:/@\s]+)(?::[0-9]{1,5})?$/i.exec(header ?? '');
  return match?.[1] ?? null;
}
