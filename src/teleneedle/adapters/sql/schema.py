"""Every table of the hub, so that one import knows the whole schema."""

from __future__ import annotations

from sqlalchemy import MetaData

from teleneedle.adapters.sql import (
    audit_tables,
    case_tables,
    gateway_tables,
    identity_tables,
    image_tables,
    job_tables,
    link_tables,
    result_tables,
    station_tables,
)
from teleneedle.adapters.sql.base import Base

TABLE_MODULES = (
    audit_tables,
    case_tables,
    gateway_tables,
    identity_tables,
    image_tables,
    job_tables,
    link_tables,
    result_tables,
    station_tables,
)


def schema() -> MetaData:
    """Metadata with every table."""
    return Base.metadata
