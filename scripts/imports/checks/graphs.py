"""Graphs in schema.org's words: jsonld, and what is in html."""

import functools
import json
import re
from collections import Counter
from pathlib import Path

from .common import EXPORTS, RECORDS, check, exported, file_of, people, same, true

CONTEXT = {
    "@context": {
        "@vocab": "https://schema.org/",
        **{key: {"@id": f"https://schema.org/{key}", "@type": "@id"} for key in ["url", "sameAs", "eventStatus", "eventAttendanceMode", "additionalType"]},
    }
}


def offline(url, _options):
    true(f"expected only schema.org's context, but {url} was asked for", url.rstrip("/") in ("https://schema.org", "http://schema.org"))
    return {"contentType": "application/ld+json", "contextUrl": None, "documentUrl": url, "document": CONTEXT}


def has_event(record):
    return record["event"] or record["sessions"]


def count_of(record):
    return 1 + len(record["sessions"]) + sum(len(s.get("talks", [])) for s in record["sessions"])


@functools.cache
def triples():
    """Every graph's triples as N-Quads, expanded by pyld; its events are counted on the way."""
    from pyld import jsonld

    jsonld.set_document_loader(offline)
    found = {}
    for record, path in exported("jsonld", ".jsonld", has_event):
        value = json.loads(path.read_text("utf-8"))
        text = json.dumps(jsonld.expand(value))
        same(f"events in {path}", count_of(record), text.count('"@type": ["https://schema.org/Event"]'))
        # Nodes without a name are numbered in each graph anew.
        nameless = "_:" + record["id"]
        found[record["source"]["path"]] = jsonld.to_rdf(value, {"format": "application/n-quads"}).replace("_:b", nameless)
    return found


@check
def jsonld_pyld_expands():
    quads = triples()
    return f"{len(quads)} graphs, {sum(count_of(r) for r in RECORDS if has_event(r))} events, {sum(q.count(chr(10)) for q in quads.values())} triples"


def in_role(role):
    """Title of the event or session and name, for everybody in this role."""
    for record in RECORDS:
        known = people(record)
        for part in [record["event"], *record["sessions"]]:
            title = part.get("title") or (record["source"].get("title") if part is record["event"] else None)
            for one in part.get("roles", []):
                name = known[one["person"]]["name"] if one.get("person") else one.get("party")
                if title and name and one["role"] == role and not one.get("talk"):
                    yield title, name


@check
def jsonld_oxigraph_query():
    """The query of docs/exports.md, without its one name, in a triple store."""
    import pyoxigraph

    store = pyoxigraph.Store()
    for quads in triples().values():
        store.load(quads.encode(), format=pyoxigraph.RdfFormat.N_QUADS)
    query = """PREFIX s: <https://schema.org/>
        SELECT DISTINCT ?e ?title ?name WHERE { ?e a s:Event ; s:name ?title ; s:performer ?r .
                                                ?r s:roleName "chair" ; s:performer/s:name ?name }"""
    found = Counter((row["title"].value, row["name"].value) for row in store.query(query))
    wanted = set(in_role("chair"))
    same("titles with their chairs, missing and too many", (set(), set()), (wanted - set(found), set(found) - wanted))
    return f"{len(store)} triples, {found.total()} chairs found by SPARQL"


@check
def jsonld_shacl_profile():
    import pyshacl
    import rdflib

    shapes = rdflib.Graph().parse(Path(__file__).parent.parent / "schema-org.ttl")
    nodes, refused = 0, False
    for path, quads in triples().items():
        graph = rdflib.Graph().parse(data=quads, format="nquads")
        conforms, _, told = pyshacl.validate(graph, shacl_graph=shapes)
        true(f"{path} conforms: {told}", conforms)
        nodes += len(set(graph.subjects()))
        role_name = rdflib.URIRef("https://schema.org/roleName")
        if (None, role_name, None) in graph and not refused:
            graph.remove((None, role_name, None))
            refused = not pyshacl.validate(graph, shacl_graph=shapes)[0]
            true("the profile refuses roles without a name", refused)
    return f"{len(triples())} graphs conform, {nodes} nodes"


@check
def jsonld_schema_org_models():
    """Each node against schema_org-py's strict models, generated from schema.org's vocabulary: types, property names."""
    import schema_org.models as models

    checked = 0

    def node(value):
        nonlocal checked
        if isinstance(value, list):
            for item in value:
                node(item)
        elif isinstance(value, dict):
            kind = value.get("@type")
            if kind:
                model = getattr(models, kind, None)
                true(f"schema.org knows the type {kind}", model)
                known = {f.alias or name for name, f in model.model_fields.items()} | set(model.model_fields)
                # A Role stands between a thing and its value, with the thing's own property (schema.org/Role).
                known |= {"performer", "organizer"} if kind == "Role" else set()
                camel = {re.sub(r"_([a-z])", lambda m: m.group(1).upper(), k) for k in known}
                for key in value:
                    true(f"schema.org knows {kind}.{key}", key.startswith("@") or key in known or key in camel)
                checked += 1
            for item in value.values():
                node(item)

    for path in sorted((EXPORTS / "jsonld").rglob("*.jsonld")):
        value = json.loads(path.read_text("utf-8"))
        node(value["@graph"])
        event = value["@graph"][0]
        # What search engines ask of an event.
        if event.get("startDate"):
            true("an event status of schema.org", event["eventStatus"].startswith("https://schema.org/Event"))
            true("ISO 8601", re.fullmatch(r"\d{4}-\d\d-\d\d(T\d\d:\d\d:\d\d([+-]\d\d:\d\d)?)?", event["startDate"]))
    return f"{checked} nodes"


@check
def html_extruct():
    import extruct

    pages = 0
    for record, path in exported("html", ".html", lambda r: has_event(r) or r["contacts"]):
        if not has_event(record):
            continue
        data = extruct.extract(path.read_text("utf-8"), syntaxes=["json-ld"])["json-ld"]
        same(f"JSON-LD of {path}", [json.loads(file_of("jsonld", record, ".jsonld").read_text("utf-8"))], data)
        pages += 1
    return f"{pages} pages whose data equal the jsonld export"
