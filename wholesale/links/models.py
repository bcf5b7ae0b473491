"""Customer links: a way to one document without an account, kept only as a hash."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, LargeBinary, func
from sqlalchemy.orm import Mapped, mapped_column, relationship

from wholesale.accounts.models import User
from wholesale.audit.recording import Audited
from wholesale.core.clock import now
from wholesale.core.models import Base, Keyed


class CustomerLink(Audited, Keyed, Base):
    """A link to one document; it ends by itself, or when somebody revokes it."""

    __tablename__ = "customer_links"
    __table_args__ = (CheckConstraint("num_nonnulls(quote_id) = 1", name="one_document"),)

    token_hash: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    quote_id: Mapped[int | None] = mapped_column(
        ForeignKey("quotes.id", ondelete="CASCADE"), index=True
    )
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"), index=True)
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    expires_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]

    created_by: Mapped[User | None] = relationship()

    @property
    def is_open(self) -> bool:
        """Whether the link still leads to its document."""
        return self.revoked_at is None and self.expires_at > now()
