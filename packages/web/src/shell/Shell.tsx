import './Shell.css';
import { type ReactNode, useState, useSyncExternalStore } from 'react';
import { isTokenWanted, onTokenWanted } from '../api/token.js';
import { useKeys } from '../url/useKeys.js';
import { KeysDialog } from './KeysDialog.js';
import { LiveProvider } from './LiveState.js';
import { SEARCH_ID } from './SearchBox.js';
import { TokenForm } from './TokenForm.js';
import { TopBar } from './TopBar.js';

/** What stands around every page: the bar, the token, the keys. */
export function Shell({ children }: { readonly children: ReactNode }) {
  const [keysShown, showKeys] = useState(false);
  const tokenWanted = useSyncExternalStore(onTokenWanted, isTokenWanted);
  useKeys({
    '/': () => document.getElementById(SEARCH_ID)?.focus(),
    '?': () => showKeys(true),
  });
  return (
    <LiveProvider>
      <a className="skip" href="#main">
        Skip to the page
      </a>
      <div className="shell">
        <TopBar onKeys={() => showKeys(true)} />
        <main id="main" tabIndex={-1}>
          {tokenWanted ? <TokenForm /> : children}
        </main>
      </div>
      <KeysDialog open={keysShown} onOpenChange={showKeys} />
    </LiveProvider>
  );
}
