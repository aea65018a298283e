/** What the app asks before the person leaves a page with unsaved work. */
type Question = (() => string | null) | null;

let question: Question = null;
let agreed: (() => void) | undefined;

export function guardLeaving(value: Question, onAgreed?: () => void): void {
  question = value;
  agreed = onAgreed;
}

/** True when nothing would be lost or the person agrees; an agreed guard is gone. */
export function leavingAgreed(): boolean {
  const asked = question?.() ?? null;
  if (asked === null) return true;
  if (!window.confirm(asked)) return false;
  question = null;
  agreed?.();
  return true;
}

window.addEventListener('beforeunload', (event) => {
  if (question?.()) event.preventDefault();
});
