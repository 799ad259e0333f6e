import { Dialog } from '@base-ui/react/dialog';
import { Glyph } from '../icons/Glyph.js';

const KEYS: readonly (readonly [keys: readonly string[], what: string])[] = [
  [['/'], 'find by any ID'],
  [['j', 'k'], 'next, previous'],
  [['Enter'], 'open; in a workflow: the panel, or a stack'],
  [['←', '→'], 'to the cause, to the effect'],
  [['↑', '↓'], 'to the branch above, below'],
  [['1', '2', '3', '4'], 'graph, timeline, story, findings'],
  [['c'], 'copy the IDs of what is selected'],
  [['f'], 'add a filter'],
  [['Esc'], 'back: close, deselect'],
  [['?'], 'this list'],
];

export function KeysDialog({
  open,
  onOpenChange,
}: {
  readonly open: boolean;
  readonly onOpenChange: (open: boolean) => void;
}) {
  return (
    <Dialog.Root open={open} onOpenChange={onOpenChange} modal="trap-focus">
      <Dialog.Portal>
        <Dialog.Backdrop className="backdrop" />
        <Dialog.Popup className="dialog pop">
          <div className="dialog-head">
            <Dialog.Title>Keys</Dialog.Title>
            <Dialog.Close className="icon-button" aria-label="Close">
              <Glyph name="close" />
            </Dialog.Close>
          </div>
          <dl className="keys">
            {KEYS.map(([keys, what]) => (
              <div key={what}>
                <dt>
                  {keys.map((key) => (
                    <kbd key={key}>{key}</kbd>
                  ))}
                </dt>
                <dd>{what}</dd>
              </div>
            ))}
          </dl>
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
