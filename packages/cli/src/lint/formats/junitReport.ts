import type { Problem } from '../Problem.js';
import type { Report } from './Report.js';

/** JUnit's XML as CI servers read it: a suite for each service, a test for each problem, and one that passes for a service without any. */
export function junitReport(report: Report): string {
  const services = new Set([...report.services, ...report.problems.map(({ service }) => service)]);
  const suites = [...services].sort().map((service) =>
    suiteOf(
      service,
      report.problems.filter((problem) => problem.service === service),
    ),
  );
  const tests = suites.reduce((sum, suite) => sum + suite.tests, 0);
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="upshot lint" tests="${tests}" failures="${report.problems.length}" errors="0">`,
    ...suites.map(({ xml }) => xml),
    '</testsuites>',
    '',
  ].join('\n');
}

function suiteOf(service: string, problems: readonly Problem[]): { xml: string; tests: number } {
  const name = attribute(service === '' ? 'a service without a name' : service);
  const tests = Math.max(1, problems.length);
  const cases =
    problems.length === 0
      ? [`    <testcase classname="${name}" name="keeps the conventions"/>`]
      : problems.map((problem) => caseOf(name, problem));
  return {
    tests,
    xml: [
      `  <testsuite name="${name}" tests="${tests}" failures="${problems.length}" errors="0">`,
      ...cases,
      '  </testsuite>',
    ].join('\n'),
  };
}

function caseOf(classname: string, { rule, name, severity, message, fix, example }: Problem): string {
  const details = [
    message,
    ...(fix === null ? [] : [`Fix: ${fix}`]),
    `Example: ${example.key} in ${example.uri}`,
  ];
  return [
    `    <testcase classname="${classname}" name="${attribute(`${rule}: ${name}`)}">`,
    `      <failure type="${severity}" message="${attribute(message)}">${content(details.join('\n'))}</failure>`,
    '    </testcase>',
  ].join('\n');
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
};

function attribute(text: string): string {
  return content(text.replace(/[\t\n\r]+/g, ' '));
}

/** Text of senders as XML 1.0 may hold it: what no document may contain, escaped or not, becomes U+FFFD. */
function content(text: string): string {
  return text
    .replace(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]|[\p{Cf}\u007f-\u009f]/gu, '\ufffd')
    .replace(/[&<>"']/g, (character) => ENTITIES[character]!);
}
