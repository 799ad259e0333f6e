import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const RECORDINGS = fileURLToPath(new URL('../../../../recordings', import.meta.url));

/** Sends what was recorded from real libraries and brokers; all recordings, or those named. */
export async function feedRecordings(otlpHttpUrl: string, names?: readonly string[]): Promise<void> {
  const folders = readdirSync(RECORDINGS, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  for (const { name } of folders) {
    if (names && !names.includes(name)) continue;
    let body: string;
    try {
      body = readFileSync(`${RECORDINGS}/${name}/traces.otlp.json`, 'utf8');
    } catch {
      continue;
    }
    const headers = { 'content-type': 'application/json' };
    const response = await fetch(`${otlpHttpUrl}/v1/traces`, { method: 'POST', headers, body });
    if (!response.ok) throw new Error(`${name} was answered ${response.status}`);
  }
}
