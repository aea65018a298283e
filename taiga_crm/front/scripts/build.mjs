/** Builds the app, then the two shells with the app's hashed entry baked in, then Taiga's manifest. */
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';

const path = (relative) => fileURLToPath(new URL(relative, import.meta.url));
const output = path('../../static/taiga_crm/');
const { version } = JSON.parse(readFileSync(path('../package.json'), 'utf8'));

await bundle('vite.config.ts');
process.env.CRM_ENTRY = `app/${entryOf('crm')}`;
process.env.CRM_PANELS = `app/${entryOf('panels')}`;
await bundle('vite.plugin.config.ts');
await bundle('vite.standalone.config.ts');
rmSync(`${output}app/.vite`, { recursive: true });

writeFileSync(
  `${output}crm.json`,
  `${JSON.stringify(
    {
      isPack: true,
      name: 'CRM',
      slug: 'crm',
      version,
      // The name carries the version because Taiga's own cache headers are long. Without a leading
      // slash it is below Taiga's <base href>, which may be a sub path.
      js: `static/taiga_crm/crm.js?v=${process.env.CRM_ENTRY.replace(/^app\/crm-|\.js$/g, '')}`,
      entry: process.env.CRM_ENTRY,
      plugins: [
        { name: 'CRM', slug: 'crm', type: 'admin', module: 'taigaContrib.crm', template: 'crm-admin' },
      ],
    },
    null,
    2,
  )}\n`,
);
console.log(`built ${process.env.CRM_ENTRY}`);

async function bundle(config) {
  await build({ configFile: path(`../${config}`), root: path('..'), logLevel: 'warn' });
}

function entryOf(name) {
  const chunks = Object.values(JSON.parse(readFileSync(`${output}app/.vite/manifest.json`, 'utf8')));
  const entry = chunks.find((chunk) => chunk.isEntry && chunk.name === name);
  if (!entry) throw new Error(`the build has no entry ${name}`);
  return entry.file;
}
