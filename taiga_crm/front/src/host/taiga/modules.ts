/** The CRM's switch on the Modules page of the project settings; it saves by itself, never through Taiga's form. */
import { askMe, call } from './api';
import { directive, guarded, need } from './hooks';
import { currentProject, service } from './services';
import { escaped, ICON, text } from './text';

interface Settings {
  enabled: boolean;
  can_switch: boolean;
}

directive('tgProjectModules', 'A', (_scope, element) => {
  const after = need(element.querySelector('.module-wiki'), 'the module list');
  const project = need(currentProject(), 'the project');
  const row = createRow();
  after.after(row);
  const input = row.querySelector('input') as HTMLInputElement;
  input.addEventListener('change', () => void save(project.id, row, input));
  call<Settings>('GET', `/projects/${project.id}/settings`).then(
    guarded('module switch', (settings) => paint(row, input, settings)),
    () => row.remove(),
  );
});

/** `module-direct-active` is left out: with it Taiga's own handler would save the project. */
function createRow(): HTMLElement {
  const row = document.createElement('div');
  row.className = 'module module-crm';
  row.innerHTML =
    `<div class="module-icon">${ICON}</div><div class="module-name">CRM</div>` +
    `<div class="module-desc"><p>${text('module')}</p></div><div class="module-activation"><div class="check">` +
    `<input class="activate-input" id="functionality-crm" type="checkbox" aria-label="CRM" disabled><div></div>` +
    `<span class="check-text check-yes">${text('yes')}</span><span class="check-text check-no">${text('no')}</span>` +
    `</div></div>`;
  return row;
}

function paint(row: HTMLElement, input: HTMLInputElement, { enabled, can_switch }: Settings): void {
  row.classList.toggle('active', enabled);
  row.title = can_switch ? '' : text('not_allowed');
  input.checked = enabled;
  input.disabled = !can_switch;
}

async function save(project: number, row: HTMLElement, input: HTMLInputElement): Promise<void> {
  const enabled = input.checked;
  input.disabled = true;
  try {
    paint(row, input, await call<Settings>('PATCH', `/projects/${project}/settings`, { enabled }));
    service('$tgConfirm').notify('success');
    await askMe();
  } catch (error) {
    paint(row, input, { enabled: !enabled, can_switch: true });
    service('$tgConfirm').notify('error', escaped((error as Error).message || text('failed')));
  }
}
