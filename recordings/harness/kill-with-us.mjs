const children = new Set();

process.once('exit', () => {
  for (const child of children) child.kill('SIGKILL');
});

/**
 * Kills a child when this process exits before it was stopped in order.
 *
 * @param {import('node:child_process').ChildProcess} child
 * @returns {() => void} call it when the child has ended
 */
export function killWithUs(child) {
  children.add(child);
  return () => children.delete(child);
}
