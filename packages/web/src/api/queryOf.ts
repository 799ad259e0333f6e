/** A query string of what is given; empty values are left out. */
export function queryOf(
  parameters: Readonly<Record<string, string | readonly string[] | null | undefined>>,
): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(parameters)) {
    for (const one of typeof value === 'string' ? [value] : (value ?? []))
      if (one !== '') query.append(name, one);
  }
  const text = query.toString();
  return text === '' ? '' : `?${text}`;
}
