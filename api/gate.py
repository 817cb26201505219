"""The gate: every native request passes here once, before its resource: identity, permission, limits, parsing."""

import re
import uuid
from collections.abc import Mapping
from hashlib import sha256
from http import HTTPStatus
from typing import Any, Final

import falcon
import msgspec

from api.doors import WAIT_SECONDS, Doors, behind
from api.entrance.access import Access
from api.entrance.call import Call
from api.entrance.decoding import decode_body, decode_query, read_body
from api.entrance.limits import Allowance
from api.entrance.operations import Operation, operation_of
from api.entrance.problems import Problem, problem_of, write
from api.entrance.tags import has, version_in
from invoicing_domain import tracing
from invoicing_domain.mentions import mention
from invoicing_domain.model.context import Actor, Context
from invoicing_domain.model.dates import local_date
from invoicing_domain.recording.tenancy import asking_for_nothing_of_anybody, work_for, work_for_nobody
from projections.feed import head
from projections.positions import wait_for

_KEY: Final = re.compile(r"[\x21-\x7e]{1,255}")
_REASON_LIMIT: Final = 500
HSTS_SECONDS: Final = 365 * 24 * 3600


class Gate:
    """Falcon middleware; resources without operations (the old dialect, pages) are let through untouched."""

    def __init__(self, doors: Doors) -> None:
        self._doors = doors

    def process_request(self, req: falcon.Request, resp: falcon.Response) -> None:
        work_for_nobody()  # here and not after the last request: an answer may be read while it is sent
        req.context.request_id = f"req_{uuid.uuid4().hex}"
        mention(request_id=req.context.request_id, correlation_id=req.context.request_id)
        tracing.begin(req.get_header(tracing.HEADER))
        resp.set_header("Request-Id", req.context.request_id)
        resp.set_header("X-Content-Type-Options", "nosniff")
        resp.set_header("Cache-Control", "no-store")
        if self._doors.public_url.startswith("https:"):
            resp.set_header("Strict-Transport-Security", f"max-age={HSTS_SECONDS}")

    def process_resource(
        self, req: falcon.Request, _resp: falcon.Response, resource: object, _params: Mapping[str, Any]
    ) -> None:
        operation = operation_of(resource, req.method)
        if operation is None or operation.permission is None:
            return
        access = authenticate(self._doors, req)
        if not access.may(operation.permission):
            raise Problem(403, "forbidden", f"the role {access.role} may not {operation.permission.value}")
        req.context.call = self._call(req, operation, access)
        if operation.waits_for:
            self._wait(req, operation)

    def process_response(
        self, req: falcon.Request, resp: falcon.Response, resource: object, _req_succeeded: bool
    ) -> None:
        operation = operation_of(resource, req.method)
        if operation is not None and operation.tagged and _has_it(req, resp):
            resp.status = falcon.HTTP_304
            resp.data = None
            resp.delete_header("Content-Type")
        allowance: Allowance | None = getattr(req.context, "allowance", None)
        if allowance is not None:
            resp.set_headers(allowance.headers())

    def _call(self, req: falcon.Request, operation: Operation, access: Access) -> Call:
        query = decode_query(req, operation.query)
        raw = read_body(req)
        body: object = None
        if operation.body is not None and (raw or not operation.body_optional):
            body = decode_body(raw, operation.body)
        elif operation.body is not None:
            body = operation.body()
        elif operation.raw_body is not None:
            body = raw
        organization = self._doors.organizations.of(access.organization_id)
        return Call(
            access=access,
            organization=organization,
            context=context_of(self._doors, req, access, organization.profile.time_zone),
            body=body,
            query=query,
            key=key_of(req) if operation.writes else None,
            fingerprint=fingerprint(req, body),
            expected_version=expected_version(req) if operation.writes else None,
        )

    def _wait(self, req: falcon.Request, operation: Operation) -> None:
        after = req.get_header("Izvor-After")
        if after is None:
            return
        if not (after.isascii() and after.isdigit() and len(after) < 19):  # noqa: PLR2004 - digits of a bigint
            raise Problem(400, "bad_request", "Izvor-After is a position, such as 4711")
        with self._doors.reading() as connection:
            if wait_for(connection, operation.waits_for, int(after), 0):
                return
            if int(after) > head(connection):
                raise Problem(422, "position_unknown", f"nothing has been recorded at position {after} yet")
            if not self._doors.shows(connection, operation.waits_for, int(after)):
                raise behind(f"the lists have not reached position {after} within {WAIT_SECONDS:g} seconds")


