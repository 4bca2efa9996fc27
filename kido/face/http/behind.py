"""Behind a proxy that does TLS: only the proxy may connect, and it is believed who asks and how."""

from __future__ import annotations

from ipaddress import ip_address, ip_network

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send


class Behind:
    """Takes the address of the asker from the last hop of X-Forwarded-For, which the proxy itself has written.

    Parameters
    ----------
    proxy : an IP address or network; ValueError for anything else
    """

    def __init__(self, app: ASGIApp, proxy: str):
        self.app, self.proxy = app, ip_network(proxy, strict=False)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            if not self._is_proxy(scope):
                await PlainTextResponse("Only the proxy may connect. プロキシからだけ受け付けます。\n", 403)(scope, receive, send)
                return
            hops = Headers(scope=scope).get("x-forwarded-for", "").split(",")
            client = (hops[-1].strip()[:80], 0) if hops[-1].strip() else scope["client"]
            scope = scope | {"scheme": "https", "client": client}
        await self.app(scope, receive, send)

    def _is_proxy(self, scope: Scope) -> bool:
        try:
            return ip_address((scope.get("client") or ("", 0))[0]) in self.proxy
        except ValueError:
            return False
