// Defects in dates and waits.

/** @type {import('../../scripts/lib/mutants.mjs').Mutant[]} */
export const mutantsOfRetryAfter = [
  {
    name: 'a leap day each year',
    file: 'formats/date_time.cpp',
    find: 't.month == 2 && is_leap(t.year) ? 1 : 0',
    replace: 't.month == 2 ? 1 : 0',
  },
  {
    name: 'the leap years of Julius Caesar',
    file: 'formats/date_time.cpp',
    find: 'year / 4 - year / 100 + year / 400',
    replace: 'year / 4',
  },
  {
    name: 'the offset of a timestamp the wrong way round',
    file: 'formats/date_time.cpp',
    find: 'ahead ? seconds - offset : seconds + offset',
    replace: 'ahead ? seconds + offset : seconds - offset',
  },
  {
    name: 'a timestamp of a thirteenth month',
    file: 'formats/date_time.cpp',
    find: 't.month > 12',
    replace: 't.month > 13',
  },
  {
    name: 'a wait without end',
    file: 'formats/retry_after.cpp',
    find: 'wait < kLongestWait ? wait : kLongestWait',
    replace: 'wait',
  },
  {
    name: 'a wait for what is over',
    file: 'formats/retry_after.cpp',
    find: 'if (!(wait > 0)) return OptionalSeconds{0};',
    replace: '',
  },
  {
    name: 'months that begin a day late',
    file: 'formats/date_time.cpp',
    find: '(153 * month + 2) / 5',
    replace: '(153 * month + 3) / 5',
  },
];
