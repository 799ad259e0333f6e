const KEY = 'upshot.theme';

export type Theme = 'system' | 'light' | 'dark';

export function chosenTheme(): Theme {
  const chosen = localStorage.getItem(KEY);
  return chosen === 'light' || chosen === 'dark' ? chosen : 'system';
}

/** The system's theme, unless the reader chose another one. */
export function applyTheme(theme: Theme = chosenTheme()): void {
  if (theme === 'system') {
    localStorage.removeItem(KEY);
    delete document.documentElement.dataset.theme;
  } else {
    localStorage.setItem(KEY, theme);
    document.documentElement.dataset.theme = theme;
  }
  dispatchEvent(new Event('upshot-theme'));
}

/** The other one than is shown now. */
export function otherTheme(): Theme {
  const shown = chosenTheme();
  const isDark = shown === 'system' ? matchMedia('(prefers-color-scheme: dark)').matches : shown === 'dark';
  return isDark ? 'light' : 'dark';
}
