import { describe, expect, it } from 'vitest';
import { parseQuery } from './parseQuery.js';
import { NoQuery, WorkflowListQuery, WorkflowQuery } from './queries.js';

describe('parseQuery', () => {
  it('converts integers, wraps single values of lists, splits states at commas', () => {
    expect(
      parseQuery(WorkflowListQuery, { limit: '7', status: 'failed,stuck', attr: 'order.id:a,b', q: '' }),
    ).toEqual({
      limit: 7,
      status: ['failed', 'stuck'],
      attr: ['order.id:a,b'],
    });
    expect(parseQuery(WorkflowListQuery, { status: ['failed', 'stuck'], environment: '' })).toEqual({
      status: ['failed', 'stuck'],
      environment: '',
    });
  });

  it.each([
    [WorkflowListQuery, { limit: '0' }, 'limit must be an integer from 1 to 1000, and is "0"'],
    [WorkflowListQuery, { limit: '1001' }, 'limit must be an integer from 1 to 1000, and is "1001"'],
    [WorkflowListQuery, { limit: '1e2' }, 'limit must be an integer from 1 to 1000, and is "1e2"'],
    [WorkflowQuery, { limit: '100001' }, 'limit must be an integer from 1 to 100000, and is "100001"'],
    [WorkflowListQuery, { limit: ['1', '2'] }, 'limit may be given once, and is given 2 times'],
    [WorkflowQuery, { format: 'xml' }, 'format must be one of json, text, and is "xml"'],
    [
      WorkflowListQuery,
      { attr: 'order.id' },
      'attr must be of the form KEY:VALUE (at most 16 of them), and is "order.id"',
    ],
    [NoQuery, { limit: '1' }, 'there is no parameter "limit": this call takes none'],
  ])('says what is wrong and what would be right: %#', (schema, raw, message) => {
    expect(() => parseQuery(schema, raw)).toThrow(message);
  });

  it('names the known parameters, and is not fooled by names that every object has', () => {
    expect(() => parseQuery(WorkflowListQuery, { staus: 'failed' })).toThrow(
      /"staus": known are status, event, /,
    );
    expect(() => parseQuery(WorkflowListQuery, { constructor: 'x' })).toThrow(/no parameter "constructor"/);
  });
});
