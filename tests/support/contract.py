"""Holds requests and answers against the OpenAPI document that the API itself gives out."""

import re
from dataclasses import dataclass, field
from typing import Any

import orjson
from falcon.testing import Result
from jsonschema import Draft202012Validator
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

_ROOT = "urn:izvor:openapi"


@dataclass
class Contract:
    """`checked` counts answers by operation and status."""

    document: dict[str, Any]
    checked: dict[tuple[str, str, str], int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        resource: Resource[Any] = Resource.from_contents(self.document, default_specification=DRAFT202012)
        self._registry: Registry[Any] = Registry().with_resource(_ROOT, resource)
        self._paths = [
            (re.compile(re.sub(r"\\{\w+\\}", "[^/]+", re.escape(template)) + "/?"), template)
            for template in sorted(self.document["paths"], key=lambda template: template.count("{"))
        ]

    def check(self, method: str, path: str, sent: bytes | None, result: Result) -> None:
        """Raises AssertionError for an answer that the document does not describe; knows nothing of other paths."""
        template = next((one for pattern, one in self._paths if pattern.fullmatch(path)), None)
        operation = self.document["paths"][template].get(method.lower()) if template else None
        if template is None or operation is None:
            return
        status = str(result.status_code)
        assert status in operation["responses"], f"{method} {template} answers {status}, which is not described"
        answer = operation["responses"][status]
        if "content" in answer:
            what = f"answer {status} to {template}"
            self._fit(answer["content"], result.headers["content-type"], result.content, what)
        if sent and result.status_code < 400 and "requestBody" in operation:
            content = operation["requestBody"]["content"]
            self._fit(content, next(iter(content)), sent, f"body of {method} {template}")
        if result.status_code < 400:
            named = {name.lower() for name in answer.get("headers", {})}
            missing = named - set(result.headers) - {"idempotency-replayed"}
            assert not missing, f"{method} {template} lacks {missing}"
        key = (method, template, status)
        self.checked[key] = self.checked.get(key, 0) + 1

    def _fit(self, content: dict[str, Any], media_type: str, body: bytes, what: str) -> None:
        assert media_type in content, f"{what}: {media_type} is not described"
        if not media_type.endswith("json"):
            return
        reference = content[media_type]["schema"]["$ref"]
        validator = Draft202012Validator({"$ref": f"{_ROOT}{reference}"}, registry=self._registry)
        errors = sorted(validator.iter_errors(orjson.loads(body)), key=lambda error: list(error.path))
        assert not errors, f"{what}: {[f'{error.json_path}: {error.message}' for error in errors[:3]]}"
