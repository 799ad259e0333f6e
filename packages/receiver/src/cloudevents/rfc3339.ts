const FORM =
  /^(\d{4})-(\d\d)-(\d\d)[Tt ](\d\d):(\d\d):(\d\d)(?:\.(\d{1,30}))?(?:([Zz])|([+-])(\d\d):(\d\d))$/;

/** An RFC 3339 timestamp as Unix nanoseconds, or null where it is none. Digits beyond nanoseconds are cut; second 60 is the next minute's 0. */
export function parseRfc3339(text: string): bigint | null {
  const found = FORM.exec(text);
  if (found === null) return null;
  const [year, month, day, hour, minute, second] = found.slice(1, 7).map(Number) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  if (month < 1 || month > 12 || day < 1 || day > daysIn(year, month)) return null;
  if (hour > 23 || minute > 59 || second > 60) return null;
  const fraction = BigInt((found[7] ?? '').slice(0, 9).padEnd(9, '0'));
  let offsetMinutes = 0;
  if (found[9] !== undefined) {
    const [hours, minutes] = [Number(found[10]), Number(found[11])];
    if (hours > 23 || minutes > 59) return null;
    offsetMinutes = (found[9] === '-' ? -1 : 1) * (hours * 60 + minutes);
  }
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  date.setUTCHours(hour, minute - offsetMinutes, second, 0);
  return BigInt(date.getTime()) * 1_000_000n + fraction;
}

function daysIn(year: number, month: number): number {
  const leap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  return [31, leap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1]!;
}
