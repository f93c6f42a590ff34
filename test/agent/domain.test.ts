import { expect, test } from 'vitest';
import { domainsEqual, domainText } from '../../src/agent/domain.ts';
import { domain } from './samples.ts';

test('domainsEqual', () => {
  expect(domainsEqual(domain('eu', 'a'), domain('eu', 'a'))).toBe(true);
  expect(domainsEqual(domain('eu', 'a'), domain('eu', 'b'))).toBe(false);
  expect(domainsEqual(domain('eu', 'a'), undefined)).toBe(false);
});

test('not set, empty and without names are all the same', () => {
  expect(domainsEqual(undefined, {})).toBe(true);
  expect(domainsEqual(domain('', ''), undefined)).toBe(true);
});

test('domainText', () => {
  expect(domainText(undefined)).toBe('{}');
  expect(domainText({})).toBe('{}');
  expect(domainText(domain('eu', 'b'))).toBe('{"fault_domain":{"region":{"name":"eu"},"zone":{"name":"b"}}}');
  expect(domainText(domain('"\\/\n\x1f\u00e9', ''))).toBe(
    '{"fault_domain":{"region":{"name":"\\"\\\\/\\n\\u001F\u00e9"},"zone":{"name":""}}}',
  );
});
