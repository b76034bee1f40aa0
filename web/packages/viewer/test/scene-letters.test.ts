import { PerspectiveCamera } from "three";
import { expect, it } from "vitest";
import { lettersOf } from "../src/scene-letters";

/** An eye at a place of the patient's LPS space that looks at the origin, the head above. */
const eyeAt = (x: number, y: number, z: number) => {
  const eye = new PerspectiveCamera();
  eye.up.set(0, 0, 1);
  eye.position.set(x, y, z);
  eye.lookAt(0, 0, 0);
  return eye;
};

it("shows the patient's left on the right of whoever looks from the front", () => {
  expect(lettersOf(eyeAt(0, -500, 0))).toEqual({ left: "R", right: "L", top: "S", bottom: "I" });
});

it("turns with the eye: from behind and from the patient's left side", () => {
  expect(lettersOf(eyeAt(0, 500, 0))).toEqual({ left: "L", right: "R", top: "S", bottom: "I" });
  expect(lettersOf(eyeAt(500, 0, 0))).toEqual({ left: "A", right: "P", top: "S", bottom: "I" });
});

it("names both axes where the eye looks slantwise", () => {
  const { right, top } = lettersOf(eyeAt(-300, -300, 0));
  expect(right.split("").sort()).toEqual(["A", "L"]);
  expect(top).toBe("S");
});
