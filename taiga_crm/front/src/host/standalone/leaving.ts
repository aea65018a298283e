/** What the app asks before the person leaves a page with unsaved work. */
type Question = (() => string | null) | null;

let question: Question = null;

export function guardLeaving(value: Question): void {
  question = value;
}

/** True when nothing would be lost or the person agrees; an agreed guard is gone. */
export function leavingAgreed(): boolean {
  const asked = question?.() ?? null;
  if (asked !== null && !window.confirm(asked)) return false;
  question = null;
  return true;
}

window.addEventListener('beforeunload', (event) => {
  if (question?.()) event.preventDefault();
});
