import { describe, expect, it } from 'vitest';
import { createI18n } from '@/i18n';
import { withParticles } from '@/i18n/particles';

const ALL = '을(를) 이(가) 은(는) 과(와) (으)로'.split(' ');
const endings = (name: string) => ALL.map((pair) => withParticles(name + pair).slice(name.length));

const VOWEL = ['를', '가', '는', '와', '로'];
const CONSONANT = ['을', '이', '은', '과', '으로'];
const RIEUL = ['을', '이', '은', '과', '로'];

describe('Korean particles', () => {
  it.each([
    ['고객사', VOWEL],
    ['연락처', VOWEL],
    ['그룹', CONSONANT],
    ['티켓', CONSONANT],
    ['서울', RIEUL],
    ['가', VOWEL],
    ['힣', CONSONANT],
  ])('follow the last syllable: %s', (name, forms) => {
    expect(endings(name)).toEqual(forms);
  });

  it.each([
    ['#2', VOWEL],
    ['#19', VOWEL],
    ['#10', CONSONANT],
    ['#3', CONSONANT],
    ['#6', CONSONANT],
    ['#21', RIEUL],
    ['#7', RIEUL],
    ['#8', RIEUL],
  ])('follow how a number is read: %s', (name, forms) => {
    expect(endings(name)).toEqual(forms);
  });

  it.each([
    ['Toyota', VOWEL],
    ['IBM', CONSONANT],
    ['Samsung', CONSONANT],
    ['Amazon', CONSONANT],
    ['URL', RIEUL],
    ['Intel', RIEUL],
    ['Google', RIEUL],
    ['KTX', VOWEL],
  ])('follow how a foreign word is read: %s', (name, forms) => {
    expect(endings(name)).toEqual(forms);
  });

  it.each(['Smart', 'Chrome', '日本', '★'])('keep both where nobody can tell: %s', (name) => {
    expect(endings(name)).toEqual(ALL);
  });

  it('look behind quotes and brackets, and leave all else alone', () => {
    expect(withParticles('“서울”(으)로')).toBe('“서울”로');
    expect(withParticles('가나 (주)을(를)')).toBe('가나 (주)를');
    expect(withParticles('“그룹”이(가) “고객사”을(를)')).toBe('“그룹”이 “고객사”를');
    expect(withParticles('이것은 (가) 그것')).toBe('이것은 (가) 그것');
  });

  it('are right in the sentences of the catalogue, in Korean alone', async () => {
    const i18n = createI18n();
    await i18n.speak('ko');
    expect(i18n.t('delete.title', { name: '서울상사' })).toBe('서울상사를 삭제할까요?');
    expect(i18n.t('panel.primary_now', { name: '한국은행' })).toBe('이제 한국은행이 주 고객사입니다');
    expect(i18n.t('inline.stale', { value: '부산' })).toContain('“부산”으로 변경했습니다');
    expect(i18n.t('new_ticket.done', { n: 12 })).toContain('#12를');
    await i18n.speak('en');
    expect(i18n.t('delete.title', { name: '서울을(를)' })).toContain('서울을(를)');
  });
});
