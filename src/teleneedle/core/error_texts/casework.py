"""Cases, people and requests to the hub."""

from __future__ import annotations

CASEWORK: dict[str, str] = {
    # rules of a case; most carry their Chinese beside the English
    "no person may append this kind of event": "此类事件不能由人添加",
    "nobody but this hospital's staff or an expert opens its cases": "只有本院人员或专家可以为本院开立病例",
    "the patient needs an id and a name": "患者须有编号和姓名",
    "the hub does not append this kind of event": "系统不添加此类事件",
    "a SHA-256 is missing from the event": "事件缺少 SHA-256",
    "the series has no id": "序列没有编号",
    "the structure has no name": "结构没有名称",
    "the plan does not say which masks it was made on": "方案未说明依据哪些掩膜",
    "the failed checks are a list of their ids": "未通过的核查须为编号列表",
    "the verdict is none of those known": "会诊意见不在可选范围内",
    "a command id is not empty and has no '#'": "命令编号不能为空，也不能含“#”",
    "the cursor is not one of ours": "翻页标记无效",
    "a Patient has no status": "Patient 资源没有 status",
    "leave status out": "请去掉 status",
    "enter both as the hospital has them": "请按医院的记录填写两者",
    # jobs and stored objects
    "the work ended its process {} times": "任务进程已 {0} 次异常结束",
    "something went wrong inside": "内部出错",
    "this is no name of an object": "对象名称无效",
    "a stored object is missing": "存储的对象缺失",
    # sign-in by a provider
    "an OpenID Connect provider needs https": "OpenID Connect 服务须使用 https",
    "the provider has not verified the e-mail": "统一身份服务尚未验证该邮箱",
    "the provider names another issuer": "统一身份服务的签发者不符",
    "the token is for another application": "令牌是发给其他应用的",
    "the provider's answer cannot be used": "统一身份服务的应答无法使用",
    "the provider cannot be reached": "无法连接统一身份服务",
    # what to do
    "copy it from the window where the hub was started": "请从启动系统的窗口复制",
    "sign in": "请登录",
    "reload the page": "请刷新页面",
    "send UTF-8 without NUL": "请以 UTF-8 发送，且不含空字符",
    "send fewer instances at a time": "请减少每次发送的实例数",
    "send one series at a time": "请每次上传一个序列",
    "send the missing parts": "请补传缺失的部分",
    "look at the newer version, then keep yours or theirs": "请查看较新的版本，再决定保留哪一个",
    "read the images first; confirm when it asks": "请先读取图像；系统询问时再确认",
    'send If-Match: "SHA-256" for a version, If-None-Match: * for a new structure': (
        '修改已有版本请发送 If-Match: "SHA-256"，新结构请发送 If-None-Match: *'
    ),
}
