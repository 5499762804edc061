// Times in words.

/** `4 min 12 s`, `2 h 5 min`, `9 s`, `3 days`: two units at most, rounded down. */
export function duration(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  const units = [
    [Math.floor(whole / 86_400), whole >= 172_800 ? 'days' : 'day'],
    [Math.floor(whole / 3600) % 24, 'h'],
    [Math.floor(whole / 60) % 60, 'min'],
    [whole % 60, 's'],
  ] as const;
  const first = units.findIndex(([count]) => count > 0);
  if (first < 0) return '0 s';
  return units
    .slice(first, first + 2)
    .filter(([count]) => count > 0)
    .map(([count, unit]) => `${count} ${unit}`)
    .join(' ');
}

/** `14:03:07`, and the day besides when it is another one. */
export function clockTime(date: Date, now = new Date()): string {
  const time = date.toLocaleTimeString([], { hourCycle: 'h23' });
  return date.toDateString() === now.toDateString()
    ? time
    : `${date.toLocaleDateString([], { dateStyle: 'medium' })}, ${time}`;
}
