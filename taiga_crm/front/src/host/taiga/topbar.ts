/** The link to the global CRM in the top bar, put into Taiga's template before it is first compiled. */
import { knownMe, onMe } from './api';
import { directive, guarded } from './hooks';
import { basePath, service, visit } from './services';

const TEMPLATE = 'navigation-bar/navigation-bar.html';
const ANCHOR = /<div[^>]*\btg-dropdown-project-list\b[^>]*><\/div>/;
const LINK = '<a ng-if="vm.isAuthenticated" class="crm-top-link" href="" crm-top-link>CRM</a>';

export const patchTopBar = guarded('top bar', () => {
  const html = service('$templateCache').get(TEMPLATE) ?? '';
  if (!ANCHOR.test(html)) throw new Error('the place in the top bar was not found');
  service('$templateCache').put(
    TEMPLATE,
    html.replace(ANCHOR, (anchor) => anchor + LINK),
  );
});

directive('crmTopLink', 'A', (scope, element) => {
  const link = element as HTMLAnchorElement;
  const paint = () => {
    link.hidden = !knownMe()?.can.enter_global;
    link.classList.toggle('active', /^\/crm\b/.test(service('$location').url()));
  };
  link.href = `${basePath()}/crm`;
  link.addEventListener('click', (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    visit('/crm');
  });
  const stops = [onMe(paint), scope.$on('$destroy', () => stops.forEach((stop) => void stop()))];
  scope.$watch(() => service('$location').url(), paint);
  paint();
});
