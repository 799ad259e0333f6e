import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { renderWorkflowMarkdown, renderWorkflowMermaid } from '../src/index.js';
import { arbitraryGraph } from './arbitraryGraph.js';
import { orderGraph } from './orderGraph.js';

/** Any text, most of it with what Mermaid, Markdown or HTML take for their own. */
const HOSTILE = fc.string({
  unit: fc.oneof(
    fc.constantFrom(...'`"[]()#*_<>&|;\n-'),
    fc.string({ unit: 'grapheme', minLength: 1, maxLength: 1 }),
  ),
});
const NOW = 1_795_467_300_000_000_000n;

describe('a workflow as Mermaid', () => {
  it('has a box for each event, delivery and business step, and an edge for each cause between them', () => {
    const graph = orderGraph();
    const text = renderWorkflowMermaid(graph);
    for (const { eventName } of graph.events) expect(text).toContain(eventName);
    for (const { consumer, status } of graph.deliveries) expect(text).toContain(`${consumer}: ${status}`);
    expect(text).toMatch(/ --> /);
  });

  it('holds nothing of the telemetry but within its labels', () => {
    fc.assert(
      fc.property(arbitraryGraph(HOSTILE), (graph) => {
        for (const line of renderWorkflowMermaid(graph).trimEnd().split('\n')) {
          expect(line).toMatch(
            /^flowchart LR$|^ {2}(?:n\d+|more)(?:\(\["[^"]*"\]\)|\["[^"]*"\]|\[\["[^"]*"\]\])$|^ {2}n\d+ (?:-->|-\.->) n\d+$|^ {2}classDef troubled [\w:,#-]+$|^ {2}class n\d+(?:,n\d+)* troubled$/,
          );
        }
      }),
    );
  });
});

describe('a workflow as Markdown', () => {
  it('keeps what senders chose from being markup', () => {
    const graph = { ...orderGraph(), key: '# <b>*x*</b> `y`', summary: '[a](javascript:b) | ![c](d)\n# e' };
    const [title, , , , summary] = renderWorkflowMarkdown(graph, NOW).split('\n');
    expect(title).toBe('# \\# \\<b\\>\\*x\\*\\</b\\> \\`y\\`');
    expect(summary).toBe('\\[a\\]\\(javascript:b\\) \\| \\!\\[c\\]\\(d\\)\\\\n\\# e');
  });

  it('puts the tree behind a fence that it does not hold', () => {
    fc.assert(
      fc.property(arbitraryGraph(HOSTILE), (graph) => {
        const lines = renderWorkflowMarkdown(graph, NOW).split('\n');
        const open = lines.findIndex((line) => /^`+text$/.test(line));
        const fence = lines[open]!.slice(0, -'text'.length);
        const close = lines.indexOf(fence, open + 1);
        expect(close).toBeGreaterThan(open);
        expect(lines.slice(open + 1, close).some((line) => line.includes(fence))).toBe(false);
      }),
    );
  });
});
