/** Runs each hook into Taiga on its own, so that a change in Taiga costs the CRM one entry and never Taiga itself. */
import { type Attributes, crm, type Scope } from './module';

/** Hook by hook: '' when it ran, else what went wrong; shown on the plugin's admin page. */
export const health: Record<string, string> = {};

/** The same function, but a failure, now or later, is one warning in the console and a line of `health`. */
export function guarded<Arguments extends unknown[]>(
  name: string,
  body: (...values: Arguments) => void | Promise<void>,
) {
  return (...values: Arguments): void => {
    try {
      body(...values)?.catch((error: unknown) => fail(name, error));
      health[name] ??= '';
    } catch (error) {
      fail(name, error);
    }
  };
}

/** Adds a second directive of the same name beside Taiga's own: it only gets to see the element. */
export function directive(
  name: string,
  restrict: 'A' | 'E',
  link: (scope: Scope, element: HTMLElement, attributes: Attributes) => void,
): void {
  const safe = guarded(name, (scope: Scope, [element]: [HTMLElement], attributes: Attributes) =>
    link(scope, element, attributes),
  );
  crm.directive(name, () => ({ restrict, link: safe }));
}

/** Leaves Angular's zone: nothing of ours may start a digest. */
export function outside<T>(body: () => T): T {
  return window.Zone ? window.Zone.root.run(body) : body();
}

export function need<T>(value: T | null | undefined | false, what: string): T {
  if (!value) throw new Error(`${what} is not where Taiga used to have it`);
  return value;
}

function fail(name: string, error: unknown): void {
  if (!health[name]) console.warn(`CRM: the hook ${name} does not fit this Taiga`, error);
  health[name] = String(error);
}
