import { statfs } from 'node:fs/promises';
import { type About, CALLS } from '@upshot/api-contract';
import type { FastifyInstance } from 'fastify';
import type { HttpOptions } from '../HttpOptions.js';

/** What a page, or a check, has to know of the server: where telemetry goes, how it fares, and where else traces can be seen. */
export function addAboutRoute(app: FastifyInstance, options: HttpOptions): void {
  app.get(CALLS.getAbout.path, async (_request, reply) => {
    const { store, directory, retentionNano, limits } = options.kept;
    return reply.type('application/json; charset=utf-8').send(
      JSON.stringify({
        version: options.version,
        otlpHttpUrl: options.otlpHttpUrl,
        otlpGrpcUrl: options.otlpGrpcUrl,
        nowUnixNano: `${options.clock()}`,
        store,
        disk: directory === null ? null : await diskOf(directory),
        retentionNano: retentionNano === null ? null : `${retentionNano}`,
        limits,
        traceLinks: [...options.traceLinks],
      } satisfies About),
    );
  });
}

async function diskOf(directory: string): Promise<About['disk']> {
  try {
    const { bavail, blocks, bsize } = await statfs(directory);
    return { freeBytes: bavail * bsize, totalBytes: blocks * bsize };
  } catch {
    return null;
  }
}
