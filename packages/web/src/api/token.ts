const KEY = 'upshot.token';
let wanted = false;
const listeners = new Set<() => void>();

/** The token of this tab; null where none was given. It is gone with the tab. */
export function readToken(): string | null {
  return sessionStorage.getItem(KEY);
}

export function keepToken(token: string): void {
  sessionStorage.setItem(KEY, token);
  tell(false);
}

/** The server wants a token, or another one. */
export function forgetToken(): void {
  sessionStorage.removeItem(KEY);
  tell(true);
}

/** Whether the server asked for a token that it did not get. */
export function isTokenWanted(): boolean {
  return wanted;
}

export function onTokenWanted(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function tell(isWanted: boolean): void {
  wanted = isWanted;
  for (const listener of listeners) listener();
}
