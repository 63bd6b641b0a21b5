"""People and contacts: vcard."""

from .common import check, exported, plain, same, true


@check
def vcard_vobject():
    import vobject

    cards = 0
    for record, path in exported("vcard", ".vcf", lambda r: r["people"] or r["contacts"]):
        found = list(vobject.readComponents(path.read_bytes().decode("utf-8")))
        own = [c for c in record["contacts"] if not c.get("person")]
        same("cards", len(record["people"]) + len(own), len(found))
        for person, card in zip(record["people"], found):
            same("name", plain(person["name"]), card.fn.value)
            if person.get("family") and person.get("given"):
                same("family and given", (plain(person["family"]), plain(person["given"])), (card.n.value.family, card.n.value.given))
            if person.get("organisation"):
                same("organisation", [plain(person["organisation"])], card.org.value)
            if person.get("position"):
                same("position", plain(person["position"]), card.title.value)
            contacts = [c for c in record["contacts"] if c.get("person") == person["id"]]
            same("e-mails", [plain(e) for c in contacts for e in c.get("emails", [])], [e.value for e in card.contents.get("email", [])])
            numbers = [p.get("e164") for c in contacts for p in c.get("phones", [])]
            have = [t.value.removeprefix("tel:").split(";")[0] for t in card.contents.get("tel", [])]
            same("numbers", len(numbers), len(have))
            true("E.164 as tel:", all(n in have for n in numbers if n))
        cards += len(found)
    return f"{cards} cards"
