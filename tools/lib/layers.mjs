// ESLint rule: imports point down the house (ARCHITECTURE.md, "Rooms"), never up or sideways.
import { dirname, relative, resolve, sep } from 'node:path';

/** Rooms from the ground up; a room may import rooms of a lower level, and types from rooms of its own level. */
const levels = {
  'src/core/text': 0, 'src/core/terminology': 1, 'src/core/knowledge': 2, 'src/core/evidence': 2, 'src/core/engine': 3,
  'src/core/recommend': 4, 'src/core/dataset': 5, 'src/core/evaluation': 6,
};

const roomOf = path => Object.keys(levels).find(room => path.startsWith(`${room}/`)) ?? /^(src\/(?:core|host|cli|shared)|webview)\//.exec(path)?.[1];

/** Why `from` may not import `to` (both paths from the root), or undefined. */
export function layerProblem(from, to, typeOnly) {
  const [source, target] = [roomOf(from), roomOf(to)];
  if (!source || !target || source === target) { return undefined; }
  const isCore = room => room.startsWith('src/core');
  if (source === 'webview') { return target === 'src/shared' || typeOnly && isCore(target) ? undefined : 'webview may import src/shared, and only types from src/core'; }
  if (source === 'src/shared') { return typeOnly && isCore(target) ? undefined : 'src/shared may import only types, and only from src/core'; }
  if (source === 'src/host') { return target === 'src/cli' || target === 'webview' ? 'src/host may import src/core and src/shared' : undefined; }
  if (source === 'src/cli') { return isCore(target) || target === 'src/shared' ? undefined : 'src/cli may import src/core and src/shared'; }
  if (!isCore(target)) { return 'src/core may import nothing outside src/core'; }
  const difference = (levels[target] ?? 0) - (levels[source] ?? 0);
  return difference < 0 || difference === 0 && typeOnly ? undefined : `${source} may not import ${target}: imports point down (types of a neighbour on the same level excepted)`;
}

/** The rule; it reads static imports, re-exports and import() with a literal path. */
export const layersRule = {
  meta: { type: 'problem', schema: [], messages: { layer: '{{problem}}' } },
  create(context) {
    const fromRoot = file => relative(context.cwd, file).split(sep).join('/');
    const look = (node, source, typeOnly) => {
      if (typeof source?.value !== 'string' || !source.value.startsWith('.')) { return; }
      const problem = layerProblem(fromRoot(context.filename), fromRoot(resolve(dirname(context.filename), source.value)), typeOnly);
      if (problem) { context.report({ node, messageId: 'layer', data: { problem } }); }
    };
    return {
      ImportDeclaration: node => look(node, node.source, node.importKind === 'type'),
      ExportNamedDeclaration: node => look(node, node.source, node.exportKind === 'type'),
      ExportAllDeclaration: node => look(node, node.source, node.exportKind === 'type'),
      ImportExpression: node => look(node, node.source, false),
      TSImportType: node => look(node, node.source, true),
    };
  },
};
