import {
  type FleetOptions,
  renderConventions,
  renderFindingGroups,
  renderFindings,
  renderPropagation,
  renderTopology,
  renderTopologyDot,
  renderTopologyMermaid,
} from '@upshot/text';
import fc, { type Arbitrary } from 'fast-check';
import stringWidth from 'string-width';
import { describe, expect, it } from 'vitest';
import {
  arbitraryConventions,
  arbitraryFindings,
  arbitraryGroups,
  arbitraryPropagation,
  arbitraryTopology,
} from './arbitraryFleet.js';

const options = fc.record<FleetOptions>({
  color: fc.boolean(),
  width: fc.integer({ min: 40, max: 160 }),
  nowUnixNano: fc.bigInt({ min: 0n, max: 2n ** 64n }),
});

const anything = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 30 }),
  fc.string({ unit: 'grapheme', maxLength: 60 }),
  fc.string({ maxLength: 200 }),
  fc.constantFrom(
    '\u001b[2J\u001b[31m',
    '\u202eorder',
    '\u009b1m',
    'a\r\nb',
    '',
    '😀'.repeat(50),
    '注文'.repeat(50),
    '"]; end; click s0 "javascript:alert(1)"',
    '"];\n} digraph x { a -> b',
    '\\',
    '`**_x_**`',
    '1. first',
    '- item',
    '#quot;',
    '<img src=x onerror=alert(1)>',
  ),
);

/** The renderer's own colours, and nothing else that begins with an escape. */
const OWN_COLOR = /\u001b\[(?:0|1|2|31|32|33|35|36|95)m/g;
const UNSAFE = /[\p{Cc}\p{Zl}\p{Zp}\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]/u;

interface Face {
  readonly name: string;
  readonly render: Arbitrary<(chosen: FleetOptions) => string>;
}

const FACES: readonly Face[] = [
  {
    name: 'renderPropagation',
    render: arbitraryPropagation(anything).map((one) => (chosen) => renderPropagation(one, chosen)),
  },
  {
    name: 'renderTopology',
    render: arbitraryTopology(anything).map((one) => (chosen) => renderTopology(one, chosen)),
  },
  {
    name: 'renderFindings',
    render: arbitraryFindings(anything).map((one) => (chosen) => renderFindings(one, chosen)),
  },
  {
    name: 'renderFindingGroups',
    render: arbitraryGroups(anything).map((one) => (chosen) => renderFindingGroups(one, chosen)),
  },
  {
    name: 'renderConventions',
    render: arbitraryConventions(anything).map((one) => (chosen) => renderConventions(one, chosen)),
  },
];

describe.each(FACES)('$name, for any answer', ({ render }) => {
  it('lets no control character of the telemetry through', () => {
    fc.assert(
      fc.property(render, options, (page, chosen) => {
        const text = page(chosen);
        const own = chosen.color ? text.replace(OWN_COLOR, '') : text;
        expect(own.replaceAll('\n', '')).not.toMatch(UNSAFE);
        expect(text.endsWith('\n')).toBe(true);
      }),
      { numRuns: 200 },
    );
  });

  it('says the same without colours, and in as many lines', () => {
    fc.assert(
      fc.property(render, options, (page, chosen) => {
        const painted = page({ ...chosen, color: true });
        expect(painted.replace(OWN_COLOR, '')).toBe(page({ ...chosen, color: false }));
      }),
      { numRuns: 100 },
    );
  });
});

describe('pages over many workflows', () => {
  it('stay within the width but for an ID that stands alone', () => {
    // Texts that no line has to leave whole: then every line must fit.
    const short = fc.stringMatching(/^[a-z.-]{1,30}$/);
    const pages = fc.oneof(
      arbitraryPropagation(short).map((one) => (chosen: FleetOptions) => renderPropagation(one, chosen)),
      arbitraryTopology(anything).map((one) => (chosen: FleetOptions) => renderTopology(one, chosen)),
      arbitraryFindings(short).map((one) => (chosen: FleetOptions) => renderFindings(one, chosen)),
      arbitraryGroups(short).map((one) => (chosen: FleetOptions) => renderFindingGroups(one, chosen)),
      arbitraryConventions(short).map((one) => (chosen: FleetOptions) => renderConventions(one, chosen)),
    );
    fc.assert(
      fc.property(pages, options, (page, chosen) => {
        for (const line of page({ ...chosen, color: false }).split('\n'))
          expect(stringWidth(line), line).toBeLessThanOrEqual(chosen.width);
      }),
      { numRuns: 500 },
    );
  });
});

describe('drawings of the topology, for any names', () => {
  it('are Mermaid of which no name is a part', () => {
    const label = '(?:[\\p{L}\\p{M}\\p{N} ./:,()+_-]|#\\d{1,7};)*';
    const line = new RegExp(
      `^(?:  e\\d+\\(\\["${label}"\\]\\)|  s\\d+\\["${label}"\\]|  [es]\\d+ -->(?:\\|"${label}"\\|)? [es]\\d+|  linkStyle \\d+(?:,\\d+)* stroke:#c62828)$`,
      'u',
    );
    fc.assert(
      fc.property(arbitraryTopology(anything), (topology) => {
        const lines = renderTopologyMermaid(topology).trimEnd().split('\n');
        expect(lines[0]).toBe('flowchart LR');
        for (const one of lines.slice(1)) expect(one).toMatch(line);
      }),
      { numRuns: 300 },
    );
  });

  it('are DOT of which no name is a part', () => {
    const label = '"(?:[^"\\\\&]|\\\\\\\\|\\\\"|&amp;)*"';
    const line = new RegExp(
      `^(?:  [es]\\d+ \\[shape=(?:oval|box), label=${label}\\];|  [es]\\d+ -> [es]\\d+(?: \\[(?:(?:label|color|fontcolor)=${label}(?:, )?)+\\])?;)$`,
      'u',
    );
    fc.assert(
      fc.property(arbitraryTopology(anything), (topology) => {
        const text = renderTopologyDot(topology);
        expect(text.replaceAll('\n', '')).not.toMatch(UNSAFE);
        const lines = text.trimEnd().split('\n');
        expect([lines[0], lines.at(-1)]).toEqual(['digraph topology {', '}']);
        for (const one of lines.slice(2, -1)) expect(one).toMatch(line);
      }),
      { numRuns: 300 },
    );
  });
});
