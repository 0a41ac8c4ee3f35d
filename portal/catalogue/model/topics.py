"""Themes under which people look for items: those of a person's life and those of a firm's."""

from __future__ import annotations

from collections.abc import Mapping

from portal.basis import Bilingual

PERSON_TOPICS: Mapping[str, Bilingual] = {
    "birth": Bilingual("生育收养", "Birth and adoption"),
    "residence": Bilingual("户籍办理", "Household and residence"),
    "education": Bilingual("教育科研", "Education and research"),
    "employment": Bilingual("就业创业", "Work and starting up"),
    "social-security": Bilingual("社会保障", "Social security"),
    "health": Bilingual("医疗卫生", "Health"),
    "housing": Bilingual("住房保障", "Housing"),
    "transport": Bilingual("交通出行", "Transport"),
    "documents": Bilingual("证件办理", "Documents"),
    "retirement": Bilingual("离职退休", "Retirement"),
    "marriage": Bilingual("婚姻登记", "Marriage"),
    "public-affairs": Bilingual("公共事务", "Public affairs"),
}

FIRM_TOPICS: Mapping[str, Bilingual] = {
    "setting-up": Bilingual("设立变更", "Setting up and changing"),
    "licences": Bilingual("准营准办", "Licences to operate"),
    "tax": Bilingual("税收财务", "Tax and finance"),
    "staff": Bilingual("人力资源", "Staff"),
    "firm-social-security": Bilingual("社会保障", "Social security of staff"),
    "land-and-building": Bilingual("国土和规划建设", "Land and building"),
    "firm-transport": Bilingual("交通运输", "Transport of goods"),
    "farming": Bilingual("农林牧渔", "Farming"),
    "trade": Bilingual("商务贸易", "Trade"),
    "firm-affairs": Bilingual("公共事务", "Public affairs"),
    "closing": Bilingual("法人注销", "Closing down"),
}

TOPICS: Mapping[str, Bilingual] = {**PERSON_TOPICS, **FIRM_TOPICS}
