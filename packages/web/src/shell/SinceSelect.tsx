import { RANGES } from '../workflows/timeRanges.js';

/** The stretch of time that a page is about; the URL holds it. */
export function SinceSelect({
  value,
  onChange,
}: {
  readonly value: string | null;
  readonly onChange: (since: string | null) => void;
}) {
  return (
    <label>
      <span className="sr">Time range</span>
      <select
        className="button"
        value={value ?? ''}
        onChange={(event) => onChange(event.target.value || null)}
      >
        {RANGES.map((range) => (
          <option key={range.since} value={range.since}>
            {range.name}
          </option>
        ))}
      </select>
    </label>
  );
}
