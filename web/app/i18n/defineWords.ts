export interface Tree {
  [key: string]: string | Tree;
}

type Same<T> = { [K in keyof T]: T[K] extends string ? string : Same<T[K]> };

/** The words of one feature in both languages; the compiler refuses a key that only one of them has. */
export function defineWords<const T extends Tree>(zh: T, en: Same<T>): { zh: T; en: Same<T> } {
  return { zh, en };
}
