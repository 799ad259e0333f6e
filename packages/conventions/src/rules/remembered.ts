/** What is remembered of names that senders chose: enough for every real vocabulary, and no sender can fill the memory. */
const MOST = 10_000;

/** The same function, which works out each text once; beyond so many different texts it works out the rest every time. */
export function remembered<Value>(work: (text: string) => Value): (text: string) => Value {
  const known = new Map<string, Value>();
  return (text) => {
    const before = known.get(text);
    if (before !== undefined) return before;
    const value = work(text);
    if (known.size < MOST) known.set(text, value);
    return value;
  };
}
