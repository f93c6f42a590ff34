import { expect, test } from 'vitest';
import { isStrictSubroleOf, validateRole } from '../../src/agent/roles.ts';

test.each(['*', 'web', 'web/eu/1', 'a-b', '...'])('%s is valid', (role) => {
  expect(validateRole(role)).toBeNull();
});

test.each([
  ['', 'Role names cannot be the empty string'],
  ['/web', "Role '/web' cannot start with a slash"],
  ['web/', "Role 'web/' cannot end with a slash"],
  ['web//eu', "Role 'web//eu' cannot contain two adjacent slashes"],
  ['web/.', "Role 'web/.' cannot include '.' as a component"],
  ['..', "Role '..' cannot include '..' as a component"],
  ['web/*', "Role 'web/*' cannot include '*' as a component"],
  ['web/-eu', "Role component '-eu' is invalid because it starts with a dash"],
  ['a b', "Role component 'a b' is invalid because it contains backspace or whitespace"],
  ['a\x7f', "Role component 'a\x7f' is invalid because it contains backspace or whitespace"],
])('%j is not valid', (role, error) => {
  expect(validateRole(role)).toBe(error);
});

test('isStrictSubroleOf', () => {
  expect(isStrictSubroleOf('web/eu', 'web')).toBe(true);
  expect(isStrictSubroleOf('web', 'web')).toBe(false);
  expect(isStrictSubroleOf('website', 'web')).toBe(false);
});
