/** The standalone shell: a page with login, projects and tickets around the same app. */
import { fileURLToPath } from 'node:url';
import vue from '@vitejs/plugin-vue';
import { defineConfig } from 'vite';

const path = (relative: string) => fileURLToPath(new URL(relative, import.meta.url));

export default defineConfig(({ command }) => ({
  base: command === 'build' ? '/static/taiga_crm/standalone/' : '/',
  plugins: [vue({ features: { optionsAPI: false } })],
  resolve: { alias: { '@': path('./src') } },
  // While developing, the shell imports the sources themselves.
  define: {
    __CRM_ENTRY__: JSON.stringify(
      command === 'build' ? `/static/taiga_crm/${process.env.CRM_ENTRY ?? 'app/crm.js'}` : '/src/main.ts',
    ),
    __CRM_PANELS__: JSON.stringify(
      command === 'build'
        ? `/static/taiga_crm/${process.env.CRM_PANELS ?? 'app/panels.js'}`
        : '/src/panel/main.ts',
    ),
  },
  server: {
    port: Number(process.env.CRM_DEV_PORT ?? 5173),
    proxy: { '/api': process.env.CRM_DEV_BACKEND ?? 'http://127.0.0.1:8000' },
  },
  build: {
    outDir: path('../static/taiga_crm/standalone'),
    emptyOutDir: true,
    target: 'es2022',
    cssCodeSplit: false,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    chunkSizeWarningLimit: 1000,
    rolldownOptions: {
      input: path('./index.html'),
      output: {
        entryFileNames: '[name]-[hash].js',
        chunkFileNames: '[name]-[hash].js',
        assetFileNames: '[name]-[hash][extname]',
      },
    },
  },
}));
