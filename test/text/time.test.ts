import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isoText, timeText, zoneText } from '../../src/text/time.ts';
import { check } from '../support/random.ts';

describe('a time on a screen', () => {
  it('is in UTC, and in the zone of who reads beside it', () => {
    expect(timeText(1_500_000_002.9)).toBe('2017-07-14T02:40:02Z');
    expect(timeText(1_500_000_002.9, 'Asia/Kolkata')).toBe('2017-07-14T02:40:02Z (08:10:02+05:30)');
    expect(timeText(1_500_000_002.9, 'Europe/Berlin')).toBe('2017-07-14T02:40:02Z (04:40:02+02:00)');
  });

  it('has the date where it is another day there', () => {
    expect(timeText(1_500_000_002, 'America/Los_Angeles')).toBe('2017-07-14T02:40:02Z (2017-07-13 19:40:02-07:00)');
    expect(timeText(1_514_761_199, 'Europe/Berlin')).toBe('2017-12-31T22:59:59Z (23:59:59+01:00)');
    expect(timeText(1_514_761_200, 'Europe/Berlin')).toBe('2017-12-31T23:00:00Z (2018-01-01 00:00:00+01:00)');
  });

  it('is told once where the zone is UTC, then', () => {
    expect(timeText(1_500_000_002, 'UTC')).toBe('2017-07-14T02:40:02Z');
    expect(timeText(1_500_000_002, 'Europe/London')).toBe('2017-07-14T02:40:02Z (03:40:02+01:00)');
    expect(timeText(1_514_761_199, 'Europe/London')).toBe('2017-12-31T22:59:59Z');
  });

  it('is the number that it is where it is no time', () => {
    expect(timeText(Number.NaN, 'Europe/Berlin')).toBe('NaN');
    expect(timeText(1e300, 'Europe/Berlin')).toBe('1e+300');
  });

  it('of a text leaves the text as it is', () => {
    expect(isoText('2026-01-02T03:04:05.678Z', 'Europe/Berlin')).toBe('2026-01-02T03:04:05.678Z (04:04:05+01:00)');
    expect(isoText('2026-01-02T03:04:05.678Z')).toBe('2026-01-02T03:04:05.678Z');
    expect(isoText('yesterday', 'Europe/Berlin')).toBe('yesterday');
  });

  it('never fails, however far away', () => {
    check(
      300,
      fc.property(fc.double(), fc.constantFrom('Asia/Tokyo', 'America/St_Johns', 'local', undefined), (time, zone) => {
        expect(zoneText(time, zone)).toMatch(
          /^(?:(?:\d{4,6}-\d{2}-\d{2} )?\d{2}:\d{2}:\d{2}[+-]\d{2}:\d{2}(?::\d{2})?)?$/,
        );
      }),
    );
  });
});
