/** Says the whole of a text that is cut with an ellipsis: as its title, as soon as one points at it. */

const OURS = new WeakSet<Element>();

function isCut(element: HTMLElement): boolean {
  const { textOverflow, webkitLineClamp } = getComputedStyle(element);
  if (textOverflow === 'ellipsis') return element.scrollWidth > element.clientWidth;
  return webkitLineClamp > '0' && element.scrollHeight > element.clientHeight;
}

/** Called for what one points at; a title that is there already stays. */
export function tellCut(target: EventTarget | null) {
  for (let at = target as HTMLElement | null; at?.parentElement; at = at.parentElement) {
    if (at.title && !OURS.has(at)) return;
    if (!isCut(at)) continue;
    at.title = at.textContent.trim().replace(/\s+/g, ' ');
    OURS.add(at);
    return;
  }
}
