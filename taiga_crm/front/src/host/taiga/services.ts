/** Taiga's own services, looked up when they are used. */
import type { HostProject, HostUser } from '../port';
import type { Injector, Scope } from './module';

interface Services {
  $location: { url(): string; url(value: string): void; replace(): void };
  $rootScope: Scope;
  $route: { routes: Record<string, { keys?: { name: string }[] }> };
  $templateCache: { get(key: string): string | undefined; put(key: string, value: string): void };
  $translate: { use(): string | undefined; preferredLanguage(): string };
  $tgConfirm: { notify(kind: string, message?: string): void };
  $tgHttp: { get(url: string): PromiseLike<unknown> };
  $tgStorage: { get(key: string): unknown };
  $tgUrls: { resolve(name: string): string };
  tgAppMetaService: { setAll(title: string, description: string): void };
  tgErrorHandlingService: { notfound(): void; permissionDenied(): void };
  tgProjectService: { project: { get(name: string): unknown } | null; section: string | null };
}

let injector: Injector;

export function useInjector(value: Injector): void {
  injector = value;
}

export function service<Name extends keyof Services>(name: Name): Services[Name] {
  return injector.get<Services[Name]>(name);
}

export function currentUser(): HostUser | null {
  const stored = service('$tgStorage').get('userInfo') as Record<string, string> | null;
  if (!stored) return null;
  const { id, username = '', full_name_display, full_name = '' } = stored;
  return { id: Number(id), username, full_name: full_name_display || full_name || username };
}

export function currentProject(): HostProject | null {
  const project = service('tgProjectService').project;
  if (!project) return null;
  return {
    id: Number(project.get('id')),
    slug: String(project.get('slug')),
    name: String(project.get('name')),
  };
}

export function language(): string {
  return service('$translate').use() || service('$translate').preferredLanguage();
}

/** Only AngularJS writes the address in Taiga. */
export function visit(url: string, replace = false): void {
  service('$location').url(url);
  if (replace) service('$location').replace();
  service('$rootScope').$applyAsync();
}

/** '' or '/taiga': the prefix under which Taiga's pages lie. */
export function basePath(): string {
  return (window.taigaConfig.baseHref ?? '/').replace(/\/$/, '');
}
