import { describe, expect, it } from "vitest";
import { readLook } from "./useWorkbenchLook";

describe("what is remembered of the planning page", () => {
  it("reads back what was chosen", () => {
    const look = { left: false, right: true, layout: "scene", tab: "files", labelOpacity: 0.4 };
    expect(readLook(JSON.stringify(look))).toEqual(look);
  });

  it("begins anew where something is not understood", () => {
    const start = readLook(null);
    for (const stored of ["", "{", "null", '{"layout":"cube","labelOpacity":7,"left":"yes","tab":3}'])
      expect(readLook(stored)).toEqual(start);
  });
});