def _has_it(req: falcon.Request, resp: falcon.Response) -> bool:
    """Whether the answer is one that the caller has: nothing needs to be sent then."""
    listed, tag = req.get_header("If-None-Match"), resp.get_header("ETag")
    return listed is not None and tag is not None and resp.status_code == HTTPStatus.OK and has(listed, tag)


def authenticate(doors: Doors, req: falcon.Request) -> Access:
    """The caller, by `Authorization: Bearer` or `authtoken`; 401 for anybody else."""
    scheme, _, value = (req.get_header("Authorization") or "").partition(" ")
    text = value.strip() if scheme.lower() == "bearer" else req.get_header("authtoken") or ""
    with asking_for_nothing_of_anybody():
        access = doors.tokens.recognise(doors.reading, text, doors.clock.now()) if text else None
        if access is not None and not doors.token_limit.is_off:
            req.context.allowance = doors.token_limit.admit(doors.reading, access.token_id)
    if access is None:
        if text and not doors.token_limit.is_off:
            doors.failure_limit.count(req.remote_addr)
        detail = "the token is not valid (any more)" if text else "send a token: Authorization: Bearer izv_..."
        raise Problem(401, "unauthorized", detail, headers={"WWW-Authenticate": 'Bearer realm="izvor"'})
    work_for(access.organization_id)
    mention(organization=access.organization_id, actor=access.token_id)
    return access


def context_of(doors: Doors, req: falcon.Request, access: Access, time_zone: str, source: str = "api") -> Context:
    at = doors.clock.now()
    return Context(
        at=at,
        today=local_date(at, time_zone),
        organization_id=access.organization_id,
        actor=Actor(kind="token", id=access.token_id, name=access.name),
        command_id=str(uuid.uuid4()),
        correlation_id=req.context.request_id,
        reason=_reason(req),
        source=source,
    )


def _reason(req: falcon.Request) -> str | None:
    """Audit-Reason as its sender wrote it: WSGI hands over bytes as Latin-1, clients send UTF-8."""
    header = req.get_header("Audit-Reason")
    if header is None:
        return None
    try:
        reason = header.encode("latin-1").decode()
    except UnicodeError:
        reason = header
    if len(reason) > _REASON_LIMIT or not reason.isprintable():
        raise Problem(400, "bad_request", f"Audit-Reason has at most {_REASON_LIMIT} printable characters")
    return reason


def fingerprint(req: falcon.Request, body: object) -> bytes:
    """SHA-256 of method, path and what the body says, however it was spaced or ordered."""
    canonical = msgspec.json.encode(body, order="deterministic")
    return sha256(b"\n".join((req.method.encode(), req.path.encode(), canonical))).digest()


def key_of(req: falcon.Request) -> str | None:
    key = req.get_header("Idempotency-Key")
    if key is None:
        return None
    if len(key) > 1 and key[0] == key[-1] == '"':
        key = key[1:-1]
    if not _KEY.fullmatch(key):
        raise Problem(400, "bad_request", "an Idempotency-Key has 1 to 255 printable characters without spaces")
    return key


def expected_version(req: falcon.Request) -> int | None:
    text = req.get_header("If-Match")
    if text is None or text.strip() == "*":
        return None
    version = version_in(text)
    if version is None:
        raise Problem(400, "bad_request", 'If-Match is the ETag of the document, such as "9"')
    return version


def handle_error(req: falcon.Request, resp: falcon.Response, error: Exception, _params: Mapping[str, Any]) -> None:
    """Every error of the native face leaves as a problem."""
    request_id = getattr(req.context, "request_id", "")
    write(resp, problem_of(error, request_id), request_id)
