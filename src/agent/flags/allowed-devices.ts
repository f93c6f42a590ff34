import { jsonObject, type ReadText } from './notation/value.ts';
import type { FlagValues } from './values.ts';

/** One device of `--allowed_devices`. */
export interface AllowedDevice {
  /** Undefined where none is given. */
  readonly path: string | undefined;
  /** Whether it may be used for anything. */
  readonly hasAccess: boolean;
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null;

/** The devices of `--allowed_devices`; none where it is not set, or is no JSON. */
export const allowedDevices = (values: FlagValues, read: ReadText): readonly AllowedDevice[] => {
  const flag = values('allowed_devices');
  const parsed = flag.kind === 'set' ? jsonObject(flag.value, read) : undefined;
  const rows = parsed?.ok === true ? parsed.value['allowed_devices'] : undefined;
  if (!Array.isArray(rows)) return [];
  return (rows as readonly unknown[]).filter(isObject).map(({ device, access }) => {
    const path = isObject(device) ? device['path'] : undefined;
    return {
      path: typeof path === 'string' ? path : undefined,
      hasAccess: isObject(access) && ['read', 'write', 'mknod'].some((right) => access[right] === true),
    };
  });
};
