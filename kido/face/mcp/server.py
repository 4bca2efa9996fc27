"""The server: nine tools over standard input and output, each read-only.

create_server(lang) -> Server
serve(lang)         answers until its client goes away
"""

from __future__ import annotations

import contextlib
import json
import sys
import traceback

import anyio
from mcp.server.lowlevel import Server
from mcp.server.stdio import stdio_server
from mcp.types import CallToolRequest, CallToolResult, ListToolsRequest, ListToolsResult, ServerResult, TextContent, ToolAnnotations
from mcp.types import Tool as Listed

from kido import __version__
from kido.errors import KidoError, Problem
from kido.face.language import word
from kido.face.mcp.asked import shown
from kido.face.mcp.tools import TOOLS, called, input_schema, language_of, output_schema

MOST_PROBLEMS = 50
INSTRUCTIONS = (
    "kido holds export controls on rare earths and other critical raw materials. Begin with `determine`; ask the user what `next_question` asks; "
    "give names and values as `words` lists them. State only facts the user gave: a fact left out is unknown, and a guess makes a wrong answer. "
    "Say the day (`on`), the register's version, the issuer's number and the place in its text, and what is `not_covered`. "
    "Never turn a negative into permission: it says only what was searched. This is not legal advice.\n"
    "レアアースなど重要鉱物の輸出管理。利用者が述べた事実だけを渡し、分からない事実は書かないでください。該当なしは許可不要を意味しません。法的助言ではありません。"
)


def create_server(lang: str = "en") -> Server:
    """The server.

    Parameters
    ----------
    lang : language of answers where a call names none
    """
    server = Server("kido", version=__version__, instructions=INSTRUCTIONS)
    tools = [
        Listed(
            name=tool.name,
            title=tool.title,
            description=tool.about,
            inputSchema=input_schema(tool),
            outputSchema=output_schema(tool),
            annotations=ToolAnnotations(
                title=tool.title, readOnlyHint=True, destructiveHint=False, idempotentHint=True, openWorldHint=False
            ),
        )
        for tool in TOOLS.values()
    ]

    async def listed(_: ListToolsRequest) -> ServerResult:
        return ServerResult(ListToolsResult(tools=tools))

    async def call(request: CallToolRequest) -> ServerResult:
        return ServerResult(result(request.params.name, request.params.arguments or {}, lang))

    # beside the SDK's decorators, whose own checks would answer in English and without advice
    server.request_handlers[ListToolsRequest] = listed
    server.request_handlers[CallToolRequest] = call
    return server


def result(name: str, arguments: dict, lang: str) -> CallToolResult:
    """An answer, or an error that holds every problem; nothing that is asked stops the server."""
    lang = language_of(arguments, lang)
    try:
        found = called(name, arguments, lang)
        return CallToolResult(content=[_text(found)], structuredContent=found)
    except KidoError as error:
        problems = list(error.problems)
    except Exception as error:
        traceback.print_exc(file=sys.stderr)
        problems = [Problem("tool-failed", name[:80], type(error).__name__)]
    return CallToolResult(content=[_text(_refused(problems, lang))], isError=True)


def _refused(problems: list[Problem], lang: str) -> dict:
    told = [
        {
            "code": one.code,
            "place": one.place.removeprefix("--")[:200],
            "read": shown(one.read),
            "wrong": shown(one.wrong(lang), 1_000),
            "do": shown(one.do(lang), 1_000),
        }
        for one in problems[:MOST_PROBLEMS]
    ]
    left = {"left_out": len(problems) - MOST_PROBLEMS} if len(problems) > MOST_PROBLEMS else {}
    return {"problems": told, **left, "note": word("mcp.refused", lang)}


def _text(found: dict) -> TextContent:
    return TextContent(type="text", text=json.dumps(found, ensure_ascii=False, separators=(",", ":")))


def serve(lang: str) -> None:
    """Answer on standard input and output until the client goes away."""
    anyio.run(_served, create_server(lang))


async def _served(server: Server) -> None:
    async with stdio_server() as (read, write):
        with contextlib.redirect_stdout(sys.stderr):  # standard output carries the protocol and nothing else
            await server.run(read, write, server.create_initialization_options())
