// Shows with strace that the answer to an export is written only after the rows are on disk: each file of the new part, and the
// part's directory, are synced before the socket hears "200".
//   node bench/ingest/fsync-proof.mjs [--trace FILE] [-- COMMAND…]
// COMMAND is any server that prints Upshot's ready line; by default `upshot serve` on a fresh directory. Needs strace (Linux).
// Prints the calls in their order and one line of verdict; exits 1 where the order is not so.
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { fresh, template } from './payload.mjs';

const CALLS =
  'openat,read,readv,recvfrom,recvmsg,rename,renameat,renameat2,fsync,fdatasync,write,writev,sendto,sendmsg';
const here = dirname(fileURLToPath(import.meta.url));
const work = mkdtempSync(join(tmpdir(), 'upshot-fsync-'));
const args = process.argv.slice(2);
const dashes = args.indexOf('--');
const command =
  dashes >= 0
    ? args.slice(dashes + 1)
    : [
        process.execPath,
        join(here, '../../packages/cli/bin/upshot.js'),
        'serve',
        '--store',
        join(work, 'store'),
      ].concat(['--port', '0', '--otlp-http-port', '0', '--otlp-grpc-port', '0']);
const traceFile = args[0] === '--trace' ? args[1] : join(work, 'trace');

/** Runs the server under strace, sends one export, and resolves when both have ended. */
async function record() {
  const child = spawn(
    'strace',
    ['-f', '-y', '-s', '80', '-e', `trace=${CALLS}`, '-o', traceFile, ...command],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  const ended = new Promise((resolve) => child.once('exit', resolve));
  const ready = await new Promise((resolve, reject) => {
    const lines = createInterface(child.stdout);
    lines.on('line', (line) => line.startsWith('upshot ready ') && resolve(line));
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`the server ended with ${code} before it was ready`)));
  });
  const url = /otlp-http=(\S+)/.exec(ready)[1];
  const { body } = fresh(template(64));
  const response = await fetch(`${url}/v1/traces`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-protobuf' },
    body,
  });
  if (response.status !== 200) throw new Error(`the export was answered with ${response.status}`);
  await response.arrayBuffer();
  // strace passes signals on to nobody: the server itself must hear it.
  const children = readFileSync(`/proc/${child.pid}/task/${child.pid}/children`, 'utf8').trim().split(' ');
  process.kill(Number(children[0]), 'SIGTERM');
  await ended;
}

/** The calls of a trace in the order in which they returned. */
function callsOf(trace) {
  const calls = [];
  const begun = new Map();
  for (const line of trace.split('\n')) {
    const [, pid, rest] = /^(\d+)\s+(.*)$/.exec(line) ?? [];
    if (rest === undefined) continue;
    const unfinished = /^(.*) <unfinished \.\.\.>$/.exec(rest);
    const resumed = /^<\.\.\. \w+ resumed>(.*)$/.exec(rest);
    if (unfinished) begun.set(pid, unfinished[1]);
    else {
      const text = resumed ? `${begun.get(pid) ?? ''}${resumed[1]}` : rest;
      const [, name, given, result] = /^(\w+)\((.*)\)\s+= (-?\d+)/.exec(text) ?? [];
      if (name !== undefined) calls.push({ name, given, result: Number(result) });
    }
  }
  return calls;
}

/** A part is written as `tmp_insert_X` and then renamed to `X`; both names mean the same place. */
const place = (path) => path.replace('tmp_insert_', '').replace(/\/$/, '');

function judge(calls) {
  const asked = calls.findIndex(
    ({ name, given }) => /read|recv/.test(name) && given.includes('POST /v1/traces'),
  );
  const answered = calls.findIndex(
    ({ name, given }, i) => i > asked && /write|send/.test(name) && given.includes('HTTP/1.1 200'),
  );
  if (asked < 0 || answered < 0) return { faults: ['the trace shows no request with its answer'], steps: [] };
  const before = calls.slice(asked, answered);
  const written = new Map();
  const synced = new Map();
  const renamed = new Map();
  before.forEach(({ name, given, result }, i) => {
    if (result < 0) return;
    const paths = [...given.matchAll(/"([^"]*)"/g)].map(([, path]) => path);
    if (name === 'openat' && given.includes('O_CREAT') && paths[0]?.includes('/tmp_insert_')) {
      written.set(place(paths[0]), i);
    } else if (name === 'fsync' || name === 'fdatasync') {
      const path = /<(\/[^>]*)>/.exec(given)?.[1];
      if (path) synced.set(place(path), i);
    } else if (name.startsWith('rename') && paths[0]?.includes('tmp_insert_'))
      renamed.set(place(paths.at(-1)), i);
  });
  const faults = [];
  if (written.size === 0) faults.push('no file of a part was written between request and answer');
  for (const file of written.keys())
    if (!synced.has(file)) faults.push(`${file} was not synced before the answer`);
  for (const part of new Set([...written.keys()].map((file) => dirname(file)))) {
    if (!renamed.has(part)) faults.push(`the part ${part} was not in its place before the answer`);
    if (!synced.has(part)) faults.push(`the directory ${part} was not synced before the answer`);
  }
  const steps = [
    ...[...written].map(([path, at]) => [at, `write  ${path}`]),
    ...[...synced].map(([path, at]) => [at, `sync   ${path}`]),
    ...[...renamed].map(([path, at]) => [at, `rename to ${path}`]),
    [before.length, 'answer HTTP/1.1 200'],
  ].sort(([a], [b]) => a - b);
  return { faults, steps: steps.map(([, text]) => text), files: written.size };
}

try {
  await record();
  const { faults, steps, files } = judge(callsOf(readFileSync(traceFile, 'latin1')));
  for (const step of steps) console.log(step.replaceAll(work, ''));
  if (faults.length === 0)
    console.log(`PROVEN: ${files} files and their directories were synced before the answer`);
  else {
    for (const fault of faults) console.log(`FAULT: ${fault}`);
    process.exitCode = 1;
  }
} finally {
  rmSync(work, { recursive: true, force: true });
}
