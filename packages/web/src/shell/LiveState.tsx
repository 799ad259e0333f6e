import { createContext, type ReactNode, useContext, useEffect, useState } from 'react';

/** Whether what is shown follows what happens. `since`: milliseconds of the page's clock at which it was last known to. */
export type Live =
  | { readonly kind: 'live' }
  | { readonly kind: 'lost'; readonly since: number }
  | { readonly kind: 'still' };

const State = createContext<{ live: Live; set(live: Live): void }>({
  live: { kind: 'still' },
  set: () => {},
});

export function LiveProvider({ children }: { readonly children: ReactNode }) {
  const [live, set] = useState<Live>({ kind: 'still' });
  return <State value={{ live, set }}>{children}</State>;
}

/** What the bar says; pages set it while they are shown. `isLive` null: this page does not follow anything. */
export function useSetLive(isLive: boolean | null): void {
  const { set } = useContext(State);
  useEffect(() => {
    set(
      isLive === null ? { kind: 'still' } : isLive ? { kind: 'live' } : { kind: 'lost', since: Date.now() },
    );
  }, [isLive, set]);
  useEffect(() => () => set({ kind: 'still' }), [set]);
}

export function LiveSign() {
  const { live } = useContext(State);
  const [now, setNow] = useState(Date.now());
  const isLost = live.kind === 'lost';
  useEffect(() => {
    if (!isLost) return;
    setNow(Date.now());
    const timer = setInterval(() => setNow(Date.now()), 1000);
    return () => clearInterval(timer);
  }, [isLost]);
  if (live.kind === 'still') return null;
  if (live.kind === 'live')
    return (
      <span className="live" role="status">
        <span className="live-dot" />
        <span>Live</span>
      </span>
    );
  const seconds = Math.max(0, Math.round((now - live.since) / 1000));
  return (
    <span className="live lost" role="status">
      <span className="live-dot" />
      <span>Reconnecting, {seconds} s old</span>
    </span>
  );
}
