import { Validator } from '@seriousme/openapi-schema-validator';
import { describe, expect, it } from 'vitest';
import { CALLS } from './calls.js';
import { openApiDocument } from './openApiDocument.js';

describe('openApiDocument', () => {
  it('is a valid OpenAPI 3.1 document', async () => {
    const validator = new Validator();
    const result = await validator.validate(
      structuredClone(openApiDocument('1.2.3')) as Record<string, unknown>,
    );
    expect(result).toEqual({ valid: true });
    expect(validator.version).toBe('3.1');
  });

  it('is one that the validator would refuse if an operation lost its answers', async () => {
    const broken = JSON.parse(JSON.stringify(openApiDocument('1.2.3')));
    broken.paths['/api/workflows'].get.responses = 7;
    expect((await new Validator().validate(broken)).valid).toBe(false);
  });

  it('has every call, and resolves every reference', () => {
    const document = openApiDocument('1.2.3') as unknown as {
      paths: Record<string, unknown>;
      components: { schemas: Record<string, unknown> };
    };
    expect(Object.keys(document.paths)).toEqual([...new Set(Object.values(CALLS).map((call) => call.path))]);
    const references = [...JSON.stringify(document).matchAll(/"\$ref":"#\/components\/schemas\/([^"]+)"/g)];
    expect(references.length).toBeGreaterThan(20);
    for (const [, name] of references) expect(Object.keys(document.components.schemas)).toContain(name);
    expect(document.components.schemas).toHaveProperty('WorkflowGraph.properties.events.items.$ref');
  });
});
