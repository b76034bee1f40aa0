import { expect, test } from "vitest";
import { fingerprintOf, ruleOf, stationOf } from "./stationForm";

const DIGITS = "0123456789abcdef".repeat(4);
const PAIRS = DIGITS.toUpperCase().replace(/..(?=.)/g, "$&:");

const formOf = (entries: [string, string][]) => {
  const form = new FormData();
  for (const [name, value] of entries) form.append(name, value);
  return form;
};
const STATION: [string, string][] = [
  ["ae_title", " ASKER "],
  ["site_id", "a"],
  ["host", "192.0.2.7 "],
  ["port", "104"],
  ["certificate_sha256", ""],
];

test.each([
  [DIGITS, DIGITS],
  [PAIRS, DIGITS],
  [`sha256 Fingerprint=${PAIRS}\n`, DIGITS],
  ["", ""],
])("fingerprint %j", (typed, said) => {
  expect(fingerprintOf(typed)).toBe(said);
});

test("a station sees nothing until a site is ticked", () => {
  expect(stationOf(formOf([...STATION, ["scope", "chosen"]]))).toEqual({
    ae_title: "ASKER",
    site_id: "a",
    host: "192.0.2.7",
    port: 104,
    uses_tls: false,
    certificate_sha256: "",
    sees: [],
    is_active: true,
  });
});

test("a station sees the sites that are ticked", () => {
  const form = formOf([...STATION, ["uses_tls", "on"], ["scope", "chosen"], ["sees", "a"], ["sees", "b"]]);
  expect(stationOf(form)).toMatchObject({ uses_tls: true, sees: ["a", "b"] });
});

test("every site is null, whatever is ticked; out of use is kept", () => {
  const form = formOf([...STATION, ["scope", "all"], ["sees", "a"], ["state", "inactive"]]);
  expect(stationOf(form)).toMatchObject({ sees: null, is_active: false });
});

test("a rule names its kinds in their order, the modality in capitals", () => {
  const form = formOf([
    ["station_id", "s"],
    ["site_id", ""],
    ["modality", " ct"],
    ["kinds", "plan-document"],
    ["kinds", "series"],
  ]);
  expect(ruleOf(form)).toEqual({
    station_id: "s",
    site_id: "",
    modality: "CT",
    kinds: ["series", "plan-document"],
  });
});
