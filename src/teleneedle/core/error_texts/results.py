"""Results of a plan over space, time and dose."""

from __future__ import annotations

RESULTS: dict[str, str] = {
    "what a person reads is there in both languages": "供人阅读的文字须有中英两种语言",
    "arrays of a result are float32": "结果的数组须为 float32",
    "as many curves as rows": "曲线数须与行数一致",
    "as many histograms as structures": "直方图数须与结构数一致",
    "this is no result of a plan": "这不是方案的结果",
    "a result lacks a part or has a wrong one": "结果缺少某部分或有错误的部分",
    "a read-out is not what its histogram says": "读出值与其直方图不符",
    "a result belongs to a plan that is kept": "结果须属于已保存的方案",
    "a histogram is of a structure of the plan": "直方图须属于方案中的结构",
    "values of {} are finite, from {} to {}": "{0} 的值须有限，且在 {1} 至 {2} 之间",
    "an axis has 2 to 20,000 finite samples": "坐标轴须有 2 至 20,000 个有限采样",
    "an axis ascends from 0 or above": "坐标轴须从 0 或以上递增",
    "a result names its engine, its version and its model": "结果须注明引擎、版本和模型",
    "this quantity is not one of space": "该量不是空间量",
    "values and grid differ, or are too many": "数值与网格不符或过多",
    "a field has one to 8 levels, ascending": "场须有 1 至 8 个递增的等值",
    "a time is a number of seconds from 0": "时间须为从 0 起的秒数",
    "one to 24 curves, each with an id of its own": "须有 1 至 24 条曲线，编号各不相同",
    "this quantity is not one of time": "该量不是时间量",
    "a band has both bounds": "区间须有上下限",
    "the axis begins at 0 Gy and a prescription is above 0 Gy": "剂量轴须从 0 Gy 起，处方剂量须大于 0 Gy",
    "one to 24 structures, each once": "须有 1 至 24 个结构，各一次",
    "the dose axis ends before the histogram has fallen": "剂量轴在直方图降完之前结束",
    "a curve is as long as the times": "曲线长度须与时间一致",
    "a band holds its curve: p10 ≤ p50 ≤ p90": "区间须包含曲线：p10 ≤ p50 ≤ p90",
    "a histogram is as long as its axis, and finite": "直方图长度须与坐标轴一致且有限",
    "a cumulative histogram falls from 100 %": "累积直方图须从 100 % 下降",
}
