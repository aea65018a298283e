/** Rules of the house that no compiler knows. */
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import generated from '@/generated/meta.json';

const GENERIC = [
  'api',
  'kinds',
  'kit',
  'screens/list',
  'screens/detail',
  'screens/form',
  'screens/import',
  'screens/inline',
  'screens/overview',
];
const MAX_LINES = 300;

const filesOf = (folder: string) =>
  readdirSync(`src/${folder}`, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.(ts|vue|css)$/.test(entry.name))
    .map((entry) => `${entry.parentPath}/${entry.name}`);
const read = (file: string) => readFileSync(file, 'utf8');
const code = (file: string) => read(file).replace(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, '');

describe('the front', () => {
  it('has generic screens that never test the name of an entity', () => {
    const keys = Object.keys(generated.entities).join('|');
    const named = GENERIC.flatMap(filesOf).filter((file) =>
      new RegExp(`['"\`](${keys})['"\`]`).test(code(file)),
    );
    expect(named).toEqual([]);
  });

  it('touches the page around it only in the hosts', () => {
    const reaching = filesOf('').filter(
      (file) => !/\/host\//.test(file) && /\b(localStorage|angular)\b/.test(read(file)),
    );
    expect(reaching).toEqual([]);
  });

  it('keeps files short', () => {
    const scripts = filesOf('').filter((file) => !file.endsWith('.css'));
    expect(scripts.filter((file) => read(file).split('\n').length > MAX_LINES)).toEqual([]);
  });

  it('says in one sentence what every file is for', () => {
    const silent = filesOf('').filter(
      (file) => !/^(<script[^>]*>\n)?\s*\/\*/.test(read(file)) && !file.endsWith('index.css'),
    );
    expect(silent).toEqual([]);
  });
});
