import { describe, expect, it } from "vitest";
import { agrees, bytesOf, layerBars, secondsLeft } from "./arrivalFigures";

const layers = { "1": { have: 100, of: 100 }, "2": { have: 100, of: 300 }, "3": { have: 0, of: 600 } };

describe("how far a series is", () => {
  it("is told layer by layer, coarse first", () => {
    expect(layerBars({ layers }).map(({ layer, fraction }) => [layer, fraction])).toEqual([
      ["1", 1],
      ["2", 1 / 3],
      ["3", 0],
    ]);
    expect(layerBars({ layers: { "4": { have: 9, of: 6 } } })[0]?.fraction).toBe(1);
    expect(layerBars({ layers: { "1": { have: 0, of: 0 } } })).toEqual([]);
  });

  it("says how long it will take only while something moves", () => {
    expect(bytesOf({ layers })).toEqual({ have: 200, of: 1000 });
    expect(secondsLeft({ layers, bytes_per_s: 400 })).toBe(2);
    expect(secondsLeft({ layers, bytes_per_s: null })).toBeNull();
    expect(secondsLeft({ layers: { "1": { have: 5, of: 5 } }, bytes_per_s: 9 })).toBeNull();
  });
});

describe("two identities", () => {
  it("agree whatever stands between the letters, and silence contradicts nothing", () => {
    expect(agrees("Wang^Fang", "WANG FANG")).toBe(true);
    expect(agrees("王^芳", "王芳")).toBe(true);
    expect(agrees("1960-01-02", "19600102")).toBe(true);
    expect(agrees("1960-01-02", "19600201")).toBe(false);
    expect(agrees("", "P1")).toBeNull();
  });
});
