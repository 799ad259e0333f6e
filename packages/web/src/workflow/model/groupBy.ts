/** Values by a key, in the order in which the keys were first met. (`Map.groupBy` is newer than the oldest Node that runs the tests.) */
export function groupBy<Value>(values: Iterable<Value>, key: (value: Value) => string): Map<string, Value[]> {
  const groups = new Map<string, Value[]>();
  for (const value of values) push(groups, key(value), value);
  return groups;
}

/** Adds a value to the list of its key. */
export function push<Value>(groups: Map<string, Value[]>, key: string, value: Value): void {
  const group = groups.get(key);
  if (group) group.push(value);
  else groups.set(key, [value]);
}
