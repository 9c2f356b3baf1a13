"""The Flask extensions, made once and bound to an application by the factory."""

from __future__ import annotations

from flask_babel import Babel
from flask_limiter import Limiter
from flask_login import LoginManager
from flask_sqlalchemy import SQLAlchemy
from flask_wtf.csrf import CSRFProtect

from participation.foundation.orm import metadata
from participation.web.rate_storage import limited_by

# Models inherit our own Base; the extension gives us sessions and engines only.
db = SQLAlchemy(metadata=metadata, disable_autonaming=True)
babel = Babel()
login_manager = LoginManager()
csrf = CSRFProtect()  # type: ignore[no-untyped-call]
limiter = Limiter(key_func=limited_by, storage_uri="participation://", strategy="fixed-window")
