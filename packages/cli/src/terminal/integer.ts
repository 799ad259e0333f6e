import { InvalidArgumentError } from 'commander';

/** A parser of whole numbers from `least` to `most`, for an option. */
export function integer(name: string, least: number, most: number): (text: string) => number {
  return (text) => {
    const number = /^[0-9]{1,15}$/.test(text) ? Number(text) : Number.NaN;
    if (number >= least && number <= most) return number;
    throw new InvalidArgumentError(`${name} is a whole number from ${least} to ${most}.`);
  };
}
