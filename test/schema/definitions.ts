import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import protobuf from 'protobufjs';

const FOLDER = fileURLToPath(new URL('../../src/schema/proto/', import.meta.url));

/** The .proto files as protobufjs reads them, imports included: a second opinion on the generated table. */
export function readDefinitions(): protobuf.Root {
  const files = readdirSync(FOLDER, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.proto'));
  const root = new protobuf.Root();
  root.resolvePath = (_origin, target) => FOLDER + target;
  root.loadSync(files.sort(), { keepCase: true }).resolveAll();
  return root;
}

/** The messages and enumerations of a root, at any depth. */
export function typesOf(namespace: protobuf.NamespaceBase): { types: protobuf.Type[]; enums: protobuf.Enum[] } {
  const types: protobuf.Type[] = [];
  const enums: protobuf.Enum[] = [];
  for (const object of namespace.nestedArray) {
    if (object instanceof protobuf.Enum) enums.push(object);
    if (object instanceof protobuf.Type) types.push(object);
    if (object instanceof protobuf.Namespace) {
      const below = typesOf(object);
      types.push(...below.types);
      enums.push(...below.enums);
    }
  }
  return { types, enums };
}

/** `.mesos.Value` -> `mesos.Value` */
export function fullName(object: protobuf.ReflectionObject): string {
  return object.fullName.replace(/^\./, '');
}
