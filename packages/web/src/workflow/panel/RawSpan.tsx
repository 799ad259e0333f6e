import type { StoredSpan } from '@upshot/api-contract';
import { useState } from 'react';
import { CopyButton } from '../../icons/CopyButton.js';
import { safeText } from '../../words/format.js';
import { Text } from '../../words/Text.js';
import { useStoredSpans } from './useStoredSpans.js';

/** Characters of a raw span that are shown; the clipboard has the whole. */
const LONGEST = 20_000;

/** The span as it was received: attributes, events with their stacks, resource, and the whole as JSON. */
export function RawSpan({ traceId, spanId }: { readonly traceId: string; readonly spanId: string | null }) {
  const { data, error, isFetching } = useStoredSpans(traceId, spanId);
  if (error) return <p className="panel-part quiet">The stored span could not be read: {error.message}</p>;
  if (!data) return isFetching ? <p className="panel-part quiet">Reading the stored span</p> : null;
  return data.spans.map((span, at) => (
    <div key={`${span.kind}${at.toString()}`}>
      <Stack span={span} />
      <Attributes title="Attributes" attributes={span.attributes} open />
      <Attributes title="Resource" attributes={span.resource.attributes} />
      <Json span={span} />
    </div>
  ));
}

/** The stack of an exception, where the span recorded one. */
function Stack({ span }: { readonly span: StoredSpan }) {
  const stacks = span.events.flatMap(({ attributes }) => {
    const stack = attributes['exception.stacktrace'];
    return typeof stack === 'string' && stack !== '' ? [stack] : [];
  });
  if (stacks.length === 0) return null;
  return (
    <details className="panel-part" open>
      <summary>
        <h3>Stack</h3>
      </summary>
      {stacks.slice(0, 3).map((stack, at) => (
        <pre key={`${at.toString()}`} className="raw mono">
          {stack
            .slice(0, LONGEST)
            .split('\n')
            .map((line) => safeText(line))
            .join('\n')}
        </pre>
      ))}
    </details>
  );
}

function Attributes({
  title,
  attributes,
  open = false,
}: {
  readonly title: string;
  readonly attributes: StoredSpan['attributes'];
  readonly open?: boolean;
}) {
  const entries = Object.entries(attributes);
  if (entries.length === 0) return null;
  return (
    <details className="panel-part" open={open}>
      <summary>
        <h3>{title}</h3> <span className="quiet">{entries.length}</span>
      </summary>
      <dl className="attributes">
        {entries.map(([key, value]) => {
          const text = typeof value === 'string' ? value : JSON.stringify(value);
          return (
            <div key={key}>
              <dt>
                <Text className="mono" value={key} max={80} />
              </dt>
              <dd>
                <Text className="mono" value={text} max={300} />
                <CopyButton text={text} what={key.slice(0, 60)} />
              </dd>
            </div>
          );
        })}
      </dl>
    </details>
  );
}

function Json({ span }: { readonly span: StoredSpan }) {
  const [isOpen, setOpen] = useState(false);
  const text = isOpen ? JSON.stringify(span, null, 2) : '';
  return (
    <details className="panel-part" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>
        <h3>Raw span</h3> <span className="quiet">{span.kind}</span>
      </summary>
      {isOpen && (
        <>
          <CopyButton text={text} what="the raw span" label="Copy the whole" />
          <pre className="raw mono">
            {text
              .slice(0, LONGEST)
              .split('\n')
              .map((line) => safeText(line))
              .join('\n')}
            {text.length > LONGEST && `\n… ${text.length - LONGEST} characters more`}
          </pre>
        </>
      )}
    </details>
  );
}
