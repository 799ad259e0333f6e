import { spawn } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { parse } from 'yaml';

const ROOT = resolve(import.meta.dirname, '../..');

interface Step {
  readonly name?: string;
  readonly run?: string;
  readonly if?: string;
}
interface Pipeline {
  readonly jobs: {
    readonly conventions: { readonly env: Record<string, number>; readonly steps: readonly Step[] };
  };
}

/** The YAML blocks of the page, as a reader would copy them. */
const BLOCKS = [
  ...readFileSync(resolve(ROOT, 'docs/linting.md'), 'utf8').matchAll(/```yaml\n([\s\S]*?)```/g),
].map(([, text]) => parse(text!) as unknown);
const pipeline = BLOCKS[0] as Pipeline;
const [recordingStep] = BLOCKS[1] as Step[];

let directory = '';
beforeEach(() => {
  // A project that has Upshot among its dependencies.
  directory = mkdtempSync(join(tmpdir(), 'upshot-pipeline-'));
  mkdirSync(join(directory, 'node_modules/.bin'), { recursive: true });
  symlinkSync(join(ROOT, 'packages/cli/bin/upshot.js'), join(directory, 'node_modules/.bin/upshot'));
  copyFileSync(
    join(ROOT, 'cases/conventions-that-are-kept/conventions.yaml'),
    join(directory, 'conventions.yaml'),
  );
  writeFileSync(join(directory, 'package.json'), JSON.stringify({ scripts: { test: 'node send.mjs' } }));
});
afterEach(() => {
  // A step leaves its server behind, which ends with the machine of a pipeline.
  for (const group of groups.splice(0)) endGroup(group);
  rmSync(directory, { recursive: true, force: true });
});

const groups: number[] = [];

function endGroup(group: number): void {
  try {
    process.kill(-group, 'SIGKILL');
  } catch {
    // Nothing of it is left.
  }
}

/** Tests of that project which send the telemetry of a case, moved to now, as an exporter would. */
function withTelemetryOf(name: string): void {
  copyFileSync(join(ROOT, `cases/${name}/input.otlp.json`), join(directory, 'telemetry.json'));
  writeFileSync(
    join(directory, 'send.mjs'),
    `import { readFileSync } from 'node:fs';
const shift = BigInt(Date.now()) * 1000000n - 1790000060000000000n;
const body = readFileSync('telemetry.json', 'utf8').replace(/(TimeUnixNano": ")(\\d+)/g, (_, key, time) => key + (BigInt(time) + shift));
const response = await fetch(process.env.OTEL_EXPORTER_OTLP_ENDPOINT + '/v1/traces', { method: 'POST', headers: { 'content-type': 'application/json' }, body });
if (response.status !== 200) process.exit(1);
`,
  );
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as { port: number };
  await new Promise((done) => server.close(done));
  return port;
}

/** As GitHub runs a step: `bash -e`, in the directory of the project. */
function shell(step: Step, env: Record<string, string>): Promise<number | null> {
  const inherited = Object.entries(process.env).filter(
    ([name]) => !/^(UPSHOT_|NODE_OPTIONS|VITEST|npm_)/.test(name),
  );
  const child = spawn('bash', ['-e', '-c', step.run!], {
    cwd: directory,
    env: { ...Object.fromEntries(inherited), ...env },
    stdio: 'ignore',
    detached: true,
  });
  groups.push(child.pid!);
  return new Promise((done) => child.on('close', done));
}

/** Runs the steps as a pipeline does; names each that failed. */
async function runPipeline(): Promise<string[]> {
  const { env, steps } = pipeline.jobs.conventions;
  const ports = await Promise.all(
    Object.keys(env).map(async (name) => [name, `${await freePort()}`] as const),
  );
  const failed: string[] = [];
  for (const step of steps) {
    if (step.run === undefined) continue;
    const runs = step.if === 'always()' || (step.if === 'failure()') === failed.length > 0;
    if (runs && (await shell(step, Object.fromEntries(ports))) !== 0) failed.push(step.name!);
  }
  return failed;
}

it('the documented pipeline passes a system that keeps its conventions', async () => {
  withTelemetryOf('conventions-that-are-kept');
  expect(await runPipeline()).toEqual([]);
}, 90_000);

it('the documented pipeline fails one that breaks them, with a report', async () => {
  withTelemetryOf('conventions-that-are-broken');
  expect(await runPipeline()).toEqual(['Check the telemetry']);
  const sarif = JSON.parse(readFileSync(join(directory, 'upshot.sarif'), 'utf8')) as {
    runs: { results: unknown[] }[];
  };
  expect(sarif.runs[0]!.results.length).toBeGreaterThan(3);
}, 90_000);

it('the documented step for recordings fails on what is new, and passes what is known', async () => {
  withTelemetryOf('conventions-that-are-broken');
  const args =
    'npx upshot lint telemetry.json --conventions conventions.yaml --baseline upshot.baseline.json';
  writeFileSync(join(directory, 'upshot.baseline.json'), '{"version":1,"known":[]}');
  expect(await shell(recordingStep!, {})).toBe(1);
  expect(await shell({ run: `${args} --write-baseline` }, {})).toBe(0);
  expect(await shell(recordingStep!, {})).toBe(0);
  expect(existsSync(join(directory, 'upshot-lint.xml'))).toBe(true);
}, 90_000);
