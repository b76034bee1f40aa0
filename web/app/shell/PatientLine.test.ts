import { isoDate } from "@app/i18n/isoDate";
import { describe, expect, it } from "vitest";
import { ageOn } from "./PatientLine";

describe("the patient's age", () => {
  it("turns on the birthday, from dates in either form", () => {
    expect(ageOn("1968-03-11", "2026-03-10")).toBe(57);
    expect(ageOn("1968-03-11", "2026-03-11")).toBe(58);
    expect(ageOn(isoDate("19680311"), "2026-11-24")).toBe(58);
  });

  it("is not guessed from a date that is missing or partial", () => {
    expect(ageOn("", "2026-03-11")).toBeNull();
    expect(ageOn("1968", "2026-03-11")).toBeNull();
  });
});
