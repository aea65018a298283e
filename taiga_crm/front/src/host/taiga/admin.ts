/** The plugin's page in the project settings: what roles may do in the CRM, and whether every hook found its place. */
import { createPanel } from './app';
import { directive, guarded, health, need, outside } from './hooks';
import { createHost, inPage } from './host';
import { currentProject, service } from './services';
import { escaped, text } from './text';

const TEMPLATE = 'crm-admin';

export const addAdminPage = guarded('admin page', () => {
  service('$templateCache').put(TEMPLATE, '<header><h1>CRM</h1></header><div crm-admin></div>');
});

directive('crmAdmin', 'A', (scope, element) => {
  scope.$on('$destroy', () => element.replaceChildren());
  show(element);
});

const show = guarded('access panel', async (element: HTMLElement) => {
  const { slug, name } = need(currentProject(), 'the project');
  service('tgAppMetaService').setAll(escaped(`CRM - ${name}`), '');
  const panel = await createPanel('taiga-crm-access', createHost(inPage(`/project/${slug}/crm/settings`)));
  outside(() => element.append(panel, report()));
});

function report(): HTMLElement {
  const details = document.createElement('details');
  details.className = 'crm-health';
  const lines = Object.entries(health).map(
    ([name, problem]) => `<li>${name}: ${escaped(problem) || '✓'}</li>`,
  );
  details.innerHTML = `<summary>${text('checks')}</summary><ul>${lines.join('')}</ul>`;
  details.open = Object.values(health).some(Boolean);
  return details;
}
