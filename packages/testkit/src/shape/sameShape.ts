/** A shape as it may stand in a test, indented with the code around it, brought to the form that `shapeOf` gives. */
export function plainShape(text: string): string {
  const lines = text
    .replaceAll('\t', '  ')
    .split('\n')
    .map((line) => line.trimEnd())
    .filter((line) => line !== '');
  const margin = Math.min(...lines.map((line) => line.length - line.trimStart().length));
  return lines.map((line) => line.slice(margin)).join('\n');
}

/** The lines of two shapes beside each other: `-` is missing, `+` is there and was not expected. */
export function shapeDifference(expected: string, actual: string): string {
  const [left, right] = [expected.split('\n'), actual.split('\n')];
  const common = commonLengths(left, right);
  const lines: string[] = [];
  let [i, j] = [0, 0];
  while (i < left.length || j < right.length) {
    if (i < left.length && j < right.length && left[i] === right[j]) {
      lines.push(`  ${left[i]}`);
      i++;
      j++;
    } else if (j >= right.length || (i < left.length && common[i + 1]![j]! >= common[i]![j + 1]!)) {
      lines.push(`- ${left[i++]}`);
    } else lines.push(`+ ${right[j++]}`);
  }
  return lines.join('\n');
}

/** `[i][j]`: lines that the rests of both from there on have in common, in order. */
function commonLengths(left: readonly string[], right: readonly string[]): number[][] {
  const lengths = Array.from({ length: left.length + 1 }, () => new Array<number>(right.length + 1).fill(0));
  for (let i = left.length - 1; i >= 0; i--) {
    for (let j = right.length - 1; j >= 0; j--) {
      lengths[i]![j] =
        left[i] === right[j]
          ? lengths[i + 1]![j + 1]! + 1
          : Math.max(lengths[i + 1]![j]!, lengths[i]![j + 1]!);
    }
  }
  return lengths;
}
