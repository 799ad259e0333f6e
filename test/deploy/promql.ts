/** A metric as a query names it, with the labels that it selects or groups by. */
export interface MetricUse {
  readonly metric: string;
  readonly labels: readonly string[];
}

export interface QueryNames {
  readonly metrics: readonly MetricUse[];
  /** Labels of `by (…)`, `on (…)` and their like. */
  readonly groupedBy: readonly string[];
}

const TOKEN =
  /(?<space>\s+)|(?<string>"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')|(?<duration>\d+(?:\.\d+)?(?:ms|[smhdwy])\b)|(?<number>\d+(?:\.\d+)?)|(?<name>[a-zA-Z_:$][\w:$]*)|(?<sign>=~|!~|!=|==|>=|<=|[-+*/%^(){}[\],=<>:])/uy;

const GROUPING = new Set(['by', 'without', 'on', 'ignoring', 'group_left', 'group_right']);
const WORDS = new Set(['and', 'or', 'unless', 'offset', 'bool']);

interface Token {
  readonly kind: string;
  readonly text: string;
}

/** The names in a query of Prometheus. Throws where something is no token of it, or a bracket stays open. */
export function namesIn(query: string): QueryNames {
  const tokens = tokensOf(query);
  const metrics: MetricUse[] = [];
  const groupedBy: string[] = [];
  for (let at = 0; at < tokens.length; at++) {
    const { kind, text } = tokens[at]!;
    if (text === '[') at = closing(tokens, at, ']');
    if (kind !== 'name' || WORDS.has(text)) continue;
    if (GROUPING.has(text)) {
      const end = closing(tokens, at + 1, ')');
      groupedBy.push(...namesOf(tokens.slice(at + 1, end)));
      at = end;
    } else if (tokens[at + 1]?.text === '{') {
      const end = closing(tokens, at + 1, '}');
      metrics.push({ metric: text, labels: namesOf(tokens.slice(at + 1, end)) });
      at = end;
    } else if (tokens[at + 1]?.text !== '(' && !GROUPING.has(tokens[at + 1]?.text ?? '')) {
      metrics.push({ metric: text, labels: [] });
    }
  }
  return { metrics, groupedBy };
}

function tokensOf(query: string): Token[] {
  const tokens: Token[] = [];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < query.length) {
    const from = TOKEN.lastIndex;
    const match = TOKEN.exec(query);
    if (match === null) throw new Error(`No PromQL from ${JSON.stringify(query.slice(from, from + 20))}`);
    const [kind] = Object.entries(match.groups!).find(([, text]) => text !== undefined)!;
    if (kind !== 'space') tokens.push({ kind, text: match[0] });
  }
  return tokens;
}

function closing(tokens: readonly Token[], from: number, sign: string): number {
  const at = tokens.findIndex(({ text }, index) => index >= from && text === sign);
  if (at < 0) throw new Error(`A bracket stays open before ${sign}`);
  return at;
}

function namesOf(tokens: readonly Token[]): string[] {
  return tokens.filter(({ kind }) => kind === 'name').map(({ text }) => text);
}
