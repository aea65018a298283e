/** Asks before unsaved work is lost by a way only Taiga sees: back and forward, its menus, closing the tab. */
import { isCrm } from '../history';
import { service } from './services';

type Question = (() => string | null) | null;

let question: Question = null;
let agreed: (() => void) | undefined;

export function guardLeaving(value: Question, onAgreed?: () => void): void {
  question = value;
  agreed = onAgreed;
}

/** True when nothing would be lost or the person agrees; an agreed guard is gone. */
export function mayLeave(): boolean {
  const asked = question?.() ?? null;
  if (asked === null) return true;
  if (!window.confirm(asked)) return false;
  question = null;
  agreed?.();
  return true;
}

/** Our router asks by itself before its own steps; this one is for everybody else's. */
export function watchLeaving(ours: () => boolean): void {
  service('$rootScope').$on('$locationChangeStart', (event, to, from) => {
    if (!ours() && to !== from && wasCrm(String(from)) && !mayLeave()) event.preventDefault();
  });
  window.addEventListener('beforeunload', (event) => {
    if (question?.()) event.preventDefault();
  });
}

/** A menu entry vetoed later would go dead, because Angular's router already believes to be there. */
export function guardClicks(root: ShadowRoot): void {
  root.addEventListener(
    'click',
    (event) => {
      const link = event.composedPath().find((node) => node instanceof HTMLAnchorElement);
      if (!link || mayLeave()) return;
      event.preventDefault();
      event.stopImmediatePropagation();
    },
    true,
  );
}

function wasCrm(url: string): boolean {
  const path = new URL(url).pathname;
  const prefix = (window.taigaConfig.baseHref ?? '/').replace(/\/$/, '');
  return isCrm(path.slice(prefix.length));
}
