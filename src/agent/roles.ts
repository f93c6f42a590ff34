/** The role of what is not reserved. */
export const UNRESERVED_ROLE = '*';

const BLANK_OR_DELETE = /[\t\n\v\f\r \x7f]/;

/** What is wrong with a role's name, in the agent's words, or null. Mirrors `roles::validate`. */
export function validateRole(role: string): string | null {
  if (role === UNRESERVED_ROLE) {
    return null;
  }
  if (role.startsWith('/')) {
    return `Role '${role}' cannot start with a slash`;
  }
  if (role.endsWith('/')) {
    return `Role '${role}' cannot end with a slash`;
  }
  if (role.includes('//')) {
    return `Role '${role}' cannot contain two adjacent slashes`;
  }
  if (role === '') {
    return 'Role names cannot be the empty string';
  }
  for (const component of role.split('/')) {
    const error = validateComponent(role, component);
    if (error !== null) {
      return error;
    }
  }
  return null;
}

function validateComponent(role: string, component: string): string | null {
  if (component === '.' || component === '..' || component === UNRESERVED_ROLE) {
    return `Role '${role}' cannot include '${component}' as a component`;
  }
  if (component.startsWith('-')) {
    return `Role component '${component}' is invalid because it starts with a dash`;
  }
  if (BLANK_OR_DELETE.test(component)) {
    return `Role component '${component}' is invalid because it contains backspace or whitespace`;
  }
  return null;
}

/** Whether `role` lies below `ancestor`: `web/eu` below `web`. Mirrors `roles::isStrictSubroleOf`. */
export function isStrictSubroleOf(role: string, ancestor: string): boolean {
  return role.startsWith(`${ancestor}/`);
}
