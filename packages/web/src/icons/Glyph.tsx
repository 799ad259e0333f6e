import type { ReactNode } from 'react';

const GLYPHS = {
  search: <path d="M7 2.5a4.5 4.5 0 1 1 0 9 4.5 4.5 0 0 1 0-9Zm3.4 7.9 3.4 3.4" />,
  copy: <path d="M5.5 5.5h8v8h-8zM10.5 5V2.5h-8v8H5" />,
  copied: <path d="m3 8.4 3.2 3.2L13 4.4" />,
  close: <path d="m4 4 8 8m0-8-8 8" />,
  down: <path d="m4 6 4 4 4-4" />,
  up: <path d="m4 10 4-4 4 4" />,
  right: <path d="m6 4 4 4-4 4" />,
  plus: <path d="M8 3.5v9M3.5 8h9" />,
  minus: <path d="M3.5 8h9" />,
  theme: (
    <>
      <circle cx="8" cy="8" r="5.5" />
      <path d="M8 2.5a5.5 5.5 0 0 1 0 11Z" fill="currentColor" />
    </>
  ),
  save: <path d="M8 2.5v7m-3-3 3 3 3-3M3 12.5h10" />,
  out: <path d="M6.5 3H3v10h10V9.5M9 3h4v4m0-4L7.5 8.5" />,
} as const satisfies Record<string, ReactNode>;

/** Small signs of controls; the control says in words what it does. */
export function Glyph({ name }: { readonly name: keyof typeof GLYPHS }) {
  return (
    <svg
      className="icon"
      width="14"
      height="14"
      viewBox="0 0 16 16"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.5"
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
    >
      {GLYPHS[name]}
    </svg>
  );
}
