/** Prints gzip sizes of the build and fails when the plugin or the shell is over its budget. */
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';

const output = fileURLToPath(new URL('../../static/taiga_crm/', import.meta.url));
const BUDGET_KB = { plugin: 8, shell: 60 };
const { entry } = JSON.parse(readFileSync(`${output}crm.json`, 'utf8'));

const shell = staticImports(entry.replace('app/', ''));
const sizes = {
  plugin: gzipped('crm.js'),
  shell: [...shell].reduce((sum, file) => sum + gzipped(`app/${file}`), 0),
};
for (const file of readdirSync(`${output}app`).sort()) {
  console.log(`${kb(gzipped(`app/${file}`)).padStart(8)}  ${file}${shell.has(file) ? '  (shell)' : ''}`);
}
let failed = false;
for (const [name, bytes] of Object.entries(sizes)) {
  const over = bytes > BUDGET_KB[name] * 1000;
  failed ||= over;
  console.log(`${kb(bytes).padStart(8)}  ${name} of ${BUDGET_KB[name]} kB gz${over ? '  OVER BUDGET' : ''}`);
}
process.exit(failed ? 1 : 0);

/** The entry and everything the browser must load before it runs. */
function staticImports(file, found = new Set()) {
  if (found.has(file)) return found;
  found.add(file);
  const source = readFileSync(`${output}app/${file}`, 'utf8');
  for (const match of source.matchAll(/(?:\bfrom|\bimport)\s*["']\.\/([^"']+\.js)["']/g))
    staticImports(match[1], found);
  return found;
}

function gzipped(file) {
  return gzipSync(readFileSync(output + file), { level: 9 }).length;
}

function kb(bytes) {
  return `${(bytes / 1000).toFixed(1)} kB`;
}
