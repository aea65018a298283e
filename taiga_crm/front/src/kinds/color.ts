/** A colour. */
import ColorEdit from './edit/ColorEdit.vue';
import type { KindSpec } from './kind';
import ColorShow from './show/ColorShow.vue';
import { text } from './text';

export const color: KindSpec = { ...text, show: ColorShow, edit: ColorEdit };
