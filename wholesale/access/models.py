"""Roles, resources and what each role may do with them: data, so that admins can edit it."""

from sqlalchemy import CheckConstraint, ForeignKey, Integer
from sqlalchemy.orm import Mapped, mapped_column

from wholesale.access.matrix import Scope
from wholesale.audit.recording import Audited
from wholesale.core.models import Base, Timestamped, one_of


class Role(Audited, Timestamped, Base):
    """A kind of user; system roles come with the application and stay."""

    __tablename__ = "roles"

    name: Mapped[str] = mapped_column(primary_key=True)
    label: Mapped[str]
    is_system: Mapped[bool] = mapped_column(server_default="false")


class Resource(Base):
    """A kind of record that permissions speak of."""

    __tablename__ = "resources"

    name: Mapped[str] = mapped_column(primary_key=True)


class RolePermission(Audited, Timestamped, Base):
    """How far a role's permission for one action on one resource reaches."""

    __tablename__ = "role_permissions"
    __table_args__ = (CheckConstraint(one_of("scope", Scope), name="scope"),)

    role: Mapped[str] = mapped_column(ForeignKey("roles.name"), primary_key=True)
    resource: Mapped[str] = mapped_column(ForeignKey("resources.name"), primary_key=True)
    action: Mapped[str] = mapped_column(primary_key=True)
    scope: Mapped[str]


class UserPermission(Audited, Timestamped, Base):
    """An exception for one person: it replaces what the person's role says."""

    __tablename__ = "user_permissions"
    __table_args__ = (CheckConstraint(one_of("scope", Scope), name="scope"),)

    user_id: Mapped[int] = mapped_column(
        Integer, ForeignKey("users.id", ondelete="CASCADE"), primary_key=True
    )
    resource: Mapped[str] = mapped_column(ForeignKey("resources.name"), primary_key=True)
    action: Mapped[str] = mapped_column(primary_key=True)
    scope: Mapped[str]
