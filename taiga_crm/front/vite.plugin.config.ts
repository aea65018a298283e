/** The Taiga plugin: one small classic script that Taiga loads at boot and that imports the app when needed. */
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';

const path = (relative: string) => fileURLToPath(new URL(relative, import.meta.url));

export default defineConfig({
  resolve: { alias: { '@': path('./src') } },
  define: {
    __CRM_ENTRY__: JSON.stringify(process.env.CRM_ENTRY ?? 'app/crm.js'),
    __CRM_PANELS__: JSON.stringify(process.env.CRM_PANELS ?? 'app/panels.js'),
  },
  build: {
    outDir: path('../static/taiga_crm'),
    emptyOutDir: false,
    copyPublicDir: false,
    target: 'es2020',
    reportCompressedSize: false,
    rolldownOptions: {
      input: path('./src/host/taiga.ts'),
      output: { format: 'iife', entryFileNames: 'crm.js' },
    },
  },
});
