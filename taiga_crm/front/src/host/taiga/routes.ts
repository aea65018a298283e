/** The CRM's pages as routes of Taiga: one view per project, its sub-pages belong to the app. */
import { askMe, crmOf, knownMe, mayEnter } from './api';
import { createApp } from './app';
import { directive, guarded, need, outside } from './hooks';
import { createHost } from './host';
import { crm, type Scope } from './module';
import { currentProject, service } from './services';
import { text } from './text';

interface RouteProvider {
  when(path: string, route: object): void;
}

let provider: RouteProvider | null = null;

crm.config([
  '$routeProvider',
  (value: RouteProvider) => {
    provider = value;
  },
]);

/** In run(), because Taiga wraps `when` (language and project are loaded first) after our config block. */
export const addRoutes = guarded('routes', () => {
  const { when } = need(provider, '$routeProvider') && { when: provider as RouteProvider };
  addRoute(when, '/crm', '<div class="wrapper"><div class="crm-view" crm-view></div></div>');
  addRoute(
    when,
    '/project/:pslug/crm',
    '<div class="wrapper"><tg-project-menu></tg-project-menu><div class="crm-view" crm-view></div></div>',
  );
});

directive('crmView', 'A', (scope, element) => {
  let gone = false;
  scope.$on('$destroy', () => {
    gone = true;
    element.replaceChildren();
  });
  void show(element, () => gone);
});

function addRoute(routes: RouteProvider, base: string, template: string): void {
  const path = `${base}/:rest*?`;
  routes.when(path, { template, section: 'crm', reloadOnSearch: false, access: { requiresLogin: true } });
  // Without this key a step below the base is no change of parameters, so ngRoute keeps the view.
  const route = service('$route').routes[path];
  if (route?.keys) route.keys = route.keys.filter((key) => key.name !== 'rest');
}

async function show(element: HTMLElement, isGone: () => boolean): Promise<void> {
  const refusal = await refusalHere();
  if (isGone()) return;
  if (refusal) return refuse(refusal);
  try {
    const app = await createApp(createHost());
    if (!isGone()) outside(() => element.replaceChildren(app));
  } catch (error) {
    console.warn('CRM: the app could not be loaded', error);
    if (!isGone()) service('$tgConfirm').notify('error', text('failed'));
  }
}

type Refusal = 'notfound' | 'permissionDenied';

async function refusalHere(): Promise<Refusal | null> {
  const me = knownMe() ?? (await askMe());
  // Without an answer the app itself shows what is wrong.
  if (!me) return null;
  const project = currentProject();
  if (!project) return me.can.enter_global ? null : 'permissionDenied';
  const here = crmOf(project.slug, me);
  if (!here) return me.projects.some(({ slug }) => slug === project.slug) ? 'notfound' : 'permissionDenied';
  return mayEnter(here) ? null : 'permissionDenied';
}

function refuse(refusal: Refusal): void {
  (service('$rootScope') as Scope).$applyAsync(() => service('tgErrorHandlingService')[refusal]());
}
