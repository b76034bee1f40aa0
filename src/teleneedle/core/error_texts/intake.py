"""What comes in at the gateway: datasets, the spool, DICOM associations."""

from __future__ import annotations

INTAKE: dict[str, str] = {
    "the dataset ends within an element": "数据集在某个数据元素中间被截断",
    "the dataset has too many elements": "数据集的数据元素过多",
    "a sequence has no end": "序列缺少结束标记",
    "a sequence holds something that is no item": "序列中含有非条目的内容",
    "the compressed pixels hold something that is no fragment": "压缩像素数据中含有非片段的内容",
    "the compressed pixels have no end": "压缩像素数据缺少结束标记",
    "an element declares {} bytes and {} are there": "某个数据元素声明 {0} 字节，实际仅有 {1} 字节",
    "the dataset names itself twice, and differently": "数据集对自身身份的两处说明不一致",
    "the deflated dataset is damaged": "压缩（deflate）数据集已损坏",
    "send it again from its source": "请从来源设备重新发送",
    "a file of the spool is damaged": "待发区中有文件已损坏",
    "send the series again": "请重新发送该序列",
    "the gateway's spool is full": "网关待发区已满",
    "see why the hub cannot be reached, or give the gateway more room; then send again": (
        "请检查为何无法连接中心，或为网关增加存储空间，然后重新发送"
    ),
    "the spool does not hold this instance": "待发区中没有该实例",
    "this is no name of an instance": "这不是实例的名称",
    "the file names no transfer syntax": "文件未注明传输语法",
    "export it again from its source": "请从来源设备重新导出",
    "this kind of object is not taken while images are de-identified": "开启去标识化时不接收此类对象",
    "send CT, MR, PET or NM images, or let the administrator switch de-identification off": (
        "请发送 CT、MR、PET 或 NM 图像，或请管理员关闭去标识化"
    ),
    "the header cannot be de-identified": "文件头无法去标识化",
    "send the image to another port": "请将图像发送到其他端口",
    "the archive has more than {} answers": "影像归档系统返回超过 {0} 条结果",
    "ask more narrowly": "请缩小查询范围",
    "the archive cannot be reached, or does not know this gateway": "无法连接影像归档系统，或其未登记本网关",
    "compare titles, address and port with the archive's settings": (
        "请核对归档系统设置中的 AE 标题、地址和端口"
    ),
    "the archive refused with status {}": "影像归档系统拒绝，状态码 {0}",
    "the archive broke the connection off": "影像归档系统中断了连接",
    "let the archive know this gateway's title": "请在归档系统中登记本网关的 AE 标题",
    "the gateway knows no {}": "网关未配置 {0}",
    "give its title and address there": "请在其中填写 AE 标题和地址",
    "nothing to look for": "没有查询条件",
    "give --patient-id, --name, --accession or --date": "请给出 --patient-id、--name、--accession 或 --date",
    "this is no DICOM file": "这不是 DICOM 文件",
    "the file is larger than allowed": "文件超过允许大小",
    "the request for storage commitment is not understandable": "存储承诺请求无法识别",
}
