// What `import.meta.url` is in a part of the command that was made CommonJS.
import { pathToFileURL } from 'node:url';

export const fileUrl = /* @__PURE__ */ pathToFileURL(__filename).href;
