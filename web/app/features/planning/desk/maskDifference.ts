import { type Index, index } from "@teleneedle/geometry";
import { Mask, MOST_STRUCTURES, type Structure, unionOf } from "@teleneedle/viewer";

/** The voxels that only the first and that only the second mask holds. */
export function differenceOf(mine: Mask, theirs: Mask): readonly [Mask, Mask] {
  const box = unionOf(mine, theirs);
  const onlyMine = new Mask(box);
  const onlyTheirs = new Mask(box);
  mine.visit((k, j, i) => {
    if (!theirs.has(k, j, i)) onlyMine.put(k, j, i, true);
  });
  theirs.visit((k, j, i) => {
    if (!mine.has(k, j, i)) onlyTheirs.put(k, j, i, true);
  });
  return [onlyMine, onlyTheirs];
}

/** The middle of a mask's voxels as an index; null of an empty one. */
export function middleOf(mask: Mask): Index | null {
  let count = 0;
  const sum = [0, 0, 0] as [number, number, number];
  mask.visit((k, j, i) => {
    count++;
    sum[0] += i;
    sum[1] += j;
    sum[2] += k;
  });
  return count ? index(sum[0] / count, sum[1] / count, sum[2] / count) : null;
}

/** How the two parts are drawn: the own one filled, theirs as an outline, so that colour is not all that tells. */
export function looksOfDifference(taken: ReadonlySet<number>): readonly [Structure, Structure] {
  const free = Array.from({ length: MOST_STRUCTURES }, (_, n) => MOST_STRUCTURES - n).filter(
    (id) => !taken.has(id),
  );
  const [top = MOST_STRUCTURES, next = MOST_STRUCTURES - 1] = free;
  return [
    { id: next, name: "only mine", visible: true, colour: [240, 228, 66], fill: 0.75, outline: 1 },
    { id: top, name: "only theirs", visible: true, colour: [86, 180, 233], fill: 0.15, outline: 1 },
  ];
}
