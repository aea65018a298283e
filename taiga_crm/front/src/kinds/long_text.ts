/** Several lines of text. */
import LongTextEdit from './edit/LongTextEdit.vue';
import type { KindSpec } from './kind';
import LongTextShow from './show/LongTextShow.vue';
import { text } from './text';

export const long_text: KindSpec = { ...text, edit: LongTextEdit, show: LongTextShow, wide: true };
