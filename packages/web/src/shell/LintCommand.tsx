import { CopyButton } from '../icons/CopyButton.js';
import { Glyph } from '../icons/Glyph.js';
import { save } from '../workflow/share/save.js';

/** The command that finds the same in CI, to copy, and as a script to put there. */
export function LintCommand({ kind }: { readonly kind?: string }) {
  const command = `npx upshot lint ${location.origin}${kind === undefined ? '' : ` --kinds ${kind}`}`;
  const script = `#!/bin/sh
# Checks what this Upshot received within the last hour. Exit 0: nothing found, 1: findings, 2: it could not look.
# More: npx upshot lint --help
exec ${command}
`;
  return (
    <>
      <CopyButton text={command} what="the linter's command" label="Copy the lint command" />
      <button
        type="button"
        className="button small"
        onClick={() => save(new Blob([script], { type: 'text/x-shellscript' }), 'upshot-lint.sh')}
      >
        <Glyph name="save" /> Download it
      </button>
    </>
  );
}
