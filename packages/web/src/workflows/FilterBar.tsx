import { Popover } from '@base-ui/react/popover';

import { type FormEvent, useState } from 'react';
import { Glyph } from '../icons/Glyph.js';
import { Icon } from '../icons/Icon.js';
import type { Changes } from '../url/useQueryState.js';
import { formatCount } from '../words/format.js';
import { WORKFLOW_STATES } from '../words/states.js';
import { WORKFLOW_STATUSES, type WorkflowStatus } from '../words/statuses.js';
import { Text } from '../words/Text.js';
import type { ListFilter } from './listFilter.js';
import { rangeWords } from './timeRanges.js';

export type StatusCounts = Readonly<Partial<Record<WorkflowStatus, number>>>;

const ADDABLE = [
  { name: 'event', label: 'Event name' },
  { name: 'consumer', label: 'Consumer' },
  { name: 'service', label: 'Service' },
  { name: 'environment', label: 'Environment' },
  { name: 'attr', label: 'Attribute, as key:value' },
  { name: 'q', label: 'ID, or part of a name or error' },
] as const;

/** Filters as chips; each of them is a parameter of the URL. */
export function FilterBar({
  filter,
  counts,
  change,
  open,
  onOpenChange,
}: {
  readonly filter: ListFilter;
  readonly counts: StatusCounts | null;
  readonly change: (changes: Changes) => void;
  readonly open: boolean;
  readonly onOpenChange: (open: boolean) => void;
}) {
  const statuses = filter.status ?? [];
  const total = counts ? WORKFLOW_STATUSES.reduce((sum, status) => sum + (counts[status] ?? 0), 0) : null;
  const chips = ADDABLE.flatMap(({ name }) => (filter[name] ?? []).map((value) => ({ name, value })));
  const range =
    filter.since?.[0] || filter.until?.[0]
      ? rangeWords(filter.since?.[0] ?? null, filter.until?.[0] ?? null)
      : null;
  return (
    <div className="filters">
      <fieldset className="states">
        <legend className="sr">State</legend>
        <button type="button" aria-pressed={statuses.length === 0} onClick={() => change({ status: null })}>
          All {total !== null && <b>{formatCount(total)}</b>}
        </button>
        {WORKFLOW_STATUSES.map((status) => (
          <button
            key={status}
            type="button"
            aria-pressed={statuses.includes(status)}
            onClick={() =>
              change({ status: statuses.length === 1 && statuses[0] === status ? null : status })
            }
          >
            <span className={`t-${WORKFLOW_STATES[status].tone}`}>
              <Icon name={WORKFLOW_STATES[status].icon} size={14} />
            </span>
            {WORKFLOW_STATES[status].word}
            {counts && <b>{formatCount(counts[status] ?? 0)}</b>}
          </button>
        ))}
      </fieldset>
      {range !== null && (
        <Chip name="time" value={range} onRemove={() => change({ since: null, until: null })} />
      )}
      {chips.map(({ name, value }) => (
        <Chip
          key={`${name}:${value}`}
          name={name === 'q' ? 'contains' : name}
          value={value}
          onRemove={() => change({ [name]: (filter[name] ?? []).filter((other) => other !== value) })}
        />
      ))}
      <Popover.Root open={open} onOpenChange={onOpenChange}>
        <Popover.Trigger className="chip add">
          <Glyph name="plus" /> Event, consumer, service
        </Popover.Trigger>
        <Popover.Portal>
          <Popover.Positioner className="pop-positioner" sideOffset={6} align="start">
            <Popover.Popup className="pop">
              <AddFilter
                onAdd={(name, value) => {
                  const several = name === 'attr' ? [...(filter.attr ?? []), value] : value;
                  change({ [name]: several });
                  onOpenChange(false);
                }}
              />
            </Popover.Popup>
          </Popover.Positioner>
        </Popover.Portal>
      </Popover.Root>
    </div>
  );
}

function Chip({
  name,
  value,
  onRemove,
}: {
  readonly name: string;
  readonly value: string;
  readonly onRemove: () => void;
}) {
  return (
    <span className="chip">
      <span className="faint">{name}</span> <Text value={value} max={40} />
      <button type="button" className="chip-x" aria-label={`Remove the filter ${name}`} onClick={onRemove}>
        <Glyph name="close" />
      </button>
    </span>
  );
}

function AddFilter({ onAdd }: { readonly onAdd: (name: string, value: string) => void }) {
  const [name, setName] = useState<string>('event');
  const [value, setValue] = useState('');
  const isWrong = name === 'attr' && value !== '' && !/^[^:].*:/.test(value);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (value.trim() !== '' && !isWrong) onAdd(name, value.trim());
  };
  return (
    <form className="add-filter" onSubmit={submit}>
      <label>
        <span className="small faint">What</span>
        <select className="field" value={name} onChange={(event) => setName(event.target.value)}>
          {ADDABLE.map((one) => (
            <option key={one.name} value={one.name}>
              {one.label}
            </option>
          ))}
        </select>
      </label>
      <label>
        <span className="small faint">is</span>
        <input className="field" value={value} onChange={(event) => setValue(event.target.value)} />
      </label>
      {isWrong && <p className="small t-retry">An attribute is written key:value</p>}
      <button type="submit" className="button filled">
        Add the filter
      </button>
    </form>
  );
}
