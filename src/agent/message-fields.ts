/** Whether both are not set, or both are and equal. */
export function bothUnsetOr<T>(
  left: T | undefined,
  right: T | undefined,
  equal: (left: T, right: T) => boolean,
): boolean {
  return left === undefined || right === undefined ? left === right : equal(left, right);
}
