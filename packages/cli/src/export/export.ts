import { writeFile } from 'node:fs/promises';
import type { WorkflowGraph } from '@upshot/model';
import { renderWorkflow, renderWorkflowMarkdown, renderWorkflowMermaid, safeText } from '@upshot/text';
import { type Command, Option } from 'commander';
import { ApiClient } from '../ask/ApiClient.js';
import { addConnectionOptions, type ConnectionOptions, tokenOf } from '../ask/connection.js';
import { CliError } from '../CliError.js';
import { safeJson } from '../terminal/safeJson.js';
import type { Terminal } from '../terminal/Terminal.js';

const FORMATS = ['otlp', 'text', 'markdown', 'mermaid'] as const;
type Format = (typeof FORMATS)[number];

interface ExportOptions extends ConnectionOptions {
  readonly format: Format;
  readonly output?: string;
}

/** The columns of a file: as many as a page of a repository's host shows. */
const WIDTH = 100;

/** `upshot export KEY`: one workflow to take elsewhere. */
export function addExport(program: Command, terminal: Terminal): void {
  const command = program
    .command('export <key>')
    .summary('write out one workflow, to import or to read')
    .description(
      'Writes all telemetry of a workflow as OTLP/JSON, which `upshot import` takes in and which leads to the same graph there; ' +
        'or the workflow as text, as a page of Markdown, or as a Mermaid flowchart. Attributes may hold what is confidential.',
    )
    .addOption(new Option('--format <format>', 'what to write').choices(FORMATS).default('otlp'))
    .option('-o, --output <file>', 'write to a file');
  addConnectionOptions(command).action((key: string, options: ExportOptions) =>
    exportWorkflow(key, options, terminal),
  );
}

async function exportWorkflow(key: string, options: ExportOptions, terminal: Terminal): Promise<void> {
  const client = new ApiClient({ url: options.url, token: tokenOf(options) });
  const path = `/api/workflows/${encodeURIComponent(key)}`;
  const body =
    options.format === 'otlp'
      ? await client.get(`${path}/export`)
      : await client.get(path, { limit: '100000' });
  if (body === null)
    throw new CliError(`Nothing is known by ${safeText(key)}; \`upshot find\` searches for parts of names`);
  const text = written(body, options.format);
  if (options.output === undefined) {
    terminal.out(text);
    return;
  }
  try {
    await writeFile(options.output, text);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw new CliError(`${options.output} can't be written (${code ?? message})`, { cause: error });
  }
}

function written(body: string, format: Format): string {
  if (format === 'otlp') return `${safeJson(body)}\n`;
  const graph = JSON.parse(body) as WorkflowGraph;
  const nowUnixNano = BigInt(Date.now()) * 1_000_000n;
  switch (format) {
    case 'text':
      return renderWorkflow(graph, { color: false, width: WIDTH, nowUnixNano, full: true });
    case 'markdown':
      return renderWorkflowMarkdown(graph, nowUnixNano);
    case 'mermaid':
      return renderWorkflowMermaid(graph);
  }
}
