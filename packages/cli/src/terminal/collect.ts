/** An option that may be given again. A variadic one would take the text to search for as one more value. */
export function collect(value: string, values: readonly string[]): string[] {
  return [...values, value];
}
