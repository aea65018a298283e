/** Styles that only one page needs come with that page, and stay for the next time. */
import { useOverlay } from '@/context';

const sheets = new Map<string, CSSStyleSheet>();

export function useSheet(styles: string) {
  const root = useOverlay().getRootNode();
  if (!(root instanceof ShadowRoot)) return;
  const sheet = sheets.get(styles) ?? new CSSStyleSheet();
  if (!sheets.has(styles)) sheet.replaceSync(styles);
  sheets.set(styles, sheet);
  if (!root.adoptedStyleSheets.includes(sheet)) root.adoptedStyleSheets.push(sheet);
}
