/** Where blocks go: a table, and the columns that the blocks hold, in their order. */
export interface InsertTarget {
  readonly table: string;
  readonly columns: string;
  /** Columns with their types, as ClickHouse's `structure` argument wants them. */
  readonly structure: string;
}

export function insertTarget(
  table: string,
  columns: readonly (readonly [name: string, type: string])[],
): InsertTarget {
  return {
    table,
    columns: columns.map(([name]) => name).join(', '),
    structure: columns.map(([name, type]) => `${name} ${type}`).join(', '),
  };
}
