import type { AttemptNode, FailureCause } from '@upshot/model';
import { Text } from '../../words/Text.js';
import { groupBy } from '../model/groupBy.js';

/** The errors of some attempts, each once. */
export function ErrorBlock({
  attempts = [],
  errors = [],
}: {
  readonly attempts?: readonly AttemptNode[];
  readonly errors?: readonly FailureCause[];
}) {
  const all = [...errors, ...attempts.flatMap(({ error }) => (error ? [error] : []))];
  if (all.length === 0) return null;
  const like = [...groupBy(all, ({ type, message }) => `${type}\0${message}`).values()];
  return (
    <div className="panel-part">
      {like.slice(0, 4).map((group) => {
        const [{ type, message }] = group as [FailureCause];
        return (
          <div key={type + message} className="error-block">
            <p>
              <Text className="strong t-fail" value={type || 'Error'} />
              {attempts.length > 0 &&
                (group.length === attempts.length && attempts.length > 1
                  ? ` on all ${attempts.length} attempts`
                  : ` on ${group.length === 1 ? 'one attempt' : `${group.length} attempts`}`)}
            </p>
            {message !== '' && (
              <p className="mono">
                <Text value={message} max={600} />
              </p>
            )}
          </div>
        );
      })}
      {like.length > 4 && <p className="quiet">and {like.length - 4} other errors</p>}
    </div>
  );
}
