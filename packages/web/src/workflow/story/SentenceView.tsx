import { Icon } from '../../icons/Icon.js';
import { Text } from '../../words/Text.js';
import type { Sentence } from './Story.js';

/** A sentence whose names lead to their nodes. */
export function SentenceView({
  sentence,
  select,
}: {
  readonly sentence: Sentence;
  readonly select: (node: string) => void;
}) {
  return (
    <>
      {sentence.map((words, at) => {
        const key = `${at}`;
        if (typeof words === 'string') return <Text key={key} value={words} max={400} />;
        if ('strong' in words) return <Text key={key} className="strong" value={words.strong} max={200} />;
        if ('mono' in words) return <Text key={key} className="mono" value={words.mono} max={120} />;
        return (
          <button
            key={key}
            type="button"
            className={`story-link${words.isEvent ? ' mono' : ''}`}
            onClick={() => select(words.node)}
          >
            {words.isEvent && <Icon name="event" size={10} />}
            <Text value={words.name} max={80} />
          </button>
        );
      })}
    </>
  );
}
