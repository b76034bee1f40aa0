"""Segmentation engines and their weights, backup and set-up: mostly for the administrator."""

from __future__ import annotations

UPKEEP: dict[str, str] = {
    "the program failed (exit status {})": "外部程序失败（退出状态 {0}）",
    "the program {} is not installed": "未安装程序 {0}",
    "the program needed more than {} GiB of memory": "外部程序所需内存超过 {0} GiB",
    "the program took longer than {} s and was stopped": "外部程序运行超过 {0} 秒，已停止",
    "the program ended without writing {}": "外部程序结束时没有写出 {0}",
    "the program's labels lie on another grid than the image": "外部程序的标签与图像不在同一网格上",
    "a file of the network is not what it should be": "网络的某个文件不符合要求",
    "the network does not take one CT image as NIfTI": "该网络不是以单个 CT（NIfTI）为输入",
    "the network's folder holds no checkpoint": "网络文件夹中没有权重文件",
    "only networks with one number per label can be used": "只能使用每个标签对应一个数值的网络",
    "the network has no label {}": "该网络没有标签 {0}",
    "none of the network's labels is a known structure": "该网络的标签都不是已知结构",
    "a file of the network cannot be read ({})": "网络的某个文件无法读取（{0}）",
    "the network answered {}: not {} or more channels of {}": "网络输出为 {0}，而不是 {2} 的 {1} 个以上通道",
    "the network answered values that are no numbers": "网络输出了非数字的值",
    "the network failed on an image of {} voxels ({})": "网络在 {0} 个体素的图像上失败（{1}）",
    "the network is not the one that was recorded: its sha256 differs": "网络与登记的不一致：SHA-256 不同",
    "the window's lower end is not below its upper end": "窗口下限不小于上限",
    "the network's description is not valid: {}": "网络说明无效：{0}",
    "no structure is called {}": "没有名为 {0} 的结构",
    "the network's description is not JSON ({})": "网络说明不是 JSON（{0}）",
    "the file is larger than any network that can be used": "文件大于任何可用的网络",
    "no runtime can load the network": "没有可加载该网络的运行时",
    "unknown table {}": "未知的配置表 {0}",
    "a table was expected": "此处应为配置表",
    "a list of engine names was expected": "此处应为引擎名称列表",
    "an engine cannot be called {}": "引擎不能命名为 {0}",
    "the engine has no known kind": "引擎类型未知",
    "no engine is called {}": "没有名为 {0} 的引擎",
    "the settings of the engines cannot be read ({})": "引擎配置无法读取（{0}）",
    "{} is of the wrong type": "{0} 的类型不对",
    "{} is not positive": "{0} 不是正数",
    "{} is unknown": "未知项：{0}",
    "the task {} is unknown, or its weights are not free": "任务 {0} 未知，或其权重不是免费的",
    "the task {} finds no structure that planning uses": "任务 {0} 不产生规划所用的结构",
    "the task {} is not free: its weights need a licence number": "任务 {0} 不免费：其权重需要许可号",
    "the task {} has no fast network": "任务 {0} 没有快速网络",
    "the weights of this task are not installed; they are never downloaded from here": (
        "该任务的权重未安装；系统从不自行下载"
    ),
    "these weights are not approved (sha256 {})": "这些权重未获批准（SHA-256 {0}）",
    "the weights folder is missing": "权重文件夹缺失",
    "the weights folder is empty": "权重文件夹是空的",
    "others than its owner can write the file of approved weights": "批准权重的文件可被所有者以外的人改写",
    "'approved' must be a list of tables": "approved 须为表的列表",
    "the weights cannot be read ({})": "权重无法读取（{0}）",
    "the file of approved weights cannot be read ({})": "批准权重的文件无法读取（{0}）",
    "an approved row has no {}": "批准记录缺少 {0}",
    "the weights folder contains a link": "权重文件夹中含链接",
    "the file exists already": "文件已存在",
    "the folder is not empty": "文件夹不是空的",
    "the backup was changed or is incomplete": "备份被改动或不完整",
    "this is a backup of PostgreSQL": "这是 PostgreSQL 的备份",
    "the backup cannot be written": "备份无法写出",
    "there is no hub here": "此处没有系统数据",
    "{} is missing": "缺少 {0}",
    "{} failed": "{0} 失败",
    "this is no complete backup": "这不是完整的备份",
    "a newer version made this database": "该数据库由更新的版本创建",
    # what to do
    "the details hold what it said last": "详情中有其最后的输出",
    "see docs/how-to/ai-engines.md": "见 docs/how-to/ai-engines.md",
    "see docs/how-to/ai-engines.md for the fields": "各项说明见 docs/how-to/ai-engines.md",
    "raise memory_limit_gib for this engine, or use a lighter one": (
        "请提高该引擎的 memory_limit_gib，或改用较轻的引擎"
    ),
    "raise time_limit_s for this engine, or use a faster one": "请提高 time_limit_s，或改用较快的引擎",
    "check its version": "请检查其版本",
    "check its version and settings": "请检查其版本和配置",
    "use a network trained on one CT channel": "请使用以单通道 CT 训练的网络",
    "name them by classes = { label = structure } in the settings": (
        "请在配置中以 classes = {{ 标签 = 结构 }} 命名"
    ),
    "the description does not fit the network: check classes and patch_voxels": (
        "说明与网络不符：请检查 classes 和 patch_voxels"
    ),
    "check patch_voxels and multiple_of in model.json": "请检查 model.json 中的 patch_voxels 和 multiple_of",
    "install the network again, or record the new hash after checking where it comes from": (
        "请重新安装网络；或核实来源后登记新的哈希"
    ),
    "use {}": "请用 {0}",
    "use {} to {}": "请用 {0} 至 {1}",
    "check the folder": "请检查文件夹",
    'export it again as ONNX with its weights inside, or install "teleneedle[ai]"': (
        "请重新导出为内含权重的 ONNX，或安装 teleneedle[ai]"
    ),
    "use engines and structures": "请用 engines 和 structures",
    "add [engines.{}]": "请添加 [engines.{0}]",
    "enter licence_number for this engine, or use a free task": (
        "请为该引擎填写 licence_number，或使用免费任务"
    ),
    "leave fast out": "请去掉 fast",
    "let the administrator install them, see docs/how-to/ai-engines.md": (
        "请管理员安装，见 docs/how-to/ai-engines.md"
    ),
    "if they are what you installed, let the administrator enter the hash in {}": (
        "若确为所安装的权重，请管理员将哈希登记到 {0}"
    ),
    "install the weights": "请安装权重",
    "chmod go-w {}": "请执行 chmod go-w {0}",
    "enter it as text": "请以文本填写",
    "replace the link by the file itself": "请用文件本身替换链接",
    "name another file": "请指定另一个文件",
    "name a new folder": "请指定新文件夹",
    "use another backup": "请使用另一份备份",
    "name an empty database with --database": "请用 --database 指定空数据库",
    "apt-get install postgresql-client": "请安装 postgresql-client",
    "start the version that made it, or restore a backup of this version": (
        "请启动创建它的版本，或恢复本版本的备份"
    ),
    "a stored object was changed": "存储的对象已被改动",
    "restore it from an earlier backup": "请用更早的备份恢复",
    "a hold names who places it and why": "设置保留时须写明由谁设置及原因",
    "there is no such case": "没有这个病例",
    "this case is not held": "该病例未被保留",
    "this case is open, or not past the retention": "该病例尚未结案，或未过保存期限",
    "this case is held": "该病例已被保留，不得删除",
}
