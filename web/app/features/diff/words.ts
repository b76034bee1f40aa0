import { defineWords } from "@app/i18n/defineWords";

export const diffWords = defineWords(
  {
    against: "与第 {{n}} 版相比",
    choose: "对比版本",
    version: "第 {{n}} 版",
    same: "没有差别",
    groups: {
      fact: "条件",
      needle: "针",
      setting: "消融参数",
      figure: "指标",
      check: "核查",
    },
    moved: "进针点 {{entry}} mm · 针尖 {{tip}} mm · 转 {{angle}}°",
    states: { pass: "通过", warn: "注意", fail: "不通过", unknown: "未知", absent: "无" },
  },
  {
    against: "Compared with version {{n}}",
    choose: "Compare with",
    version: "version {{n}}",
    same: "No difference",
    groups: {
      fact: "Conditions",
      needle: "Needles",
      setting: "Settings",
      figure: "Figures",
      check: "Checks",
    },
    moved: "entry {{entry}} mm · tip {{tip}} mm · turned {{angle}}°",
    states: { pass: "pass", warn: "caution", fail: "fail", unknown: "unknown", absent: "none" },
  },
);
