import { describe, expect, it } from "vitest";
import type { Tree } from "./defineWords";
import { allWords } from "./words";

function leaves(tree: Tree, path = ""): [string, string][] {
  return Object.entries(tree).flatMap(([key, value]) => {
    const here = path ? `${path}.${key}` : key;
    return typeof value === "string" ? [[here, value] as [string, string]] : leaves(value, here);
  });
}

const blanks = (text: string) => [...text.matchAll(/\{\{\s*(\w+)\s*\}\}/g)].map((match) => match[1]).sort();

describe.each(Object.entries(allWords))("words of %s", (_name, words) => {
  const zh = new Map(leaves(words.zh as Tree));
  const en = new Map(leaves(words.en as Tree));

  it("has the same keys in Chinese and English", () => {
    expect([...zh.keys()].sort()).toEqual([...en.keys()].sort());
  });

  it("says something in both languages, with the same blanks to fill", () => {
    for (const [key, text] of zh) {
      const other = en.get(key) ?? "";
      expect(text.trim(), key).not.toBe("");
      expect(other.trim(), key).not.toBe("");
      expect(blanks(text), key).toEqual(blanks(other));
    }
  });
});
