"""One tree of errors; every message says what is wrong, where, and what to do.

::

    TeleneedleError
    ├── InputError (ValueError)             what the user gave cannot be used
    │   ├── NotReadableError                no such file, wrong kind of file, broken bytes
    │   ├── HostileInputError               a limit that protects this machine was reached
    │   ├── SeriesChoiceError               several series or targets fit: one must be named
    │   ├── SeriesGeometryError             missing slices, varying spacing, mixed orientation
    │   ├── PatientMismatchError            images of more than one patient
    │   └── StructureError                  a mask or target that cannot be used
    ├── FrameOfReferenceError (ValueError)  two frames combined without a registration
    ├── DeviceError (ValueError)            unknown device, or a setting outside its table
    ├── ReviewRequiredError (PermissionError)  unreviewed or unverified input not acknowledged
    ├── NoSafePathError (RuntimeError)      no needle path satisfies the hard constraints
    ├── ConflictError (RuntimeError)        the case has moved on; the command no longer fits it
    │   └── ApprovalBlockedError            a named reason stands between a plan and its signature
    ├── NotAllowedError (PermissionError)   no role of the person on this case grants it
    ├── OutputError (OSError)               the result cannot be written where it was asked for
    │   └── StorageFullError                the hub's disk is full
    ├── StationError (ConnectionError)      a DICOM station does not take what is sent to it
    ├── LimitExceededError (TimeoutError)   a child process passed its time or memory limit
    └── Cancelled (RuntimeError)            the user stopped the work
"""

from __future__ import annotations

from typing import ClassVar


class TeleneedleError(Exception):
    """Something went wrong that the user can act on.

    Parameters
    ----------
    what : str
        What is wrong, in one sentence.
    where : str
        File, DICOM tag, slice, row or structure concerned; empty when it is the whole input.
    remedy : str
        What the user can do about it.
    details : tuple of str
        Further lines, for example the choices that fit.
    """

    code: ClassVar[str] = "error"
    title_zh: ClassVar[str] = "出错"

    def __init__(
        self,
        what: str = "",
        *,
        where: str = "",
        remedy: str = "",
        details: tuple[str, ...] = (),
    ) -> None:
        self.what = what or (self.__doc__ or "").strip().splitlines()[0]
        self.where = where
        self.remedy = remedy
        self.details = details
        super().__init__(self.what)

    def __str__(self) -> str:
        parts = [self.what]
        if self.where:
            parts.append(f"({self.where})")
        if self.remedy:
            parts.append(f"— {self.remedy}")
        return " ".join(parts)

    def __reduce__(self) -> tuple[object, ...]:
        state = (type(self), self.what, self.where, self.remedy, self.details)
        return (_rebuild, state)


def _rebuild(
    kind: type[TeleneedleError], what: str, where: str, remedy: str, details: tuple[str, ...]
) -> TeleneedleError:
    return kind(what, where=where, remedy=remedy, details=details)


class InputError(TeleneedleError, ValueError):
    """The input cannot be used."""

    code = "input"
    title_zh = "输入无法使用"


class NotReadableError(InputError):
    """The file or folder cannot be read as what it should be."""

    code = "not-readable"
    title_zh = "无法读取"


class HostileInputError(InputError):
    """The input asks for more than any honest file needs; it was refused."""

    code = "hostile-input"
    title_zh = "输入超出安全限度，已拒绝"


class SeriesChoiceError(InputError):
    """More than one choice fits; name one of them."""

    code = "series-choice"
    title_zh = "有多个可选项，请指定其一"


class SeriesGeometryError(InputError):
    """The slices do not form one regular volume."""

    code = "series-geometry"
    title_zh = "图像序列几何不完整"


class PatientMismatchError(InputError):
    """The images belong to more than one patient."""

    code = "patient-mismatch"
    title_zh = "图像属于不同患者"


class StructureError(InputError):
    """A mask or target cannot be used with this CT."""

    code = "structure"
    title_zh = "结构或靶区无法使用"


class FrameOfReferenceError(TeleneedleError, ValueError):
    """Two frames of reference were combined without a registration."""

    code = "frame-of-reference"
    title_zh = "坐标参考系不一致"


class DeviceError(TeleneedleError, ValueError):
    """The device is unknown or the setting lies outside its table."""

    code = "device"
    title_zh = "器械或参数超出范围"


class ReviewRequiredError(TeleneedleError, PermissionError):
    """Unreviewed structures or unverified device rows must be acknowledged first."""

    code = "review-required"
    title_zh = "需先审核或确认"

    def __str__(self) -> str:
        return TeleneedleError.__str__(self)


class NoSafePathError(TeleneedleError, RuntimeError):
    """No needle path to the target satisfies every hard constraint."""

    code = "no-safe-path"
    title_zh = "没有安全的进针路径"


class ConflictError(TeleneedleError, RuntimeError):
    """The case has moved on; look at it again before deciding."""

    code = "conflict"
    title_zh = "与当前状态冲突"


class ApprovalBlockedError(ConflictError):
    """Something must be put right before the plan can be signed."""

    code = "approval-blocked"
    title_zh = "方案暂不能签署"


class NotAllowedError(TeleneedleError, PermissionError):
    """No role of yours permits this."""

    code = "not-allowed"
    title_zh = "没有权限"

    def __str__(self) -> str:
        return TeleneedleError.__str__(self)


class OutputError(TeleneedleError, OSError):
    """The result could not be written."""

    code = "output"
    title_zh = "无法写出结果"

    def __str__(self) -> str:
        return TeleneedleError.__str__(self)


class StorageFullError(OutputError):
    """There is no room left on the hub's disk; what was acknowledged before is safe."""

    code = "storage-full"
    title_zh = "服务器存储空间已满；此前已确认的内容不受影响"


class StationError(TeleneedleError, ConnectionError):
    """The DICOM station did not take what was sent to it."""

    code = "station"
    title_zh = "DICOM 设备未接收"

    def __str__(self) -> str:
        return TeleneedleError.__str__(self)


class LimitExceededError(TeleneedleError, TimeoutError):
    """The work passed its time or memory limit and was stopped."""

    code = "limit-exceeded"
    title_zh = "超过时间或内存上限，已停止"

    def __str__(self) -> str:
        return TeleneedleError.__str__(self)


class Cancelled(TeleneedleError, RuntimeError):
    """The work was stopped; nothing was written."""

    code = "cancelled"
    title_zh = "已取消，未写出任何内容"
