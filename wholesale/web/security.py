"""Response headers that keep pages safe: no inline script or style, no framing, no sniffing."""

from ipaddress import ip_address

from flask import Flask, request
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.wrappers import Response

POLICY = (
    "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none';"
    " object-src 'none'; img-src 'self' data:"
)
DAY = 86400
YEAR = 365 * DAY


def client_address() -> str | None:
    """Return the client's address as the database can hold it; None when it is none."""
    text = request.remote_addr or ""
    bare = text.rpartition(":")[0] if text.count(":") == 1 else text.partition("]")[0].lstrip("[")
    try:
        return str(ip_address(bare))
    except ValueError:
        return None


def init_app(app: Flask, *, production: bool, trusted_proxies: int) -> None:
    """Set the headers on every answer, and read the client's address behind proxies."""
    if trusted_proxies:
        count = trusted_proxies
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]
            app.wsgi_app, x_for=count, x_proto=count, x_host=count
        )

    @app.after_request
    def protect(response: Response) -> Response:
        headers = response.headers
        headers["Content-Security-Policy"] = _policy(app)
        headers["X-Content-Type-Options"] = "nosniff"
        headers["X-Frame-Options"] = "DENY"
        headers.setdefault("Referrer-Policy", "same-origin")
        headers["Permissions-Policy"] = "camera=(), geolocation=(), microphone=()"
        headers["Cross-Origin-Opener-Policy"] = "same-origin"
        response.vary.update(["HX-Request", "HX-Target"])
        if production:
            headers["Strict-Transport-Security"] = f"max-age={YEAR}; includeSubDomains"
        if request.endpoint == "static" and "v" in request.args:
            headers["Cache-Control"] = f"public, max-age={YEAR}, immutable"
        elif request.endpoint == "static":
            headers["Cache-Control"] = f"public, max-age={DAY}"
        elif "Cache-Control" not in headers:
            headers["Cache-Control"] = "no-store"
        return response


def _policy(app: Flask) -> str:
    """Return the policy; browsers send files to a bucket directly where there is one."""
    bucket = app.config.get("STORAGE_ORIGIN")
    return f"{POLICY}; connect-src 'self' {bucket}" if bucket else POLICY
