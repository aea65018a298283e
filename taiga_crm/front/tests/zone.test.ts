import { mount } from '@vue/test-utils';
import { describe, expect, it } from 'vitest';
import { SESSION } from '@/context';
import DateTimeEdit from '@/kinds/edit/DateTimeEdit.vue';
import { createFormats } from '@/kinds/formats';
import { fromWall, knownZone, toWall } from '@/kinds/zone';
import { dayOf } from '@/screens/timeline/moments';

describe('a moment in the zone of the person', () => {
  it('is shown, and belongs to the day that it is there', () => {
    const seoul = createFormats('en', 'Yes', 'No', 'Asia/Seoul');
    expect(seoul.dateTime('2026-03-31T15:30:00Z')).toBe('Apr 1, 2026, 12:30 AM');
    expect(seoul.date('2026-03-31T15:30:00Z')).toBe('Apr 1, 2026');
    expect(seoul.date('2026-03-31')).toBe('Mar 31, 2026');
    expect(dayOf('2026-03-31T15:30:00Z', 'Asia/Seoul')).toBe('2026-04-01');
  });

  it('is typed and read back, on both sides of a change of the clock', () => {
    for (const [wall, iso] of [
      ['2026-03-29T01:59', '2026-03-29T00:59:00.000Z'],
      ['2026-03-29T03:00', '2026-03-29T01:00:00.000Z'],
      ['2026-10-25T01:59', '2026-10-24T23:59:00.000Z'],
      ['2026-10-25T03:00', '2026-10-25T02:00:00.000Z'],
    ] as const) {
      expect(fromWall(wall, 'Europe/Prague')).toBe(iso);
      expect(toWall(iso, 'Europe/Prague')).toBe(wall);
    }
  });

  it('takes the first of an hour that comes twice, and moves on from one that never comes', () => {
    expect(fromWall('2026-10-25T02:30', 'Europe/Prague')).toBe('2026-10-25T00:30:00.000Z');
    expect(toWall(fromWall('2026-03-29T02:30', 'Europe/Prague') ?? '', 'Europe/Prague')).toBe(
      '2026-03-29T03:30',
    );
  });

  it('is nothing where nothing was typed', () => {
    expect([fromWall('', 'UTC'), toWall('soon', 'UTC')]).toEqual([null, '']);
  });

  it('falls back to the browser where the zone is not known', () => {
    expect([knownZone(''), knownZone('No/Where'), knownZone('Asia/Seoul')]).toEqual([
      undefined,
      undefined,
      'Asia/Seoul',
    ]);
  });

  it('is edited there', async () => {
    const session = { me: { user: { timezone: 'Asia/Seoul' } } };
    const box = mount(DateTimeEdit, {
      props: { modelValue: '2026-03-31T15:30:00Z' },
      global: { provide: { [SESSION as symbol]: session } },
    });
    expect(box.get('input').element.value).toBe('2026-04-01T00:30');
    await box.get('input').setValue('2026-04-01T09:00');
    expect(box.emitted('update:modelValue')).toEqual([['2026-04-01T00:00:00.000Z']]);
  });
});
