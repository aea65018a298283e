/** Files of a record as the API tells them, and what a browser can show of them without running anything. */

export interface Person {
  id: number;
  label: string;
}

export interface FileVersion {
  number: number;
  name: string;
  size: number;
  created_at: string;
  created_by: Person | null;
  restored_from: number | null;
}

export interface RecordFile {
  id: number;
  version: number;
  name: string;
  size: number;
  description: string;
  current: number;
  created_at: string;
  created_by: Person | null;
  deleted_at: string | null;
  deleted_by: Person | null;
  versions: FileVersion[];
  _verbs: string[];
}

export type PreviewKind = 'image' | 'pdf' | 'text';

/** SVG and HTML are left out on purpose: they can carry scripts. */
const IMAGES: Record<string, string> = {
  png: 'image/png',
  jpg: 'image/jpeg',
  jpeg: 'image/jpeg',
  gif: 'image/gif',
  webp: 'image/webp',
  bmp: 'image/bmp',
};
const TEXTS = new Set(['txt', 'md', 'csv', 'log', 'vcf', 'ics', 'json']);
/** Larger files are downloaded only. */
const MAX_PREVIEW = { image: 15_000_000, pdf: 25_000_000, text: 300_000 };

export function extensionOf(name: string): string {
  const dot = name.lastIndexOf('.');
  return dot > 0 ? name.slice(dot + 1).toLowerCase() : '';
}

export function previewOf(name: string, size: number): { kind: PreviewKind; type: string } | null {
  const extension = extensionOf(name);
  const found: { kind: PreviewKind; type: string } | null = IMAGES[extension]
    ? { kind: 'image', type: IMAGES[extension] }
    : extension === 'pdf'
      ? { kind: 'pdf', type: 'application/pdf' }
      : TEXTS.has(extension)
        ? { kind: 'text', type: 'text/plain' }
        : null;
  return found && size <= MAX_PREVIEW[found.kind] ? found : null;
}

/** `1.4 MB`, in the reader's language. */
export function sizeText(bytes: number, lang: string): string {
  const units = ['byte', 'kilobyte', 'megabyte', 'gigabyte'] as const;
  let value = bytes;
  let place = 0;
  while (value >= 1000 && place < units.length - 1) {
    value /= 1000;
    place += 1;
  }
  return new Intl.NumberFormat(lang, {
    style: 'unit',
    unit: units[place],
    unitDisplay: place === 0 ? 'long' : 'short',
    maximumFractionDigits: value < 10 && place > 0 ? 1 : 0,
  }).format(value);
}
