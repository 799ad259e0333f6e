import { useQueryClient } from '@tanstack/react-query';
import type { WorkflowGraph } from '@upshot/model';
import { type FormEvent, useState } from 'react';
import { useLocation } from 'wouter';
import { ApiFailure, getJson } from '../api/client.js';
import { queryOf } from '../api/queryOf.js';
import { Glyph } from '../icons/Glyph.js';
import { workflowPath } from '../url/paths.js';
import { nodeOfId } from './nodeOfId.js';

export const SEARCH_ID = 'search';

/** One box for any ID: it jumps to the workflow that knows it, with its node selected; else it lists what matches. */
export function SearchBox() {
  const [text, setText] = useState('');
  const [state, setState] = useState<'idle' | 'looking' | 'failed'>('idle');
  const [, navigate] = useLocation();
  const client = useQueryClient();
  const search = async (event: FormEvent) => {
    event.preventDefault();
    const id = text.trim();
    if (id === '') return;
    setState('looking');
    try {
      const graph = await getJson<WorkflowGraph>(`/api/workflows/${encodeURIComponent(id)}`);
      client.setQueryData(['workflow', id], graph);
      navigate(workflowPath(id, nodeOfId(graph, id)));
    } catch (error) {
      if (!(error instanceof ApiFailure) || error.status === 0) {
        setState('failed');
        return;
      }
      navigate(`/workflows${queryOf({ q: id })}`);
    }
    setState('idle');
    setText('');
    document.getElementById(SEARCH_ID)?.blur();
  };
  return (
    <search className="search">
      <form onSubmit={(event) => void search(event)}>
        <Glyph name="search" />
        <input
          id={SEARCH_ID}
          type="text"
          autoComplete="off"
          spellCheck={false}
          placeholder="Find by any ID: event, correlation, trace, span"
          aria-label="Find by any ID: event, correlation, trace, span; or part of a name"
          value={text}
          onChange={(event) => setText(event.target.value)}
          onKeyDown={(event) => {
            if (event.key === 'Escape') event.currentTarget.blur();
          }}
        />
        {state === 'idle' ? (
          <kbd>/</kbd>
        ) : (
          <span className="small quiet" role="status">
            {state === 'looking' ? 'looking' : 'no answer'}
          </span>
        )}
      </form>
    </search>
  );
}
