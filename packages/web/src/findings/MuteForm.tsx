import { useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { call } from '../api/client.js';
import { Text } from '../words/Text.js';
import type { FindingGroup } from './findingGroups.js';

/** Mutes a group, with the reason, or lets it be heard again. */
export function MuteForm({ group }: { readonly group: FindingGroup }) {
  const client = useQueryClient();
  const [isAsking, ask] = useState(false);
  const [reason, setReason] = useState('');
  const [problem, setProblem] = useState('');
  const path = `/api/findings/groups/${encodeURIComponent(group.id)}/mute`;
  const send = async (init: RequestInit) => {
    try {
      await call(path, init);
      ask(false);
      setProblem('');
      await client.invalidateQueries({ queryKey: ['finding-groups'] });
    } catch (error) {
      setProblem((error as Error).message);
    }
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (reason.trim() === '') setProblem('Say why: whoever finds it muted will ask.');
    else
      void send({
        method: 'PUT',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ reason: reason.trim() }),
      });
  };
  if (group.muted)
    return (
      <>
        <span className="quiet">
          muted: <Text value={group.muted.reason} max={120} />
        </span>
        <button type="button" className="button small" onClick={() => void send({ method: 'DELETE' })}>
          Unmute
        </button>
      </>
    );
  if (!isAsking)
    return (
      <button type="button" className="button small" onClick={() => ask(true)}>
        Mute
      </button>
    );
  return (
    <form className="feed-mute" onSubmit={submit}>
      <input
        className="field"
        aria-label="Why it is muted"
        placeholder="Why?"
        value={reason}
        onChange={(event) => setReason(event.target.value)}
      />
      <button type="submit" className="button small filled">
        Mute
      </button>
      <button type="button" className="button small" onClick={() => ask(false)}>
        Cancel
      </button>
      {problem && (
        <span className="t-fail small" role="alert">
          {problem}
        </span>
      )}
    </form>
  );
}
