"""What was odd about an input, said in Chinese and English."""

from __future__ import annotations


class Warnings:
    """Collects pairs of Chinese and English sentences, each once."""

    def __init__(self) -> None:
        self.pairs: list[tuple[str, str]] = []

    def add(self, zh: str, en: str) -> None:
        """Keep the pair unless it is already there."""
        if (zh, en) not in self.pairs:
            self.pairs.append((zh, en))

    def set_aside(self, pictures: int, others: int) -> None:
        """Localisers and captures, and objects that are no CT, were left out."""
        if pictures:
            self.add(
                f"已忽略 {pictures} 幅定位像或截图。",
                f"{pictures} localiser(s) or capture(s) were set aside.",
            )
        if others:
            self.add(f"已忽略 {others} 个非 CT 文件。", f"{others} file(s) that are not CT were set aside.")

    def copies_dropped(self, count: int) -> None:
        """Identical files were there twice."""
        self.add(f"有 {count} 个重复文件，已去除。", f"{count} identical copies of slices were dropped.")

    def tilted(self, degrees: float) -> None:
        """The gantry was tilted."""
        self.add(
            f"机架倾斜 {degrees:.1f}°：已重采样到正交网格。",
            f"The gantry was tilted by {degrees:.1f}°: the volume was resampled to a right-angled grid.",
        )

    def gaps_bridged(self, gaps: tuple[str, ...]) -> None:
        """Irregular slices were bridged because the caller allowed it."""
        text = "; ".join(gaps[:5]) + (f"; and {len(gaps) - 5} more" if len(gaps) > 5 else "")
        self.add(
            f"层面缺失或层距不等（{len(gaps)} 处），已按要求线性插值；缺失处的图像不是真实采集：{text}。",
            f"Slices are missing or unevenly spaced ({len(gaps)} place(s)) and were interpolated as asked; "
            f"what is shown there was not scanned: {text}.",
        )

    def no_frame(self) -> None:
        """No frame of reference is declared."""
        self.add(
            "图像未注明坐标参考系，已由内容生成标识；与其他图像合用前须配准。",
            "The images name no frame of reference; one was derived from their content, "
            "so any other image needs registration.",
        )

    def no_rescale(self) -> None:
        """Rescale is missing."""
        self.add(
            "图像缺少重缩放斜率或截距，按 1 和 0 处理；请核对 CT 值。",
            "Rescale slope or intercept is missing; 1 and 0 were used. Check the Hounsfield values.",
        )

    def not_hounsfield(self, what: str) -> None:
        """The values are declared to be something other than HU."""
        self.add(
            f"像素值并非亨氏单位（{what}），不可用于规划。",
            f"The values are not Hounsfield units ({what}); do not plan on them.",
        )

    def no_air_or_tissue(self, low: int, high: int) -> None:
        """The range of values is not that of a body in air."""
        self.add(
            f"CT 值范围 {low} 至 {high} HU 不像人体 CT；请核对重缩放。",
            f"Values from {low} to {high} HU do not look like a body in air; check the rescale.",
        )

    def lossy(self, ratio: str) -> None:
        """The images were compressed with loss."""
        more = f" {ratio}:1" if ratio else ""
        self.add(
            f"图像经有损压缩{more}：细节和 CT 值可能失真。",
            f"The images were compressed with loss{more}: detail and Hounsfield values may be altered.",
        )

    def odd_padding(self, value_hu: float) -> None:
        """The declared padding value lies among tissue and was not applied."""
        self.add(
            f"声明的填充值为 {value_hu:g} HU，与组织重叠，未予采用。",
            f"The declared padding value is {value_hu:g} HU, among tissue; it was not applied.",
        )

    def no_patient_position(self) -> None:
        """Patient Position is missing."""
        self.add(
            "图像未注明患者体位；请核对左右与头足方向。",
            "The images do not say the patient's position on the table; check left, right, head and feet.",
        )

    def spacing_beside_thickness(self, spacing_mm: float, thickness_mm: float) -> None:
        """Slices lie further apart than they are thick."""
        self.add(
            f"层距 {spacing_mm:.2f} mm 大于层厚 {thickness_mm:.2f} mm：层间组织未被扫描，或每隔若干层缺失。",
            f"Slices lie {spacing_mm:.2f} mm apart but are {thickness_mm:.2f} mm thick: tissue between them "
            "was not seen, or slices are missing at regular intervals.",
        )
