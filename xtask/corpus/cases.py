"""Lists botocore's services, and makes test cases for their operations.

`cases.py list` prints a JSON line per service with a protocol that Gatewright supports.
`cases.py cases NAME PROTOCOL COUNT` prints a JSON line per case: a request as botocore serializes it, and a response as
botocore parses it. Times are seconds since 1970; bytes are text.
"""

import base64
import datetime
import json
import sys
from urllib.parse import quote, urlencode
from xml.sax.saxutils import escape

from botocore.loaders import create_loader
from botocore.model import ServiceModel
from botocore.parsers import create_parser
from botocore.serialize import create_serializer

MOMENT = 1_372_550_400
DEPTH = 4


def services(loader):
    for name in loader.list_available_services("service-2"):
        version = loader.determine_latest_version(name, "service-2")
        model = loader.load_service_model(name, "service-2", version)
        metadata = model["metadata"]
        protocols = metadata.get("protocols", [metadata["protocol"]])
        if {"json", "query", "ec2", "rest-json", "rest-xml"} & set(protocols):
            yield {"name": name, "version": version, "operations": len(model["operations"])}


def sample(shape, within=(), examples=None):
    """A value of a shape, or None if the shape contains itself. `examples` has texts by name of shape."""
    if shape.name in within:
        return None
    inner = (*within, shape.name)
    low, high = shape.metadata.get("min"), shape.metadata.get("max")
    kind = shape.type_name
    if kind == "structure":
        if shape.is_document_type:
            return {"any": [1, "text", True]}
        values = {}
        for name, member in shape.members.items():
            is_needed = name in shape.required_members or shape.is_tagged_union
            if not is_needed and len(within) >= DEPTH:
                continue
            value = sample(member, inner, examples)
            if member.serialization.get("location"):
                value = in_ascii(value)
            if value is not None:
                values[name] = value
                if shape.is_tagged_union:
                    break
        # A union has exactly one member.
        return values if values or not shape.is_tagged_union else None
    if kind == "list":
        item = sample(shape.member, inner, examples)
        return [] if item is None else [item] * max(low or 1, 1)
    if kind == "map":
        key, value = sample(shape.key, inner, examples), sample(shape.value, inner, examples)
        return {} if key is None or value is None else {key: value}
    if kind in ("string", "character"):
        if shape.name in (examples or {}):
            return examples[shape.name]
        if shape.enum:
            return shape.enum[0]
        text = "text <&> \"é" if not (low or high) else "text"
        return (text * max(1, -(-(low or 0) // len(text))))[: high or None]
    if kind in ("integer", "long"):
        return int(min(max(7, low if low is not None else 7), high if high is not None else 7_000_000_000))
    if kind in ("float", "double"):
        return float(min(max(1.5, low if low is not None else 1.5), high if high is not None else 1e9))
    if kind == "boolean":
        return True
    if kind == "blob":
        return b"blob"
    if kind == "timestamp":
        return datetime.datetime.fromtimestamp(MOMENT, datetime.timezone.utc)
    raise ValueError(f"unknown type {kind}")


def in_ascii(value):
    """The value with only characters that a header can have."""
    if isinstance(value, dict):
        return {in_ascii(name): in_ascii(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [in_ascii(inner) for inner in value]
    return "text" if isinstance(value, str) and not value.isascii() else value


def plain(value):
    """The value as JSON can hold it."""
    if isinstance(value, dict):
        return {name: plain(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [plain(inner) for inner in value]
    if isinstance(value, bytes):
        return value.decode()
    if isinstance(value, datetime.datetime):
        return int(value.timestamp())
    return value


def moment(value, shape, default):
    form = shape.serialization.get("timestampFormat", default)
    if form == "unixTimestamp":
        return int(value.timestamp())
    if form == "rfc822":
        return value.strftime("%a, %d %b %Y %H:%M:%S GMT")
    return value.strftime("%Y-%m-%dT%H:%M:%SZ")


def as_json(value, shape):
    kind = shape.type_name
    if kind == "structure" and not shape.is_document_type:
        members = shape.members
        return {members[n].serialization.get("name", n): as_json(v, members[n]) for n, v in value.items()}
    if kind == "list":
        return [as_json(item, shape.member) for item in value]
    if kind == "map":
        return {key: as_json(item, shape.value) for key, item in value.items()}
    if kind == "blob":
        return base64.b64encode(value).decode()
    if kind == "timestamp":
        return moment(value, shape, "unixTimestamp")
    return value


def as_xml(name, value, shape):
    kind, attributes = shape.type_name, ""
    if kind == "list":
        item = shape.member.serialization.get("name")
        if shape.serialization.get("flattened"):
            return "".join(as_xml(item or name, inner, shape.member) for inner in value)
        content = "".join(as_xml(item or "member", inner, shape.member) for inner in value)
    elif kind == "map":
        key, inner = (part.serialization.get("name", n) for part, n in ((shape.key, "key"), (shape.value, "value")))
        entries = [as_xml(key, k, shape.key) + as_xml(inner, v, shape.value) for k, v in value.items()]
        if shape.serialization.get("flattened"):
            return "".join(f"<{name}>{entry}</{name}>" for entry in entries)
        content = "".join(f"<entry>{entry}</entry>" for entry in entries)
    elif kind == "structure":
        wire = {n: m.serialization.get("name", n) for n, m in shape.members.items()}
        inner = [n for n in value if shape.members[n].serialization.get("xmlAttribute")]
        namespace = shape.serialization.get("xmlNamespace", {})
        if inner and namespace.get("prefix"):
            attributes = f' xmlns:{namespace["prefix"]}="{namespace["uri"]}"'
        attributes += "".join(f' {wire[n]}="{escape(str(value[n]), {chr(34): "&quot;"})}"' for n in inner)
        content = "".join(as_xml(wire[n], v, shape.members[n]) for n, v in value.items() if n not in inner)
    elif kind == "blob":
        content = base64.b64encode(value).decode()
    elif kind == "timestamp":
        content = str(moment(value, shape, "iso8601"))
    elif kind == "boolean":
        content = "true" if value else "false"
    else:
        content = escape(str(value))
    return f"<{name}{attributes}>{content}</{name}>"


def pairs(query):
    """A query string as botocore sends it."""
    if isinstance(query, dict):
        query = [(name, one) for name, value in query.items() for one in (value if isinstance(value, list) else [value])]
    return [f"{quote(str(name), safe='-._~')}={quote(str(value), safe='-._~')}" for name, value in query]


def text(value, shape, default):
    """A value as text in a header, path or query."""
    if shape.type_name == "list":
        return ",".join(text(item, shape.member, default) for item in value)
    if shape.type_name == "timestamp":
        return str(moment(value, shape, default))
    if shape.type_name == "boolean":
        return "true" if value else "false"
    return base64.b64encode(value).decode() if isinstance(value, bytes) else str(value)


def rest_response(shape, value, is_xml):
    """Headers and body of a response with a REST protocol."""
    headers, body, elements = {}, {}, []
    payload = shape.serialization.get("payload") if shape else None
    for name, member in (shape.members if shape else {}).items():
        location, key = member.serialization.get("location"), member.serialization.get("name", name)
        if name not in value or location == "statusCode":
            continue
        if location == "header":
            headers[key] = text(value[name], member, "rfc822")
            if member.serialization.get("jsonvalue"):
                headers[key] = base64.b64encode(json.dumps(value[name]).encode()).decode()
        elif location == "headers":
            headers.update({key + one: inner for one, inner in value[name].items()})
        elif name == payload and member.type_name in ("blob", "string"):
            body = value[name].decode() if isinstance(value[name], bytes) else value[name]
        elif is_xml:
            elements.append(as_xml(key, value[name], member))
        elif name == payload:
            body = as_json(value[name], member)
        else:
            body[key] = as_json(value[name], member)
    if is_xml and not isinstance(body, str):
        body = "".join(elements) if payload else f"<Response>{''.join(elements)}</Response>"
    return headers, body if isinstance(body, str) else json.dumps(body)


def request(operation, protocol, given):
    sent = create_serializer(protocol, include_validation=False).serialize_to_request(given, operation)
    body = sent["body"]
    if isinstance(body, dict):
        body = urlencode(body)
    elif isinstance(body, bytes):
        body = body.decode()
    rest = protocol.startswith("rest-")
    names = {"content-type", "x-amz-target"}
    members = operation.input_shape.members if operation.input_shape else {}
    outside = [m.serialization for m in members.values() if m.serialization.get("location") in ("header", "headers")]
    prefixes = tuple(one.get("name", "").lower() for one in outside)
    own = lambda name: name in names or (bool(prefixes) and name.startswith(prefixes))
    host = (sent.get("host_prefix") or "") + "example.com"
    headers = {n: v.decode() if isinstance(v, bytes) else str(v) for n, v in sent["headers"].items() if own(n.lower())}
    path, _, constant = sent["url_path"].partition("?")
    query = {"queryParams": [*filter(None, constant.split("&")), *pairs(sent["query_string"])]} if rest else {}
    return {"method": sent["method"], "uri": path, "headers": headers, "body": body, "host": host, **query}


def response(operation, protocol, value):
    shape = operation.output_shape
    headers = {}
    if protocol.startswith("rest-"):
        headers, body = rest_response(shape, value, protocol == "rest-xml")
    elif protocol == "json":
        body = json.dumps(as_json(value, shape) if shape else {})
    else:
        members = shape.members.items() if shape else ()
        content = "".join(as_xml(m.serialization.get("name", n), value[n], m) for n, m in members if n in value)
        wrapper = shape.serialization.get("resultWrapper") if shape else None
        content = f"<{wrapper}>{content}</{wrapper}>" if wrapper else content
        name = operation.name
        identified = "<requestId>r</requestId>" if protocol == "ec2" else "<ResponseMetadata><RequestId>r</RequestId></ResponseMetadata>"
        body = f"<{name}Response>{content}{identified}</{name}Response>"
    parsed = create_parser(protocol).parse({"status_code": 200, "headers": headers, "body": body.encode()}, shape)
    parsed.pop("ResponseMetadata", None)
    return headers, body, plain(parsed)


def cases(loader, name, protocol, count):
    model = ServiceModel(loader.load_service_model(name, "service-2"), name)
    names = model.operation_names
    # Evenly spread over all names, and the same in each run.
    chosen = names[:: max(1, len(names) // count)][:count]
    for name in chosen:
        operation = model.operation_model(name)
        if operation.has_event_stream_input or operation.has_event_stream_output:
            continue
        if operation.has_streaming_input or operation.has_streaming_output:
            continue
        given = sample(operation.input_shape) if operation.input_shape else {}
        common = {"operation": name, "input": plain(given), "client_endpoint": "https://example.com"}
        yield {"id": f"{name} request", "kind": "request", "expect": request(operation, protocol, given), **common}
        value = sample(operation.output_shape) if operation.output_shape else {}
        headers, body, output = response(operation, protocol, value)
        received = {"status_code": 200, "headers": headers, "body": body}
        yield {"id": f"{name} response", "kind": "response", "response": received, "expect": {"output": output}, **common}


def main():
    loader = create_loader()
    if sys.argv[1] == "list":
        lines = services(loader)
    else:
        lines = cases(loader, sys.argv[2], sys.argv[3], int(sys.argv[4]))
    for line in lines:
        print(json.dumps(line))


if __name__ == "__main__":
    main()
