/**
 * Korean particles: which of two forms is right depends on the sound before it.
 *
 * The catalogue writes both after a name: `{name}을(를)`. Where the sound is known the right one
 * stays; where a foreign word can be read in several ways both stay, as is usual in print.
 */

/** Each pair as it is written, the form after a consonant, and the one after a vowel. */
const PAIRS: Record<string, [string, string]> = {
  '을(를)': ['을', '를'],
  '이(가)': ['이', '가'],
  '은(는)': ['은', '는'],
  '과(와)': ['과', '와'],
  '(으)로': ['으로', '로'],
};
const WRITTEN = /([\p{L}\p{N}])([^\p{L}\p{N}\s]*)(을\(를\)|이\(가\)|은\(는\)|과\(와\)|\(으\)로)/gu;

type Sound = 'vowel' | 'l' | 'consonant';
/** 영 일 이 삼 사 오 육 칠 팔 구 */
const DIGITS: Sound[] = [
  'consonant',
  'l',
  'vowel',
  'consonant',
  'vowel',
  'vowel',
  'consonant',
  'l',
  'l',
  'vowel',
];
const SYLLABLES = 0xac00;
const FINALS = 28;
const RIEUL = 8;

export function withParticles(text: string): string {
  return text.replace(WRITTEN, (whole, last: string, marks: string, pair: string, at: number) => {
    const sound = soundOf(text.slice(0, at) + last);
    if (sound === null) return whole;
    const [closed, open] = PAIRS[pair] as [string, string];
    const isOpen = sound === 'vowel' || (sound === 'l' && pair === '(으)로');
    return last + marks + (isOpen ? open : closed);
  });
}

/** How a text ends when it is read aloud; null where nobody can tell from the letters. */
export function soundOf(text: string): Sound | null {
  const last = text.at(-1) ?? '';
  const code = last.charCodeAt(0) - SYLLABLES;
  if (code >= 0 && code <= 0xd7a3 - SYLLABLES) {
    const final = code % FINALS;
    if (final === 0) return 'vowel';
    return final === RIEUL ? 'l' : 'consonant';
  }
  if (/[0-9]/.test(last)) return DIGITS[Number(last)] ?? null;
  return ofLatin(/[A-Za-z]+$/.exec(text)?.[0] ?? '');
}

function ofLatin(word: string): Sound | null {
  if (word === '') return null;
  // Letters that are read one by one: 엘 엠 엔 알, and all others end with a vowel.
  if (word === word.toUpperCase())
    return ({ L: 'l', R: 'l', M: 'consonant', N: 'consonant' }[word.at(-1) ?? ''] as Sound) ?? 'vowel';
  const end = word.toLowerCase();
  if (/(l|[^aeiou]le)$/.test(end)) return 'l';
  if (/(m|n|ng|ck)$/.test(end)) return 'consonant';
  if (/([aiouywrszxfvhj]|[^lmn]e)$/.test(end) && !/[aiou][bcdgkptlmn]e$/.test(end)) return 'vowel';
  return null;
}
