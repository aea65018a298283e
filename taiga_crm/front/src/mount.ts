/** Mounts a Vue component inside an open shadow root with the one stylesheet and a node for overlays. */
import { type App, type Component, createApp } from 'vue';
import { Client } from './api/client';
import { CLIENT, HOST, OVERLAY, SESSION } from './context';
import type { Host } from './host/port';
import { createI18n, I18N } from './i18n';
import { createSession } from './session';
import styles from './styles/index.css?inline';

let sheet: CSSStyleSheet | undefined;
/** One listener for all mounts: a root that is mounted again does not get a second one. */
const tell = ({ target }: Event) =>
  void import('./kit/cutText').then(
    ({ tellCut }) => tellCut(target),
    () => undefined, // offline: a title less
  );

export interface Mounted {
  app: App;
  unmount(): void;
}

/** `prepare` may add plugins (a router) before the app appears; without a session nothing is asked of the server. */
export function mountInShadow(
  element: HTMLElement,
  component: Component,
  host: Host,
  props: Record<string, unknown> = {},
  prepare: (app: App) => void = () => {},
  withSession = true,
): Mounted {
  const root = element.shadowRoot ?? element.attachShadow({ mode: 'open' });
  root.adoptedStyleSheets = [theSheet()];
  const body = document.createElement('div');
  const overlay = document.createElement('div');
  body.className = 'crm-body';
  overlay.className = 'crm-overlay';
  root.replaceChildren(body, overlay);
  root.addEventListener('mouseover', tell);

  const client = new Client(host);
  const session = createSession(client);
  const i18n = createI18n();
  const app = createApp(component, props);
  app
    .provide(HOST, host)
    .provide(CLIENT, client)
    .provide(SESSION, session)
    .provide(OVERLAY, overlay)
    .provide(I18N, i18n);
  prepare(app);

  let gone = false;
  const start = async () => {
    element.lang = host.lang();
    await i18n.speak(host.lang());
    if (!gone && withSession) await session.load();
  };
  const stopListening = host.onLangChange(() => void start());
  void i18n.speak(host.lang()).then(() => {
    if (gone) return;
    app.mount(body);
    void start();
  });
  return {
    app,
    unmount() {
      gone = true;
      stopListening();
      if (body.hasChildNodes()) app.unmount();
      root.replaceChildren();
    },
  };
}

function theSheet(): CSSStyleSheet {
  if (!sheet) {
    sheet = new CSSStyleSheet();
    sheet.replaceSync(styles);
  }
  return sheet;
}
