// How the parts of the command export: docs/decisions/0018-build.md.

/** What modules export that may change afterwards: it is asked for whenever it is used. */
export const changingIn = (text) => {
  const listed = [...text.matchAll(/^export \{([^}]*)\}/gm)].flatMap(([, names]) =>
    names.split(',').map((each) => each.trim().split(' ')[0]),
  );
  return [...text.matchAll(/^(export )?(?:let|var) ([\w$]+)/gm)]
    .filter(([, isExported, name]) => isExported !== undefined || listed.includes(name))
    .map(([, , name]) => name);
};

/**
 * A part that says at its end what it exports, by value. esbuild makes each export a function that is called whenever it is
 * used, twice over, since it might change later, or be used before it is there. Here the modules say what changes (`changingIn`), but
 * for what esbuild sets when a function of the part is called (`__esm`), and no part needs at once one that needs it.
 */
export const exportedByValue = (code, changing) => {
  const [whole, list] =
    /var stdin_exports=\{\};__export\(stdin_exports,\{([^{}]*)\}\);module\.exports=__toCommonJS\(stdin_exports\);/.exec(
      code,
    ) ?? [];
  if (whole === undefined || code.includes('__esm(')) return code;
  const values = list.split(',').map((each) => {
    const [, quoted, name = quoted, value] = /^(?:"([^"]+)"|([\w$]+)):\(\)=>([\w$.]+)$/.exec(each) ?? [];
    if (value === undefined) throw new Error(`an export that is not understood: ${each}`);
    // esbuild puts a number behind a name that there is already.
    return changing.has(value.replace(/^.*\./, '').replace(/\d+$/, ''))
      ? `get ${JSON.stringify(name)}(){return ${value}}`
      : `${JSON.stringify(name)}:${value}`;
  });
  return `${code.replace(whole, '')}module.exports={__esModule:true,${values.join()}};\n`;
};

/**
 * A part that has Node's own modules as they are. esbuild makes an object of getters of each that is imported whole, in every part that imports
 * it, since a module may have no `default` of its own; the parts ask for none.
 */
export const withNodeAsItIs = (code) =>
  code.replace(/var (\w+)=__toESM\((require\("node:[\w/]+"\))\)/g, (whole, name, required) =>
    code.includes(`${name}.default`) ? whole : `var ${name}=${required}`,
  );

/** Fails where a part needs, at once, one that needs it. */
export const checkAcyclic = (outputs) => {
  const done = new Set();
  const visit = (part, above) => {
    if (above.includes(part)) throw new Error(`parts need each other: ${[...above, part].join(', ')}`);
    if (done.has(part)) return;
    for (const { path: needed, kind } of outputs[part]?.imports ?? []) {
      if (kind === 'import-statement') visit(needed, [...above, part]);
    }
    done.add(part);
  };
  for (const part of Object.keys(outputs)) visit(part, []);
};
