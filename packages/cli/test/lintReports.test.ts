import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Log } from 'sarif';
import { describe, expect, it } from 'vitest';
import { conventions, file, RECORDING, type Report, recording } from './fixtures/lintInput.js';
import { order } from './fixtures/orders.js';
import { temporaryDirectory, upshot } from './fixtures/spawnUpshot.js';

describe('the forms of a report', () => {
  const args = (format: string) => ['lint', RECORDING, '--conventions', conventions(), '--format', format];

  it('is JSON', async () => {
    const { code, stdout } = await upshot(args('json'));
    expect(code).toBe(1);
    const { problems, ...rest } = JSON.parse(stdout) as Report;
    expect(rest).toEqual({
      version: 1,
      sources: [RECORDING],
      workflows: 4,
      services: expect.any(Array),
      known: 0,
    });
    expect(problems).toContainEqual({
      rule: 'spanNaming.style',
      kind: 'convention',
      severity: 'warning',
      service: 'email',
      owner: null,
      name: 'process orders',
      workflows: 4,
      example: { key: expect.any(String), uri: expect.stringContaining('traces.otlp.json') },
      message: expect.stringContaining('email names only the transport of orders: process orders'),
      fix: expect.stringContaining("span.setAttribute('upshot.step', "),
    });
  });

  it('is SARIF 2.1.0', async () => {
    const { code, stdout } = await upshot(args('sarif'));
    expect(code).toBe(1);
    const log = JSON.parse(stdout) as Log;
    expect(log.version).toBe('2.1.0');
    const run = log.runs[0]!;
    const rules = run.tool.driver.rules!;
    expect(rules.map(({ id }) => id)).toContain('spanNaming.style');
    expect(run.results!.length).toBeGreaterThan(5);
    for (const { ruleId, ruleIndex, level, message, locations, partialFingerprints } of run.results!) {
      expect(rules[ruleIndex!]!.id).toBe(ruleId);
      expect(level).toBe('warning');
      expect(message.text).toContain('\nFix: ');
      // Relative to the root of the repository, where services look for it.
      expect(locations![0]!.physicalLocation!.artifactLocation!.uri).toBe(
        'recordings/kafkajs-each-new/traces.otlp.json',
      );
      expect(Object.values(partialFingerprints!)[0]).toMatch(/^[0-9a-f]{64}$/);
    }
    const prints = run.results!.map(({ partialFingerprints }) => JSON.stringify(partialFingerprints));
    expect(new Set(prints).size).toBe(prints.length);
  });

  it('is JUnit, and goes to a file', async () => {
    const output = join(temporaryDirectory(), 'lint.xml');
    const { code, stdout } = await upshot([...args('junit'), '--output', output]);
    expect([code, stdout]).toEqual([1, '']);
    const xml = readFileSync(output, 'utf8');
    const failures = [...xml.matchAll(/<failure /g)].length;
    expect(xml).toMatch(
      new RegExp(
        `^<\\?xml version="1\\.0" encoding="UTF-8"\\?>\n<testsuites name="upshot lint" tests="${failures}" failures="${failures}"`,
      ),
    );
    for (const [, name] of xml.matchAll(/<testsuite name="([^"]*)"/g)) expect(name).not.toBe('');
    expect(xml).toContain('<testcase classname="email" name="spanNaming.style: process orders">');
  });
});

describe('a baseline', () => {
  it('lets pass what was there, and not what is new', async () => {
    const baseline = join(temporaryDirectory(), 'baseline.json');
    const rules = conventions();
    const args = ['--conventions', rules, '--baseline', baseline];
    expect(await upshot(['lint', recording(), ...args, '--write-baseline'])).toMatchObject({
      code: 0,
      stdout: '',
    });
    expect(JSON.parse(readFileSync(baseline, 'utf8'))).toEqual({
      version: 1,
      known: [
        { rule: 'requiredFields.consumerName', service: 'mail', name: 'order.placed' },
        { rule: 'spanNaming.style', service: 'mail', name: 'orders process' },
      ],
    });
    // Other IDs, other times, more of them: the same problems.
    const documents = [order(2), order(3)];
    const more = file('more.json', JSON.stringify(documents));
    const { code, stdout, stderr } = await upshot(['lint', more, ...args]);
    expect([code, stdout, stderr]).toEqual([
      0,
      'No problems in 2 workflows of 2 services; 2 known from the baseline\n',
      '',
    ]);
    const other = JSON.stringify(order(4)).replaceAll('orders process', 'process orders');
    const changed = await upshot(['lint', file('other.json', other), ...args]);
    expect(changed.code).toBe(1);
    expect(changed.stdout).toMatch(/1 problem \(1 warning\) in .*; 1 known from the baseline\n$/);
    expect(changed.stderr).toContain("1 of the baseline's problems are gone");
    const sarif = await upshot(['lint', more, ...args, '--format', 'sarif']);
    expect((JSON.parse(sarif.stdout) as Log).runs[0]!.results!.map((one) => one.baselineState)).toEqual([
      'unchanged',
      'unchanged',
    ]);
  });

  it('that is none is said to be none', async () => {
    const wrong = file('baseline.json', '{"version": 2}');
    const { code, stderr } = await upshot(['lint', recording(), '--baseline', wrong]);
    expect([code, stderr]).toEqual([2, expect.stringContaining('is no baseline of upshot lint')]);
  });
});
