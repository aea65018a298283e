/** Starts the standalone shell: the same widgets and tokens as the app, in a document of its own. */
import { createApp, watchEffect } from 'vue';
import { Client } from '@/api/client';
import { CLIENT, HOST, OVERLAY, SESSION } from '@/context';
import { createI18n, I18N } from '@/i18n';
import { createSession } from '@/session';
import appStyles from '@/styles/index.css?inline';
import { language } from './standalone/language';
import StandaloneShell from './standalone/StandaloneShell.vue';
import shellStyles from './standalone/shell.css?inline';
import { crmHost } from './standalone/store';

async function start() {
  const sheet = new CSSStyleSheet();
  // The app's tokens and widgets are written for a shadow root.
  sheet.replaceSync(appStyles.replaceAll(':host', ':root') + shellStyles);
  document.adoptedStyleSheets = [sheet];

  const overlay = document.createElement('div');
  document.body.append(overlay);
  const host = crmHost();
  const i18n = createI18n();
  await i18n.speak(language.value);
  watchEffect(() => {
    document.documentElement.lang = language.value;
    void i18n.speak(language.value);
  });
  const client = new Client(host);
  createApp(StandaloneShell)
    .provide(HOST, host)
    .provide(CLIENT, client)
    .provide(SESSION, createSession(client))
    .provide(OVERLAY, overlay)
    .provide(I18N, i18n)
    .mount('#shell');
}

void start();
