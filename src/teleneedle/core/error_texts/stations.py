"""DICOM stations: what keeps something from them, for the administrator."""

from __future__ import annotations

STATIONS: dict[str, str] = {
    "the station does not take the association: {}": "DICOM 设备不接受连接：{0}",
    "the station is registered with TLS and the hub has no certificate for DICOM": (
        "该设备登记为使用 TLS，但本系统没有 DICOM 证书"
    ),
    "the station refused {} of {} instances: {}": "设备拒收 {1} 个实例中的 {0} 个：{2}",
    "the station is no longer registered": "该设备已不再登记",
    "the station took nothing for {} h": "设备在 {0} 小时内未能接收",
    "the series is no longer there": "该序列已不存在",
    "nothing has to be done": "无需处理",
    "the query has no level of this model": "查询级别不属于该模型",
    "the identifier is larger than allowed": "查询标识过大",
    "the identifier lacks the key of its level": "查询缺少该级别的唯一键",
    "check that it runs, its address and port, and that it knows this hub's AE title": (
        "请检查设备是否运行、地址和端口，以及是否登记了本系统的 AE 标题"
    ),
    "set TELENEEDLE_DICOM_CERTIFICATE, or register the station without TLS": (
        "请设置 TELENEEDLE_DICOM_CERTIFICATE，或将设备登记为不使用 TLS"
    ),
    "look at the station's log; send again once it is put right": "请查看设备日志；排除问题后重新发送",
    "register it again, or remove the rule": "请重新登记，或删除该规则",
}
