/** So often, as one would say it: `12.4/s`, `24/min`, `3/h`, `under 1/h`. */
export function formatRate(perSecond: number): string {
  if (!(perSecond > 0)) return '0/s';
  const units = [
    [1, 's'],
    [60, 'min'],
    [3600, 'h'],
  ] as const;
  for (const [seconds, unit] of units) {
    const rate = perSecond * seconds;
    if (rate >= 1) return `${threeDigits(rate)}/${unit}`;
  }
  return 'under 1/h';
}

function threeDigits(rate: number): string {
  if (rate >= 1e15) return 'very many';
  const [whole, digits = ''] = (rate >= 100 ? rate.toFixed(0) : rate.toFixed(1)).split('.');
  const text = whole!.replace(/\B(?=(\d{3})+(?!\d))/g, ',');
  return /[1-9]/.test(digits) ? `${text}.${digits}` : text;
}
