/** The same pages at both levels: below /crm and below /project/<slug>/crm; each screen is its own chunk. */
import { type Component, shallowRef } from 'vue';
import { createRouter, type RouteRecordRaw, type Router } from 'vue-router';
import type { Host } from './host/port';

/** The address of a page whose file did not come: offline, or the files of a former version are gone. */
export const lost = shallowRef('');

const nothing: Component = { render: () => null };

export function createCrmRouter(host: Host): Router {
  const router = createRouter({
    history: host.history,
    routes: [
      ...pages('/crm'),
      ...pages('/project/:slug/crm'),
      // The address already belongs to the host while it takes us down.
      { path: '/:elsewhere(.*)*', component: nothing },
    ],
  });
  router.onError((_error, to) => (lost.value = router.resolve(to).href));
  router.afterEach(() => (lost.value = ''));
  return router;
}

function pages(base: string): RouteRecordRaw[] {
  return [
    { path: base, component: () => import('./screens/overview/OverviewScreen.vue') },
    { path: `${base}/settings`, component: () => import('./screens/settings/SettingsScreen.vue') },
    { path: `${base}/bin`, component: () => import('./screens/bin/BinScreen.vue') },
    { path: `${base}/import`, component: () => import('./screens/import/ImportsScreen.vue') },
    { path: `${base}/import/new`, component: () => import('./screens/import/ImportScreen.vue') },
    { path: `${base}/import/:id(\\d+)`, component: () => import('./screens/import/ImportScreen.vue') },
    { path: `${base}/views`, component: () => import('./screens/views/ViewsScreen.vue') },
    { path: `${base}/favorites`, component: () => import('./screens/favorites/FavoritesScreen.vue') },
    { path: `${base}/vcards`, component: () => import('./screens/vcards/VcardScreen.vue') },
    {
      path: `${base}/settings/custom-fields`,
      component: () => import('./screens/settings/custom/CustomFieldsScreen.vue'),
    },
    {
      path: `${base}/settings/field-permissions`,
      component: () => import('./screens/settings/rules/FieldRulesScreen.vue'),
    },
    {
      path: `${base}/settings/webhooks`,
      component: () => import('./screens/settings/webhooks/WebhooksScreen.vue'),
    },
    {
      path: `${base}/settings/tokens`,
      component: () => import('./screens/settings/tokens/TokensScreen.vue'),
    },
    {
      path: `${base}/settings/security-log`,
      component: () => import('./screens/settings/security/SecurityLogScreen.vue'),
    },
    { path: `${base}/settings/vcards`, component: () => import('./screens/vcards/VcardSettings.vue') },
    // Dictionaries belong to no project: they have the same pages as every entity, at the global level.
    {
      path: `${base}/settings/:path([\\w-]+)/:rest(.*)*`,
      redirect: ({ params, query }) => ({ path: ['/crm', params.path, params.rest].flat().join('/'), query }),
    },
    { path: `${base}/:path([\\w-]+)`, component: () => import('./screens/list/ListScreen.vue') },
    {
      path: `${base}/:path([\\w-]+)/list`,
      component: () => import('./screens/list/ListScreen.vue'),
      props: { plain: true },
    },
    { path: `${base}/:path([\\w-]+)/merge`, component: () => import('./screens/merge/MergeScreen.vue') },
    { path: `${base}/:path([\\w-]+)/new`, component: () => import('./screens/form/FormScreen.vue') },
    {
      path: `${base}/:path([\\w-]+)/:id(\\d+)`,
      component: () => import('./screens/detail/DetailScreen.vue'),
    },
    {
      path: `${base}/:path([\\w-]+)/:id(\\d+)/edit`,
      component: () => import('./screens/form/FormScreen.vue'),
    },
  ];
}
