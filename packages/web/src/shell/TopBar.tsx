import { Link, useLocation } from 'wouter';
import { Glyph } from '../icons/Glyph.js';
import { FindingsCount } from './FindingsCount.js';
import { LiveSign } from './LiveState.js';
import { SearchBox } from './SearchBox.js';
import { applyTheme, otherTheme } from './theme.js';

const PAGES = [
  { path: '/workflows', name: 'Workflows' },
  { path: '/topology', name: 'Topology' },
  { path: '/propagation', name: 'Propagation' },
  { path: '/findings', name: 'Findings' },
  { path: '/conventions', name: 'Conventions' },
];

export function TopBar({ onKeys }: { readonly onKeys: () => void }) {
  const [path] = useLocation();
  const isHere = (page: string) =>
    path === page ||
    path.startsWith(`${page}/`) ||
    (page === '/workflows' && (path === '/' || path.startsWith('/events/')));
  return (
    <header className="topbar">
      <Link href="/workflows" className="brand">
        <svg className="icon" width="20" height="20" viewBox="0 0 20 20" aria-hidden="true">
          <path
            d="M3 15h3c5 0 3-9 8-9h2M8 15h6"
            fill="none"
            stroke="currentColor"
            strokeWidth="2"
            strokeLinecap="round"
          />
          <circle cx="3" cy="15" r="2.4" fill="currentColor" />
          <circle cx="16.4" cy="6" r="2.4" className="brand-dot" />
        </svg>
        <span>Upshot</span>
      </Link>
      <nav aria-label="Pages">
        {PAGES.map((page) => (
          <Link
            key={page.path}
            href={page.path}
            className="bar-link"
            aria-current={isHere(page.path) ? 'page' : undefined}
          >
            {page.name}
            {page.path === '/findings' && <FindingsCount />}
          </Link>
        ))}
      </nav>
      <SearchBox />
      <LiveSign />
      <button
        type="button"
        className="icon-button"
        aria-label="Light or dark"
        title="Light or dark"
        onClick={() => applyTheme(otherTheme())}
      >
        <Glyph name="theme" />
      </button>
      <button type="button" className="icon-button" aria-label="Keys" title="Keys: ?" onClick={onKeys}>
        ?
      </button>
    </header>
  );
}
