/** The CRM's entry in the project menu, painted into the menu's shadow root and painted again when Angular redraws it. */
import { crmOf, mayEnter, onMe } from './api';
import { guardClicks } from './guard';
import { directive, guarded, need, outside } from './hooks';
import { basePath, currentProject, service, visit } from './services';
import { ICON } from './text';

const ENTRY = 'crm-entry';
const FLYOUT = 'crm-flyout';

directive('tgLegacyLoader', 'E', (scope, element) => {
  const root = need(element.shadowRoot, "the menu's shadow root");
  const repaint = guarded('menu', () => paint(root));
  const observer = outside(() => new MutationObserver(repaint));
  observer.observe(root, { childList: true, subtree: true, attributes: true, attributeFilter: ['class'] });
  const stopMe = onMe(repaint);
  const stopWatch = scope.$watch(stateOfMenu, repaint);
  guardClicks(root);
  scope.$on('$destroy', () => {
    observer.disconnect();
    stopMe();
    stopWatch();
  });
});

function stateOfMenu(): string {
  return `${currentProject()?.slug} ${service('tgProjectService').section}`;
}

/** Changes only what differs, because every change calls it again. */
function paint(root: ShadowRoot): void {
  const list = root.querySelector('ul.main-menu:not(.menu-secondary)');
  if (!list) return;
  const slug = currentProject()?.slug;
  const shown = mayEnter(crmOf(slug));
  let entry = root.querySelector<HTMLElement>(`.${ENTRY}`);
  if (!shown || entry?.dataset.slug !== slug) {
    entry?.remove();
    entry = null;
  }
  if (!shown || !slug) return;
  entry ??= createEntry(root, list, slug);
  if (list.lastElementChild !== entry) list.append(entry);
  mark(entry, root);
}

function mark(entry: HTMLElement, root: ShadowRoot): void {
  entry.classList.toggle('active', service('tgProjectService').section === 'crm');
  const label = entry.querySelector<HTMLElement>('.menu-option-text');
  const opacity = isCollapsed(root) ? '0' : '1';
  if (label && label.style.opacity !== opacity) label.style.opacity = opacity;
}

function createEntry(root: ShadowRoot, list: Element, slug: string): HTMLElement {
  const url = `/project/${slug}/crm`;
  const entry = fragment(
    list,
    `<li class="menu-option ${ENTRY}"><a href="${basePath()}${url}" title="CRM">${ICON}<span class="menu-option-text" style="transition:opacity .1s">CRM</span></a></li>`,
  );
  entry.dataset.slug = slug;
  entry.addEventListener('click', (event) => follow(event, url));
  entry.addEventListener('mouseenter', () => openFlyout(root, entry, url));
  entry.addEventListener('mouseleave', () => closeFlyoutSoon(root));
  return entry;
}

/** Taiga's own fly-out of the collapsed menu cannot be asked for, so this is one of its looks. */
function openFlyout(root: ShadowRoot, entry: HTMLElement, url: string): void {
  closeFlyout(root);
  if (!isCollapsed(root)) return;
  const flyout = fragment(
    entry,
    `<div class="dialog open ${FLYOUT}"><div class="dialog-main menu-option"><a class="main-link" href="${basePath()}${url}"><span class="dialog-text">CRM</span></a></div></div>`,
  );
  flyout.style.cssText = `left:48px;top:${entry.offsetTop}px`;
  (flyout.querySelector('a') as HTMLElement).style.height = `${entry.offsetHeight}px`;
  flyout.addEventListener('click', (event) => follow(event, url));
  flyout.addEventListener('mouseleave', () => closeFlyoutSoon(root));
  entry.classList.add('active-dialog');
  navigation(root)?.append(flyout);
}

/** Leaves time to move the mouse from the entry to the fly-out. */
function closeFlyoutSoon(root: ShadowRoot): void {
  setTimeout(() => {
    if (!root.querySelector(`.${FLYOUT}:hover`)) closeFlyout(root);
  }, 100);
}

function closeFlyout(root: ShadowRoot): void {
  root.querySelector(`.${FLYOUT}`)?.remove();
  root.querySelector(`.${ENTRY}`)?.classList.remove('active-dialog');
}

function follow(event: MouseEvent, url: string): void {
  if (event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
  event.preventDefault();
  visit(url);
}

/** Angular's emulated styles apply to nodes that carry its `_ngcontent-…` attribute. */
function fragment(sibling: Element, html: string): HTMLElement {
  const scope = [...sibling.attributes].find(({ name }) => name.startsWith('_ngcontent'))?.name;
  const template = document.createElement('template');
  template.innerHTML = html;
  if (scope) for (const node of template.content.querySelectorAll('*')) node.setAttribute(scope, '');
  return template.content.firstElementChild as HTMLElement;
}

function isCollapsed(root: ShadowRoot): boolean {
  return !!navigation(root)?.classList.contains('collapsed');
}

function navigation(root: ShadowRoot): Element | null {
  return root.querySelector('tg-project-navigation');
}
