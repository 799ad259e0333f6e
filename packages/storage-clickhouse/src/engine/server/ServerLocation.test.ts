import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { describeLocation, isServerUrl, parseServerUrl } from './ServerLocation.js';

describe('the URL of a ClickHouse', () => {
  it('says where it is, who asks, which database and which cluster', () => {
    expect(parseServerUrl('clickhouse://upshot:s3cret@db.example:9123/traces?cluster=main')).toEqual({
      secure: false,
      hosts: [{ host: 'db.example', port: 9123 }],
      user: 'upshot',
      password: 's3cret',
      database: 'traces',
      cluster: 'main',
      ca: null,
    });
  });

  it.each([
    ['clickhouse://h', { secure: false, hosts: [{ host: 'h', port: 8123 }], user: 'default', password: '' }],
    ['clickhouse://h/', { database: 'default', cluster: null }],
    ['http://h/d', { secure: false, hosts: [{ host: 'h', port: 8123 }], database: 'd' }],
    ['https://h/d', { secure: true, hosts: [{ host: 'h', port: 8443 }] }],
    ['clickhouse://h/d?secure=true', { secure: true, hosts: [{ host: 'h', port: 8443 }] }],
    ['clickhouse://h/d?secure=0', { secure: false }],
    ['clickhouse://u@h', { user: 'u', password: '' }],
    ['clickhouse://u:a%40b%2Fc%3A%25@h', { password: 'a@b/c:%' }],
    ['clickhouse://u:a@b@h', { password: 'a@b', hosts: [{ host: 'h', port: 8123 }] }],
    ['clickhouse://[::1]:9/d', { hosts: [{ host: '[::1]', port: 9 }] }],
    [
      'clickhouse://a:1,b/d',
      {
        hosts: [
          { host: 'a', port: 1 },
          { host: 'b', port: 8123 },
        ],
      },
    ],
  ])('%s', (url, expected) => {
    expect(isServerUrl(url)).toBe(true);
    expect(parseServerUrl(url)).toMatchObject(expected);
  });

  it.each([
    'clickhouse://',
    'clickhouse://secret:secret@',
    'clickhouse://secret:secret@h:0/d',
    'clickhouse://secret:secret@h:70000/d',
    'clickhouse://secret:secret@h:x/d',
    'clickhouse://secret:%zz@h/d',
    "clickhouse://secret:secret@h/d'--",
    'clickhouse://secret:secret@h/d?cluster=a b',
    'clickhouse://secret:secret@h/d?cluster=',
    'clickhouse://secret:secret@h/d?password=x',
    'clickhouse://secret:secret@h/d?secure=perhaps',
    'clickhouse://secret:secret@h/d?ca=/does/not/exist.pem',
    'clickhouse://secret:secret@h/d#there',
  ])('%s is refused with one line that holds no credential', (url) => {
    expect(() => parseServerUrl(url)).toThrow(
      expect.objectContaining({ code: 'misused', message: expect.stringMatching(/^(?!.*secret:)[^\n]+$/) }),
    );
  });

  it('is told to people without credentials, whatever they are', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 4 }), fc.string({ minLength: 4 }), (user, password) => {
        const secret = `zz${password}zz`;
        const url = `https://${encodeURIComponent(user)}:${encodeURIComponent(secret)}@db:8443/traces?cluster=c`;
        const location = parseServerUrl(url);
        expect(location).toMatchObject({ user, password: secret });
        expect(describeLocation(location)).toBe('clickhouse://db:8443/traces?cluster=c&secure=true');
      }),
    );
  });
});
