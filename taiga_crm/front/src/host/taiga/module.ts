/** The AngularJS module, defined before anything else: Taiga does not boot when a plugin's module is missing. */
export interface Scope {
  $watch(expression: () => unknown, listener: (value: unknown) => void): () => void;
  $on(event: string, listener: (event: { preventDefault(): void }, ...rest: unknown[]) => void): () => void;
  $applyAsync(body?: () => void): void;
  [name: string]: unknown;
}

export interface Attributes {
  [name: string]: string | undefined;
}

export interface Injector {
  get<T>(name: string): T;
}

interface AngularModule {
  config(body: [string, (service: never) => void]): void;
  run(body: [string, (injector: Injector) => void]): void;
  directive(name: string, factory: () => object): void;
}

declare global {
  interface Window {
    angular: { module(name: string, requires: string[]): AngularModule };
    taigaConfig: { api: string; baseHref?: string };
    Zone?: { root: { run<T>(body: () => T): T } };
  }
}

export const crm = window.angular.module('taigaContrib.crm', []);

/** Where this script lies; the app's chunks lie beside it. */
export const home = new URL('.', (document.currentScript as HTMLScriptElement).src).href;
