import { type ComponentType, type FunctionComponent, type ReactNode, useEffect, useState } from 'react';

/** A component whose code is loaded when it is first shown, or before. */
export type Later<Props> = FunctionComponent<Props> & { preload(): Promise<void> };

/**
 * Splits code without Suspense, which holds back what is there for 300 ms at each boundary so that fallbacks do not flicker: two of them, one in
 * the other, were most of the time to the first graph.
 */
export function later<Props extends object>(
  load: () => Promise<ComponentType<Props>>,
  waiting: ReactNode = null,
): Later<Props> {
  let loaded: ComponentType<Props> | null = null;
  let loading: Promise<void> | null = null;
  const preload = () => {
    loading ??= load().then(
      (component) => {
        loaded = component;
      },
      (error: unknown) => {
        loading = null;
        throw error;
      },
    );
    return loading;
  };
  function Loaded(props: Props) {
    const [state, setState] = useState<'waiting' | 'there' | 'failed'>(loaded ? 'there' : 'waiting');
    useEffect(() => {
      if (loaded) return;
      preload().then(
        () => setState('there'),
        () => setState('failed'),
      );
    }, []);
    const Component = loaded;
    if (Component) return <Component {...props} />;
    if (state !== 'failed') return waiting;
    return (
      <div className="notice" role="alert">
        <h2>This part of the page could not be loaded</h2>
        <p className="quiet">
          Upshot does not answer, or was replaced by another version: load the page anew.
        </p>
      </div>
    );
  }
  return Object.assign(Loaded, { preload });
}
