import type { About } from '@upshot/api-contract';
import { formatDuration, painter, safeText } from '@upshot/text';
import { type Command, Option } from 'commander';
import { ApiClient } from '../ask/ApiClient.js';
import { addConnectionOptions, type ConnectionOptions, tokenOf } from '../ask/connection.js';
import { CliError, ProblemsFound } from '../CliError.js';
import type { Terminal } from '../terminal/Terminal.js';
import { type Probe, probes } from './probes.js';
import { sendProbe } from './sendProbe.js';

interface DoctorOptions extends ConnectionOptions {
  readonly otlpUrl?: string;
  readonly otlpGrpcUrl?: string;
}

/** What one check came to. */
interface Finding {
  readonly state: 'fine' | 'warning' | 'problem';
  readonly text: string;
  /** What to do. */
  readonly fix?: string;
}

/** Clocks that differ by more show in every answer, as waits that are negative or too long. */
const MOST_SKEW_NANO = 2_000_000_000n;
/** Below this the engine may not find room to merge what it has; well before that is time to act. */
const DISK = { warnBytes: 5e9, warnShare: 0.1, leastBytes: 5e8 };

/** `upshot doctor`: whether all of it works, and what to do about what does not. */
export function addDoctor(program: Command, terminal: Terminal): void {
  const command = program
    .command('doctor')
    .summary('try every way in, and say what to mend')
    .description(
      'Sends a small workflow in by every way (OTLP over HTTP and gRPC, event records, CloudEvents), asks for it, and deletes it again. Checks clock, ' +
        'disk and limits. Says what works, and what to do about what does not. Exit code 1 where something is to be mended.',
    )
    .addOption(
      new Option('--otlp-url <url>', "Upshot's OTLP/HTTP port (default: what it says itself)").env(
        'UPSHOT_OTLP_URL',
      ),
    )
    .addOption(
      new Option('--otlp-grpc-url <url>', 'its OTLP/gRPC port, likewise').env('UPSHOT_OTLP_GRPC_URL'),
    );
  addConnectionOptions(command).action((options: DoctorOptions) => doctor(options, terminal));
}

async function doctor(options: DoctorOptions, terminal: Terminal): Promise<void> {
  const findings: Finding[] = [];
  const tell = (finding: Finding) => {
    findings.push(finding);
    print(finding, terminal);
  };
  const token = tokenOf(options);
  const client = new ApiClient({ url: options.url, token });
  const about = await aboutOf(client, options.url, tell);
  if (about !== null) {
    for (const finding of [clockFinding(about), diskFinding(about), limitsFinding(about)]) tell(finding);
    const urls = {
      http: options.otlpUrl ?? reachable(about.otlpHttpUrl, options.url),
      grpc: options.otlpGrpcUrl ?? reachable(about.otlpGrpcUrl, options.url),
    };
    for (const probe of probes(BigInt(Date.now()) * 1_000_000n))
      tell(await tried(probe, urls[probe.port], client, token));
  }
  const problems = findings.filter(({ state }) => state === 'problem').length;
  terminal.out(
    problems === 0
      ? 'Upshot works.\n'
      : `${problems === 1 ? 'One thing is' : `${problems} things are`} to be mended.\n`,
  );
  if (problems > 0) throw new ProblemsFound();
}

async function aboutOf(
  client: ApiClient,
  url: string,
  tell: (finding: Finding) => void,
): Promise<About | null> {
  try {
    const ready = await client.get('/readyz');
    const body = await client.get('/api/about');
    if (ready === null || body === null) {
      tell({
        state: 'problem',
        text: `what answers at ${url} is no Upshot, or an older one`,
        fix: 'Give --url, or start the Upshot of this version.',
      });
      return null;
    }
    const about = JSON.parse(body) as About;
    tell({ state: 'fine', text: `answers at ${url}, version ${about.version}, ${about.store}` });
    return about;
  } catch (error) {
    if (!(error instanceof CliError)) throw error;
    tell({ state: 'problem', text: error.message, fix: 'Start `upshot serve`, or give --url and --token.' });
    return null;
  }
}

function clockFinding({ nowUnixNano }: About): Finding {
  const skew = BigInt(Date.now()) * 1_000_000n - BigInt(nowUnixNano);
  const size = skew < 0n ? -skew : skew;
  if (size <= MOST_SKEW_NANO) return { state: 'fine', text: 'its clock agrees with the one of this machine' };
  return {
    state: 'warning',
    text: `its clock is ${formatDuration(size)} ${skew < 0n ? 'ahead of' : 'behind'} the one of this machine`,
    fix: 'Let both take their time from NTP: waits between services are told from their clocks.',
  };
}

function diskFinding({ disk }: About): Finding {
  if (disk === null) return { state: 'fine', text: 'it keeps nothing on a disk of its machine' };
  const { freeBytes, totalBytes } = disk;
  const text = `${gigabytes(freeBytes)} of ${gigabytes(totalBytes)} are free on its disk`;
  const fix = 'Make room, or keep less: --retention 14d, --retention-size 20GB.';
  if (freeBytes < DISK.leastBytes) return { state: 'problem', text, fix };
  const isLow = freeBytes < DISK.warnBytes && freeBytes < totalBytes * DISK.warnShare;
  return isLow ? { state: 'warning', text, fix } : { state: 'fine', text };
}

function limitsFinding({ limits, retentionNano }: About): Finding {
  const kept = retentionNano === null ? 'for ever' : `for ${formatDuration(BigInt(retentionNano))}`;
  return {
    state: 'fine',
    text: `it takes bodies of ${mebibytes(limits.bodyBytes)}, ${mebibytes(limits.inflatedBytes)} inflated, and keeps telemetry ${kept}`,
  };
}

async function tried(probe: Probe, url: string, client: ApiClient, token: string | null): Promise<Finding> {
  const { name, key, port } = probe;
  const wrong = await sendProbe(probe, url, token);
  if (wrong !== null) {
    const option = port === 'grpc' ? '--otlp-grpc-url' : '--otlp-url';
    return {
      state: 'problem',
      text: `${name}: ${wrong}`,
      fix: `Look whether a firewall or proxy stands between, whether the token is right, or give ${option} where it is reached otherwise.`,
    };
  }
  const path = `/api/workflows/${encodeURIComponent(key)}`;
  const found = await client.get(path);
  if (found === null)
    return {
      state: 'problem',
      text: `${name}: taken at ${url}, and not found by what answers`,
      fix: 'The two belong to different Upshots: give the URLs of one.',
    };
  // What was sent to try it must not be counted, nor listed.
  await client.delete(path);
  return { state: 'fine', text: `${name}: taken at ${url}, and found` };
}

/** An address that means every one of its machine is reached by the name under which the API is. */
function reachable(url: string, api: string): string {
  const own = new URL(url);
  if (own.hostname !== '0.0.0.0' && own.hostname !== '[::]') return url;
  own.hostname = new URL(api).hostname;
  return own.origin;
}

function print({ state, text, fix }: Finding, { out, color }: Terminal): void {
  const paint = painter(color);
  const [glyph, style] = { fine: ['✓', 'ok'], warning: ['!', 'retry'], problem: ['✗', 'fail'] }[state] as [
    string,
    'ok' | 'retry' | 'fail',
  ];
  out(`${paint(glyph, style)} ${safeText(text)}\n`);
  if (fix !== undefined) out(`  ${fix}\n`);
}

function gigabytes(bytes: number): string {
  return `${(bytes / 1e9).toFixed(1)} GB`;
}

function mebibytes(bytes: number): string {
  return `${Math.round(bytes / 2 ** 20)} MiB`;
}
