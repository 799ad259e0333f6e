import './StoryView.css';
import { useMemo, useState } from 'react';
import { CopyButton } from '../../icons/CopyButton.js';
import { Icon } from '../../icons/Icon.js';
import { bothClocks, formatClock, formatOffset } from '../../words/format.js';
import { findingState } from '../../words/states.js';
import { Text } from '../../words/Text.js';
import { AttemptStrip } from '../AttemptStrip.js';
import type { WorkflowIndex } from '../model/WorkflowIndex.js';
import type { Scene } from '../scene/Scene.js';
import { ticketMarkdown } from '../share/ticketMarkdown.js';
import { SentenceView } from './SentenceView.js';
import type { StoryAnswer, StoryLine } from './Story.js';
import { tellStory } from './tellStory.js';

/** Lines that are drawn at first; a story of thousands is read by its answer and its stacks. */
const FIRST = 200;

export function StoryView({
  index,
  scene,
  selected,
  select,
  criticalOnly,
}: {
  readonly index: WorkflowIndex;
  readonly scene: Scene;
  readonly selected: string | null;
  readonly select: (node: string | null) => void;
  readonly criticalOnly: boolean;
}) {
  const story = useMemo(() => tellStory(index, scene), [index, scene]);
  const [most, setMost] = useState(FIRST);
  const selectedCard = selected === null ? null : (scene.cardOf.get(selected) ?? null);
  const lines = story.lines.filter((line) => !criticalOnly || line.kind === 'pause' || line.isCritical);
  return (
    <div className="story">
      <Answer index={index} answer={story.answer} select={select} />
      <ol className="story-lines">
        {lines.slice(0, most).map((line) =>
          line.kind === 'pause' ? (
            <li key={line.id} className="story-pause">
              <span className="rail" />
              <p>
                <SentenceView sentence={line.sentence} select={select} />
              </p>
            </li>
          ) : (
            <Line
              key={line.id}
              index={index}
              line={line}
              isSelected={selectedCard !== null && scene.cardOf.get(line.node) === selectedCard}
              select={select}
            />
          ),
        )}
      </ol>
      {lines.length > most && (
        <button type="button" className="button" onClick={() => setMost(most + FIRST)}>
          Show {Math.min(FIRST, lines.length - most)} more of {lines.length - most}
        </button>
      )}
    </div>
  );
}

function Answer({
  index,
  answer,
  select,
}: {
  index: WorkflowIndex;
  answer: StoryAnswer;
  select: (node: string | null) => void;
}) {
  return (
    <section className={`answer tone-${answer.tone}`} aria-label="The answer">
      <h2 className="small quiet">{answer.question}</h2>
      <p className="answer-words">
        <SentenceView sentence={answer.sentence} select={select} />
      </p>
      {answer.asides.length > 0 && (
        <div className="asides">
          {answer.asides.map(({ title, state, sentences }) => (
            <div key={title}>
              <h3 className={`state-word t-${state.tone}`}>
                <Icon name={state.icon} /> {title}
              </h3>
              {sentences.map((sentence, at) => (
                <p key={`${at.toString()}`}>
                  <SentenceView sentence={sentence} select={select} />
                </p>
              ))}
            </div>
          ))}
        </div>
      )}
      <div className="answer-actions">
        <CopyButton
          text={() => ticketMarkdown(index, location.href)}
          what="for a ticket"
          label="Copy for a ticket"
        />
        {answer.node !== null && (
          <button type="button" className="button small" onClick={() => select(answer.node)}>
            Show it in the panel
          </button>
        )}
      </div>
    </section>
  );
}

function Line({
  index,
  line,
  isSelected,
  select,
}: {
  readonly index: WorkflowIndex;
  readonly line: StoryLine;
  readonly isSelected: boolean;
  readonly select: (node: string | null) => void;
}) {
  return (
    <li className={`story-line${isSelected ? ' is-selected' : ''}`}>
      <time className="mono" title={bothClocks(line.time)}>
        {formatClock(line.time)}
        <br />
        <span className="faint">{formatOffset(line.time, index.start)}</span>
      </time>
      <span className={`rail${line.isCritical ? ' on-path' : ''}`}>
        <span className={`t-${line.state.tone}`}>
          <Icon name={line.state.icon} />
        </span>
        <span className="sr">{line.isCritical ? 'on the critical path' : line.state.word}</span>
      </span>
      <div>
        <p>
          <SentenceView sentence={line.sentence} select={select} />
        </p>
        {line.notes.slice(0, 3).map((note) => (
          <p key={note.kind + note.message} className="quiet story-note">
            <span className={`t-${findingState(note.kind).tone}`}>
              <Icon name={findingState(note.kind).icon} size={14} />
            </span>
            <Text value={note.message} max={300} />
          </p>
        ))}
        {line.strip.length > 0 && <AttemptStrip attempts={line.strip} />}
      </div>
    </li>
  );
}
