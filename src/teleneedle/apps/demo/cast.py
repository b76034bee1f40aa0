"""Who takes part in the demonstration: the centre, three hospitals, their people and patients."""

from __future__ import annotations

from dataclasses import dataclass

PASSWORD = "needle-demo-2026"  # noqa: S105 - printed on purpose; the demonstration holds no real patient
CENTRE = "肿瘤消融中心 Ablation Centre"
ADMINISTRATOR = ("管理员 Wang", "admin@centre.example")


@dataclass(frozen=True, kw_only=True)
class Player:
    """One person: name, address for sign-in, role, and the name of the site."""

    name: str
    email: str
    role: str
    site: str = CENTRE


@dataclass(frozen=True, kw_only=True)
class Referral:
    """One synthetic patient: phantom case, seed, hospital, modality, why the hospital asks."""

    phantom: str
    seed: int
    hospital: str
    modality: str
    indication: str


HOSPITALS = ("A 院 Hospital A", "B 院 Hospital B", "C 院 Hospital C")

CENTRE_STAFF = (
    Player(name="李专家 Li", email="expert@centre.example", role="expert"),
    Player(name="赵外科 Zhao", email="surgery@centre.example", role="mdt"),
    Player(name="钱影像 Qian", email="radiology@centre.example", role="mdt"),
)


def hospital_staff(hospital: str) -> tuple[Player, ...]:
    """Operator and technologist of a hospital, addresses by its letter."""
    letter = hospital[0].lower()
    return (
        Player(
            name=f"{hospital[0]} 院术者 Operator",
            email=f"operator@{letter}.example",
            role="operator",
            site=hospital,
        ),
        Player(
            name=f"{hospital[0]} 院技师 Technologist",
            email=f"technologist@{letter}.example",
            role="technologist",
            site=hospital,
        ),
    )


REFERRALS = (
    Referral(
        phantom="liver-mwa",
        seed=0,
        hospital=HOSPITALS[1],
        modality="mwa",
        indication="肝癌，不能手术；请制定微波消融计划 HCC, not resectable; plan for microwave ablation",
    ),
    Referral(
        phantom="liver-rfa",
        seed=1,
        hospital=HOSPITALS[0],
        modality="rfa",
        indication="左肝切除、胆肠吻合术后复发 recurrence after hepatectomy, bilioenteric anastomosis",
    ),
    Referral(
        phantom="lung-seeds",
        seed=2,
        hospital=HOSPITALS[2],
        modality="seeds",
        indication="肺转移瘤，拟碘-125 粒子植入 lung metastasis, iodine-125 seeds considered",
    ),
)
