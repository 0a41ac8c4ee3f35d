"""What the words of the catalogue are called on the page."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from portal.basis import Bilingual
from portal.catalogue.model.words import (
    Audience,
    Channel,
    Depth,
    Handling,
    ItemType,
    Level,
    MaterialForm,
    MaterialNeed,
    MaterialRole,
    MaterialSource,
    Outcome,
    PauseKind,
    PowerSource,
    ReformWay,
    ResultKind,
    Review,
    SuccessionCause,
    WindowKind,
)


def _names(*rows: tuple[StrEnum, str, str]) -> dict[tuple[type[StrEnum], str], Bilingual]:
    return {(type(word), word.value): Bilingual(zh, en) for word, zh, en in rows}


_NAMES: Mapping[tuple[type[StrEnum], str], Bilingual] = _names(
    (Depth.GUIDE, "一级：网上查指南", "Level I: the guide is online"),
    (Depth.HAND_IN, "二级：网上提交", "Level II: hand in online"),
    (Depth.REVIEW, "三级：网上预审", "Level III: examined online"),
    (Depth.WHOLE, "四级：全程网办", "Level IV: wholly online"),
    (ItemType.PERMIT, "行政许可", "Permit"),
    (ItemType.CONFIRMATION, "行政确认", "Confirmation"),
    (ItemType.BENEFIT, "行政给付", "Benefit"),
    (ItemType.REWARD, "行政奖励", "Reward"),
    (ItemType.RULING, "行政裁决", "Ruling"),
    (ItemType.FILING, "行政备案", "Filing"),
    (ItemType.OTHER, "其他行政权力", "Other power"),
    (ItemType.SERVICE, "公共服务", "Public service"),
    (ItemType.DISCLOSURE, "政府信息公开", "Information disclosure"),
    (ItemType.PETITION, "信访", "Petition"),
    (ItemType.APPEAL, "诉求", "Appeal"),
    (Audience.PERSON, "个人", "Persons"),
    (Audience.FIRM, "法人", "Firms"),
    (Channel.WEB, "网上办理", "Online"),
    (Channel.WINDOW, "窗口办理", "At a window"),
    (Channel.KIOSK, "自助终端", "Self-service kiosk"),
    (Channel.PHONE, "电话办理", "By phone"),
    (Channel.VILLAGE, "村内代办", "In the village"),
    (Level.PROVINCE, "省级", "Province"),
    (Level.CITY, "市级", "City"),
    (Level.COUNTY, "县级", "County"),
    (Level.TOWNSHIP, "乡镇级", "Township"),
    (Level.VILLAGE, "村级", "Village"),
    (Handling.INSTANT, "即办件", "Done on the spot"),
    (Handling.PROMISED, "承诺件", "Done within a promised time"),
    (Review.ON_THE_SPOT, "即审即办", "Examined and decided at once"),
    (Review.BEFORE_APPROVAL, "先审后批", "Examined, then decided"),
    (PowerSource.OWN, "法定本级行使", "Own power"),
    (PowerSource.TRANSFERRED, "划转行使", "Transferred power"),
    (PowerSource.ENTRUSTED, "委托行使", "Entrusted power"),
    (ReformWay.CANCELLED, "直接取消审批", "Approval abolished"),
    (ReformWay.FILING, "审批改为备案", "Approval turned into a filing"),
    (ReformWay.PROMISE, "实行告知承诺", "Granted on the applicant's promise"),
    (ReformWay.IMPROVED, "优化审批服务", "Approval made simpler"),
    (MaterialRole.MAIN, "主要材料", "Main material"),
    (MaterialRole.MINOR, "次要材料", "Minor material"),
    (MaterialNeed.REQUIRED, "必要", "Required"),
    (MaterialNeed.OPTIONAL, "非必要", "Optional"),
    (MaterialNeed.DEFERRABLE, "容缺", "May follow later"),
    (MaterialForm.PAPER, "纸质", "Paper"),
    (MaterialForm.ELECTRONIC, "电子", "Electronic"),
    (MaterialForm.BOTH, "纸质或电子", "Paper or electronic"),
    (MaterialSource.APPLICANT, "申请人自备", "From the applicant"),
    (MaterialSource.OFFICE, "政府部门核发", "Issued by an office"),
    (MaterialSource.INTERMEDIARY, "中介机构出具", "From an intermediary"),
    (MaterialSource.SHARED, "数据共享获取，免提交", "Obtained by data sharing, not asked of you"),
    (ResultKind.LICENCE, "证照", "Licence"),
    (ResultKind.CERTIFICATE, "证明", "Certificate"),
    (ResultKind.APPROVAL, "批文", "Approval"),
    (ResultKind.DOCUMENT, "文书", "Document"),
    (ResultKind.PAYMENT, "资金拨付", "Payment"),
    (ResultKind.RECORD, "登记记录", "Record"),
    (PauseKind.HEARING, "听证", "Hearing"),
    (PauseKind.TENDER, "招标", "Tender"),
    (PauseKind.AUCTION, "拍卖", "Auction"),
    (PauseKind.INSPECTION, "检验", "Inspection"),
    (PauseKind.TEST, "检测", "Test"),
    (PauseKind.QUARANTINE, "检疫", "Quarantine"),
    (PauseKind.APPRAISAL, "鉴定", "Appraisal"),
    (PauseKind.EXPERT_REVIEW, "专家评审", "Expert review"),
    (PauseKind.SITE_SURVEY, "现场勘验", "Site survey"),
    (PauseKind.TECHNICAL_REVIEW, "技术审查", "Technical review"),
    (PauseKind.THIRD_PARTY_CONSULTATION, "征求第三方意见", "Consultation of a third party"),
    (WindowKind.COMPREHENSIVE, "综合窗口", "Comprehensive window"),
    (WindowKind.SPECIAL, "专业窗口", "Special window"),
    (WindowKind.UNSOLVED, "“办不成事”反映窗口", "Window for what could not be done"),
    (WindowKind.LOW_COUNTER, "低位无障碍窗口", "Low counter"),
    (SuccessionCause.RENAMED, "更名", "Renamed"),
    (SuccessionCause.MERGED, "合并", "Merged"),
    (SuccessionCause.ABOLISHED, "撤销", "Abolished"),
    (Outcome.CONSISTENT, "一致", "Consistent"),
    (Outcome.AMEND, "需修改", "To be amended"),
    (Outcome.REPEAL, "应废止", "To be repealed"),
)


def name_of(word: StrEnum) -> Bilingual:
    """Words of two vocabularies may be spelt alike ("filing" is a type and a reform), so the vocabulary counts too."""
    return _NAMES[type(word), word.value]
