/** The time zone in which the person reads and types moments: that of the profile, else the browser's. */
import { computed, inject } from 'vue';
import { SESSION } from '@/context';

/** Undefined stands for the zone of the browser. */
export type Zone = string | undefined;

export function browserZone(): string {
  return new Intl.DateTimeFormat().resolvedOptions().timeZone ?? '';
}

export function useZone() {
  const session = inject(SESSION, null);
  return computed<Zone>(() => knownZone(session?.me?.user.timezone));
}

/** The zone, when this browser knows it too. */
export function knownZone(name: string | undefined): Zone {
  if (!name) return undefined;
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone;
  } catch {
    return undefined;
  }
}

/** What the clock on the wall shows at a moment: `2026-03-29T01:30`; '' for what is no moment. */
export function toWall(iso: string, zone: Zone): string {
  const date = new Date(iso);
  if (Number.isNaN(date.getTime())) return '';
  return new Date(date.getTime() + offset(date, zone)).toISOString().slice(0, 16);
}

/** The moment at which the clock shows it; where it shows it twice the first, where never the hour after. */
export function fromWall(wall: string, zone: Zone): string | null {
  const asUtc = new Date(`${wall.slice(0, 16)}Z`);
  if (Number.isNaN(asUtc.getTime())) return null;
  const before = asUtc.getTime() - offset(new Date(asUtc.getTime() - DAY), zone);
  const after = asUtc.getTime() - offset(new Date(asUtc.getTime() + DAY), zone);
  const isRight = (time: number) => toWall(new Date(time).toISOString(), zone) === wall.slice(0, 16);
  return new Date(isRight(before) || !isRight(after) ? before : after).toISOString();
}

const DAY = 86_400_000;

/** How far the clocks of the zone are ahead of UTC at a moment, in milliseconds. */
function offset(date: Date, zone: Zone): number {
  const parts = new Intl.DateTimeFormat('en', {
    timeZone: zone,
    calendar: 'gregory',
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  }).formatToParts(date);
  const of = (type: string) => Number(parts.find((part) => part.type === type)?.value);
  const wall = Date.UTC(of('year'), of('month') - 1, of('day'), of('hour'), of('minute'), of('second'));
  return wall - Math.floor(date.getTime() / 1000) * 1000;
}
