"""The forms of accounts."""

from typing import Any
from zoneinfo import available_timezones

from wtforms import BooleanField, PasswordField, SelectField, TimeField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length, Optional, ValidationError

from wholesale.access.matrix import Scope
from wholesale.web.forms import EmailLine, FilterForm, Form, LineField

ZONES = sorted(zone for zone in available_timezones() if "/" in zone or zone == "UTC")
THEMES = [
    SelectChoice("system", "As the device"),
    SelectChoice("light", "Light"),
    SelectChoice("dark", "Dark"),
]
NAME = [
    DataRequired("Enter a name."),
    Length(max=200, message="A name has 200 characters at most."),
]
LONG = Length(max=128, message="Use at most 128 characters.")
NOTIFICATIONS = {
    "order_status": "An order of mine changes its status",
    "quote": "A quote of mine is accepted or about to expire",
    "task": "A task is given to me or done",
    "payment": "A payment for an order of mine comes in",
}


class SignInForm(Form):
    """E-mail and password."""

    email = EmailLine("E-mail", [InputRequired("Enter your e-mail address."), Length(max=254)])
    password = PasswordField("Password", [InputRequired("Enter your password."), Length(max=1024)])
    remember = BooleanField("Stay signed in on this device")


class ForgotForm(Form):
    """Whose password is forgotten."""

    email = EmailLine("E-mail", [InputRequired("Enter your e-mail address."), Length(max=254)])


class NewPasswordForm(Form):
    """A new password."""

    password = PasswordField("New password", [InputRequired("Choose a password."), LONG])


class AcceptForm(NewPasswordForm):
    """An invited person's name and password."""

    name = LineField("Your name", NAME)


class PasswordForm(NewPasswordForm):
    """A new password for oneself, with the present one."""

    present = PasswordField(
        "Present password", [InputRequired("Enter your present password."), Length(max=1024)]
    )


class ProfileForm(Form):
    """What a person says of themselves."""

    name = LineField("Name", NAME)
    phone = LineField("Phone", [Length(max=50)])
    time_zone = SelectField("Time zone", choices=[SelectChoice(z, z) for z in ZONES])
    theme = SelectField("Colours", choices=THEMES)


class TimesForm(Form):
    """When mails may come: one a day at its hour, and none in the quiet hours."""

    digest = TimeField("One mail a day, at", [Optional()])
    quiet_from = TimeField("No mail from", [Optional()])
    quiet_until = TimeField("until", [Optional()])

    def validate_quiet_from(self, _: Any) -> None:
        """Want both ends of the quiet hours, or none."""
        if self.quiet_until.data is None:
            raise ValidationError("Enter both ends, or none.")

    def validate_quiet_until(self, _: Any) -> None:
        """Want both ends of the quiet hours, or none."""
        if self.quiet_from.data is None:
            raise ValidationError("Enter both ends, or none.")

    @property
    def chosen(self) -> dict[str, str | None]:
        """The times as they are kept."""
        names = ("digest", "quiet_from", "quiet_until")
        times = {name: self[name].data for name in names}
        return {name: f"{at:%H:%M}" if at else None for name, at in times.items()}


class InviteForm(Form):
    """Whom to invite."""

    email = EmailLine("E-mail", [InputRequired("Enter an e-mail address.")])
    name = LineField("Name", NAME)
    role = SelectField("Role")


class RoleChoiceForm(Form):
    """Another role for a user."""

    role = SelectField("Role")


class ExceptionForm(Form):
    """Another scope for one person than the role's."""

    permission = LineField(validators=[InputRequired()])
    scope = SelectField(
        choices=[
            SelectChoice("", "As the role"),
            *(SelectChoice(s, s.capitalize()) for s in Scope),
        ],
        validators=[Optional()],
    )


class UserFilter(FilterForm):
    """Words and role."""

    q = LineField("Search people", [Length(max=200)])
    role = SelectField("Role", [Optional()])
