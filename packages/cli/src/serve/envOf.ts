/** The variable from which an option is read as well. */
export function envOf(name: string): string {
  return `UPSHOT_${name.toUpperCase().replaceAll('-', '_')}`;
}
