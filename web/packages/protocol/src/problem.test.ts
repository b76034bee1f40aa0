import { expect, test } from "vitest";
import { bothLanguages, type Problem } from "./problem";

const problem: Problem = {
  type: "urn:teleneedle:problem:series-geometry",
  title: { zh: "图像序列几何不完整", en: "The slices do not form one regular volume" },
  status: 422,
  detail: "there is only one slice; planning needs a volume",
  detail_zh: "只有一层图像；规划需要完整的体数据",
  where: "CT0001.dcm",
  where_zh: "",
};

test("a part that the hub says in both languages is had in both", () => {
  expect(bothLanguages(problem, "detail")).toEqual({ zh: problem.detail_zh, en: problem.detail });
});

test("a part said once stays as it is", () => {
  expect(bothLanguages(problem, "where")).toBe("CT0001.dcm");
  expect(bothLanguages(problem, "remedy")).toBeNull();
});
