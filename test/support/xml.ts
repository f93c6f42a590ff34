/** A strict reader of the XML that is written here: elements, attributes and texts, by the grammar of XML 1.0. */

/** An element that was read. */
export interface Element {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: Element[];
  text: string;
}

const NAME = '[A-Za-z_][A-Za-z0-9_.-]*';
/** What XML 1.0 allows at all (production 2, Char). */
const CHARACTERS = /^[\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]*$/u;
const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

const decoded = (text: string): string => {
  if (/[<]|&(?!(?:amp|lt|gt|quot|apos);)/.test(text)) throw new Error(`not escaped: ${text}`);
  return text.replace(/&(\w+);/g, (_, name: string) => ENTITIES[name] ?? '');
};

/** Reads a document; throws where it is not well-formed. */
export const readXml = (document: string): Element => {
  if (!CHARACTERS.test(document)) throw new Error('a character that XML forbids');
  const head = '<?xml version="1.0" encoding="UTF-8"?>\n';
  if (!document.startsWith(head)) throw new Error('no XML declaration');
  const top: Element = { name: '', attributes: {}, children: [], text: '' };
  const open = [top];
  const token = new RegExp(`<(/?)(${NAME})((?:\\s+${NAME}="[^"<]*")*)\\s*(/?)>|([^<]+)`, 'gy');
  token.lastIndex = head.length;
  while (token.lastIndex < document.length) {
    const at = token.lastIndex;
    const match = token.exec(document);
    const current = open.at(-1);
    if (match === null || current === undefined) throw new Error(`no markup at ${document.slice(at, at + 60)}`);
    const [, isEnd, name = '', attributes = '', isEmpty, text] = match;
    if (text !== undefined) current.text += decoded(text);
    else if (isEnd === '/') {
      if (current.name !== name || attributes !== '') throw new Error(`</${name}> ends ${current.name}`);
      open.pop();
    } else {
      const element: Element = { name, attributes: attributesOf(attributes), children: [], text: '' };
      current.children.push(element);
      if (isEmpty !== '/') open.push(element);
    }
  }
  const [root, ...more] = top.children;
  if (open.length !== 1 || root === undefined || more.length > 0) throw new Error('not one element that is closed');
  return root;
};

const attributesOf = (text: string): Readonly<Record<string, string>> => {
  const found: Record<string, string> = {};
  for (const [, name = '', value = ''] of text.matchAll(new RegExp(`\\s+(${NAME})="([^"<]*)"`, 'g'))) {
    if (name in found) throw new Error(`${name} comes twice`);
    found[name] = decoded(value);
  }
  return found;
};
