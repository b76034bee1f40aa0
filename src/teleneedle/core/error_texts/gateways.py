"""Gateways of hospitals: enrolment, certificates, set-up."""

from __future__ import annotations

GATEWAYS: dict[str, str] = {
    "the private key cannot be read": "私钥无法读取",
    "the certificate cannot be read": "证书无法读取",
    "this is no certificate": "这不是证书",
    "the certificate request cannot be read": "证书申请无法读取",
    "the certificate request is not for a P-256 key of its sender": "证书申请不能证明申请方持有 P-256 密钥",
    "the hub issued a certificate that does not fit": "平台签发的证书与本网关不符",
    "this gateway is not enrolled": "本网关尚未登记",
    "the link's port cannot be opened": "影像链路的端口无法打开",
    "there is no gateway in this folder": "该文件夹中没有网关",
    "the gateway's settings cannot be read ({})": "网关配置无法读取（{0}）",
    "the gateway's settings are not valid: {}": "网关配置有误：{0}",
    "other machines may see the status page only with a PIN of 6 characters or more": (
        "允许其他电脑查看状态页时，须设置至少 6 位的 PIN"
    ),
    "this is not the hub that the code comes from": "对方不是签发登记码的平台",
    "the hub's address is not an https address": "平台地址不是 https 地址",
    "this is no code of a hub": "这不是平台的登记码",
    "no hub answers there": "该地址没有平台应答",
    "the hub cannot be reached": "连接不上平台",
    "this gateway is running already": "本网关已在运行",
    # what to do
    "run teleneedle edge init": "请运行 teleneedle edge init",
    "see docs/how-to/connect-a-hospital.md": "见 docs/how-to/connect-a-hospital.md",
    'set one, or set status.host to "127.0.0.1"': '请设置 PIN，或将 status.host 设为 "127.0.0.1"',
    "check the address; somebody may be in between: tell the hub's administrator": (
        "请核对地址；若地址无误，可能有人截取连接，请告知平台管理员"
    ),
    "give it as https://HOST:8443": "请写成 https://主机:8443",
    "copy the whole code, from TN- to its last character": "请完整复制登记码，从 TN- 到最后一个字符",
    "check address and port": "请核对地址和端口",
    "check address, port and the way through the firewall": "请核对地址、端口和防火墙",
    "stop it first": "请先停止它",
    "choose another with --link-port; 0 leaves the link out": "请用 --link-port 换一个端口；0 表示不启用链路",
    "ask the hub's administrator for a code and enrol again": "请向平台管理员索取登记码并重新登记",
    "ask the hub's administrator for a new code": "请向平台管理员索取新的登记码",
    "wait a few minutes": "请几分钟后再试",
    "enrol again": "请重新登记",
    "run teleneedle edge enrol": "请运行 teleneedle edge enrol",
}
