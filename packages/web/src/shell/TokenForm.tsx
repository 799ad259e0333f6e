import { useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { keepToken } from '../api/token.js';

/** Asks for the token that this server wants. */
export function TokenForm() {
  const [token, setToken] = useState('');
  const client = useQueryClient();
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (token.trim() === '') return;
    keepToken(token.trim());
    void client.resetQueries();
  };
  return (
    <form className="notice" onSubmit={submit}>
      <h1>This Upshot wants a token</h1>
      <p className="quiet">
        It is the one that <code>upshot serve</code> was started with, by <code>--token</code> or{' '}
        <code>--token-file</code>. It stays in this tab, and is gone when the tab closes.
      </p>
      <label htmlFor="token">Token</label>
      <input
        id="token"
        className="field"
        type="password"
        autoComplete="off"
        value={token}
        onChange={(event) => setToken(event.target.value)}
      />
      <div>
        <button type="submit" className="button filled">
          Go on
        </button>
      </div>
    </form>
  );
}
