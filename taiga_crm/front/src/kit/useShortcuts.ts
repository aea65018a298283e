/** Single-key shortcuts of the page that is shown, silent while the person types or a dialog is open. */
import { onBeforeUnmount, onMounted } from 'vue';
import { useOverlay } from '@/context';

export function useShortcuts(keys: Record<string, () => void>) {
  const overlay = useOverlay();

  function onKey(event: KeyboardEvent) {
    const action = keys[event.key];
    if (!action || event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
    if (isTyping(event) || overlay.childElementCount > 0) return;
    event.preventDefault();
    action();
  }

  onMounted(() => overlay.ownerDocument.addEventListener('keydown', onKey));
  onBeforeUnmount(() => overlay.ownerDocument.removeEventListener('keydown', onKey));
}

function isTyping(event: KeyboardEvent): boolean {
  const [target] = event.composedPath();
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName))
  );
}
