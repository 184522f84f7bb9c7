"""Kinds of documents of generate_fifth.py: texts, logs, records of systems, and those without PII."""
import json
import urllib.parse

import fifth_values as v
from fifth_names import ITEMS, P, amount, day, ean, f, inside, isbn, key, lookalikes, o, stamp, style, text, value
from fifth_numbers import R, fmt, hexes, iban, masked, no_luhn, pan_digits, pick, run, upper, uuid
from fifth_kinds import (ach, authorisation, booking, card_order, courier, crypto_payout, dispute, embossing,
                         emv_tags, fhir, foreign, form_body, fraud_input, health_ids, health_invoice, insurance,
                         iso20022, kyc, merchant_boarding, mt103, national_id_record, open_banking, payroll,
                         pin_change, provisioning_request, provisioning_response, psp_payment, screening, statement,
                         tax_form, telematics, three_ds, transfer, who)


# ---- texts

def call_notes():
    p = who()
    return o({"call id": "CALL-" + no_luhn(8), "agent": "agent-%s" % run(3), "queue": "cards",
              pick(["notes", "wrap up", "summary", "comment"]): text(p, 2, 4)}, lookalikes())


def chat():
    p, turns = who(), []
    for i in range(R.randint(2, 5)):
        turns.append(o({pick(["author", "from"]): pick(["bot", "visitor"]), "at": stamp(),
                        pick(["text", "body", "msg"]): text(p if i % 2 else None, 1, 1, 1)}))
    return o({pick(["messages", "transcript", "turns"]): turns, "csat": "4"}, lookalikes())


def email_body():
    p = who()
    latin = "%s %s" % (p.ascii_given, p.ascii_family)
    to = pick([P(p.email, "email"), P(p.email, "email"), P("%s <%s>" % (latin, p.email), "person_name", "email")])
    return o({"subject": pick(["Your dispute", "Re: Rückfrage", "Lieferung verspätet", "Duplicate charge",
                               "Aviso de cobro"]),
              pick(["to", "recipient", "rcpt"]): to, pick(["html", "plain body", "text body"]): text(p, 1, 3)},
              lookalikes())


def columnar():
    concepts = R.sample(["full", "email", "phone", "pan", "iban", "birth", "city", "street", "ip"], R.randint(3, 5))
    rows = []
    for _ in range(R.randint(2, 4)):
        p = who()
        rows.append([value(c, p) for c in concepts] + [amount(), "ORD-" + no_luhn(8)])
    return o({pick(["columns", "header", "fields"]): [key(c) for c in concepts] + [style("amount"), style("order ref")],
              pick(["rows", "data", "values"]): rows}, lookalikes())


def csv_text():
    sep = pick([";", "|", "\t"])
    concepts = R.sample(["full", "email", "phone_e164", "pan", "iban", "birth", "ip"], R.randint(2, 4))
    people = [who() for _ in range(R.randint(1, 3))]
    lines = [sep.join([key(c) for c in concepts] + ["total"])] + [sep.join([str(value(c,
        p).value) for c in concepts] + [amount()]) for p in people]
    return o({"file": "export_%s.csv" % run(8, "2027"), pick(["content", "csv", "data"]): P("\n".join(lines),
        *[value(c, people[0]).kinds[0] for c in concepts])}, lookalikes())


def xml_text():
    p = who()
    fields = o(f(p, R.choice(["pan expiry", "iban full", "email phone", "names birth", "passport full"])),
               {"orderRef": no_luhn(8), "amt": amount()})
    tag = pick(["ns:Request", "soap:Body", "Customer"])
    return o({"protocol": "SOAP 1.2", pick(["xml", "request", "envelope"]): inside(fields,
        lambda m: "<%s>%s</%s>" % (tag, "".join("<{0}>{1}</{0}>".format(k.replace(" ", ""), x) for k, x in m.items()),
                                   tag))}, lookalikes())


def pairs():
    p = who()
    fields = o(f(p, "names email? phone? pan? iban? birth? city? ip"), lookalikes(2, 4))
    k, x = pick([("key", "value"), ("name", "value"), ("field", "content"), ("k", "v"), ("label", "answer")])
    items = [{k: n, x: m} for n, m in fields.items()]
    R.shuffle(items)
    return o({pick(["attributes", "properties", "custom fields", "answers"]): items}, lookalikes(1, 3))


def audit():
    rows = []
    for _ in range(R.randint(1, 4)):
        p = who()
        rows.append(o({"action": pick(["user.update", "export.start", "login"]), "at": stamp(),
                       "object": "obj/" + hexes(8)}, f(p, pick(["email ip", "ip", "email"])),
                      {"changes": [o({"field": "phone", "old value": P(p.abroad, "phone"),
                                      "new value": P(who(p.country).abroad, "phone")})]} if R.random() < 0.3 else {}))
    return o({pick(["entries", "events", "log"]): rows}, lookalikes())


def webhook():
    p = who()
    body = o({"event": "payment.captured", "id": "evt_" + hexes(16), "data": o(f(p, "full email phone? dpan? ip?"),
        {"amount": R.randint(1, 9999), "masked": masked()})})
    return o({"delivery id": uuid(), "attempt": R.randint(1, 5), "endpoint": "https://hooks.example.net/in",
              pick(["payload", "body", "raw"]): inside(body)}, lookalikes())


def http_log():
    p = who()
    query = pick([("/v2/users?email=" + urllib.parse.quote(p.email), "email"),
                  ("/lookup?msisdn=" + value_e164(p), "phone"), ("/v1/orders/%s/items?page=2" % no_luhn(9), None)])
    headers = {"=User-Agent": "okhttp/4.12.0", "=Content-Length": run(3, "4"), "=X-Request-Id": uuid(),
               "=Accept-Language": "pl-PL,pl;q=0.9"}
    if R.random() < 0.5:
        headers["=Authorization"] = P("Bearer " + v.jwt(), "jwt")
    return o({"method": "GET", pick(["uri", "path", "request target"]): P(query[0], query[1]) if query[1] else query[0],
              "status": pick([200, 404, 500])}, f(p, "ip"), {"headers": o(headers), "took ms": R.randint(1, 900)},
              lookalikes())


def value_e164(p):
    return value("phone_e164", p).value.replace("+", "%2B")


def stack_trace():
    p = who()
    bad = pick([("Invalid email: %s" % p.email, "email"),
                ("duplicate key value (iban)=(%s)" % iban(p.country).replace(" ", ""), "iban"),
                ("Luhn check failed? card %s rejected by rule R-17" % pan_digits(), "pan"),
                ("cannot parse phone '%s'" % p.abroad, "phone"),
                ("client %s closed the connection" % "81.%d.%d.17" % (R.randint(1, 250), R.randint(1, 250)), "ip")])
    return o({"level": "ERROR", pick(["exception", "error",
                                      "message"]): P("java.lang.IllegalStateException: %s\n\tat "
                                                     "com.example.pay.Gate.send(Gate.java:%s)\n\tat "
                                                     "jdk.internal.Thread.run(Thread.java:1583)" % (bad[0], run(3)),
                                                     bad[1])}, lookalikes())


def cdr():
    p, q = who(), who()
    a = f(p, "phone_e164")
    return o({"call ref": hexes(12), "duration s": R.randint(1, 3000), "trunk": "SIP-%s" % run(2), "start": stamp()}, a,
             {pick(["b number", "callee", "dialled number"]): value("phone_e164", q)}, f(p, "imei?"), lookalikes())


def sms():
    p = who()
    return o({"message sid": "SM" + hexes(32), "sender": "KESTREL", pick(["to", "destination",
        "recipient number"]): value("phone", p), pick(["body", "content"]): text(pick([None, p]), 1, 1), "segments": 1},
        lookalikes())


def graphql():
    p = who()
    return o({"=operationName": pick(["UpdateProfile", "AddCard"]), "=variables": {"input": o(f(p,
        "names email phone? birth? place? pan?"), {"client mutation id": hexes(10)})},
        "=query": "mutation($input: ProfileInput!) { updateProfile(input: $input) { id email phone } }"},
        lookalikes(1, 3))


def otel():
    p = who()
    attributes = {"http.request.method": "POST", "http.route": "/v1/cards", "url.scheme": "https", "server.port": 443,
                  "client.address": value("ip", p), "db.rows": R.randint(0, 40)}
    attributes.update(R.choice([{"enduser.email": P(p.email, "email")}, {"app.customer.msisdn": value("phone_e164", p)},
                                {"app.card.pan": P(pan_digits(), "pan")},
                                {"user.full_name": P(p.full, "person_name")}]))
    return {"traceId": hexes(32), "spanId": hexes(16), "name": "POST /v1/cards", "startTimeUnixNano": "17%s" % run(17),
            "attributes": attributes, "status": {"code": "OK"}, "resource": {"service.name": "card-api",
                "service.version": "4.%s.1" % run(2), "host.id": hexes(32)}}


def kafka():
    p = who()
    row = o(f(p, "names email phone? place? iban? birth?"), {"balance": amount(), "row version": R.randint(1, 99)})
    return {"op": "u", "ts_ms": 1790000000000 + R.randint(0, 9 ** 9), "source": {"connector": "postgresql",
        "lsn": R.randint(10 ** 9, 10 ** 10), "txId": R.randint(10 ** 5, 10 ** 6), "table": "customers",
        "version": "2.7.3.Final"}, "before": None, "after": row}


def config():
    p = who()
    return o({"pool size": 20, "retries": "3", pick(["database", "smtp", "broker"]): o({"host": "db-7.internal.example",
        "port": 5432}, f(p, "password")), "partner": o(f(p, "secret"), {"base url": "https://api.partner.example"}),
        "crypto": o(f(p, "key"), {"key id": "k-2027-03"})}, lookalikes())


def env_dump():
    p, secret = who(), value("secret", who())
    lines = ["NODE_ENV=production", "PORT=8080", "BUILD=%s" % hexes(12),
             pick(["DB_PASSWORD=", "REDIS_PASSWORD=", "ADMIN_PASSWORD="]) + v.password(), "GIT_SHA=" + hexes(40)]
    env = P("\n".join(lines), "password")
    return o({"job": "deploy-%s" % run(4), pick(["env", "environment dump"]): env,
              "vars": o({pick(["stripe secret key", "webhook signing secret", "partner api key"]): secret},
                        f(p, "jwt?"))}, {"database url": P(
        "postgres://app:%s@db.internal.example:5432/pay" % (upper(4).lower() + "-" + run(5)),
        "password")} if R.random() < 0.5 else {}, lookalikes())


def tokens():
    p = who()
    return o({"grant type": "authorization_code", "scope": "payments accounts", "expires in": 3600},
             f(p, "jwt secret? ip?"), lookalikes())


def newsletter():
    rows = [o({"opt in": pick(["true", "false"]), "source": "checkout", "subscribed": stamp()},
              f(who(), "email given? phone?")) for _ in range(R.randint(2, 5))]
    return o({"list": "spring-27", pick(["subscribers", "contacts", "members"]): rows}, lookalikes(1, 3))


def json_patch():
    p = who()
    kind, x = pick([("email", p.email), ("phone", p.abroad), ("address", p.street), ("person_name", p.full),
                    ("iban", iban(p.country))])
    path = {"email": "/contact/emailAddress", "phone": "/contact/mobilePhone", "address": "/home/streetAddress",
            "person_name": "/holder/fullName", "iban": "/payout/iban"}[kind]
    return o({"patch": [{"op": "replace", "path": path, "value": P(x, kind)},
                        {"op": "replace", "path": "/limits/daily", "value": amount()},
                        {"op": "test", "path": "/version", "value": "3.1.0"}]}, f(p, "ip?"), lookalikes())


def ocr():
    p = who()
    mrz = "P<D<<%s<<%s" % (p.ascii_family.upper().replace(" ", "<"), p.ascii_given.upper().replace(" ", "<"))
    lines = ["REISEPASS / PASSPORT", "Passport No. " + v.passport(), "Name: " + p.full,
             "Date of birth: " + p.birth_local, "Authority ID 17-B"]
    return o({"engine": "ocr-5.3", "pages": 1, pick(["recognised text", "text", "ocr"]): P(
        "\n".join(lines), "passport", "person_name", "birth_date")},
             {"mrz line 1": P(mrz.ljust(44, "<"), "person_name")} if R.random() < 0.4 else {}, lookalikes())


def mdm():
    rows = [o({"os": "iOS 18.%s" % run(1), "storage gb": 128, "supervised": True},
              f(who(), "imei owner mac email?")) for _ in range(R.randint(1, 2))]
    return o({pick(["devices", "handsets", "assets"]): rows}, lookalikes())


def vcard():
    p = who()
    lines = ["BEGIN:VCARD", "VERSION:4.0", "FN:" + p.full, "N:%s;%s;;;" % (p.family, p.given),
             "TEL;TYPE=cell:" + p.abroad, "EMAIL:" + p.email, "REV:20270301T101500Z", "END:VCARD"]
    return o({"format": "text/vcard", pick(["vcard", "card data", "contact"]): P(
        "\n".join(lines), "person_name", "phone", "email")}, lookalikes())


def sql_log():
    p = who()
    statement_, kind = pick([("UPDATE customers SET email = '%s' WHERE id = %s" % (p.email, run(6, "4")), "email"),
                             ("SELECT id FROM accounts WHERE iban = '%s' LIMIT 1" % iban(p.country).replace(" ", ""),
                              "iban"),
                             ("INSERT INTO sessions (ip, created) VALUES ('%s', '%s')" % (v.ip(), stamp()), "ip"),
                             ("SELECT 1 FROM cards WHERE pan = '%s' AND status = 'A'" % pan_digits(), "pan")])
    return o({pick(["statement", "query", "sql"]): P(statement_, kind), "rows": R.randint(0, 9),
              "duration": "%s.%s ms" % (run(2), run(3)), "lsn": "1F/%s" % hexes(8).upper()}, lookalikes())


def scim():
    p = who()
    return {"schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"], "id": uuid(),
            "name": {"familyName": P(p.family, "person_name"), "givenName": P(p.given, "person_name"),
                     "formatted": P(p.full, "person_name")},
            "emails": [{"value": P(p.email, "email"), "type": "work", "primary": True}],
            "phoneNumbers": [{"value": P(p.abroad, "phone"), "type": "mobile"}],
            "meta": {"created": stamp(), "version": "W/\"%s\"" % hexes(12)}, "active": True}


def prefixed():
    p, prefix = who(), pick(["billing", "shipping", "payer", "sender", "beneficiary"])
    fields = {}
    for name, c in R.sample([("first name", "given"), ("last name", "family"), ("street", "street"), ("city", "city"),
                             ("postcode", "zip"), ("email", "email"), ("phone", "phone"), ("iban", "iban")], 6):
        fields[prefix + " " + name] = value(c, p)
    return o({"order": "#" + no_luhn(7), "line items": [o({"title": pick(ITEMS), "barcode": ean(), "price": amount(),
                                                           "qty": 1})]}, fields, lookalikes())


def mixed_list():
    p = who()
    items = [value(c, p) for c in R.sample(["phone", "email"], 2)] + [value("email", who())]
    return o({pick(["notify", "recipients", "contact points", "alert targets"]): items,
              pick(["allowed ips", "ip allowlist", "blocked ips"]): [value("ip", p) for _ in range(R.randint(1, 3))],
              "rules": ["R-17", "R-204", "10.4"]}, lookalikes())


WITH = [provisioning_request, provisioning_response, authorisation, emv_tags, dispute, three_ds, fraud_input, embossing,
        card_order, pin_change, psp_payment, form_body, iso20022("CdtTrfTxInf"), transfer, statement, open_banking, ach,
        mt103, merchant_boarding, kyc, tax_form, screening, foreign, foreign, foreign, national_id_record,
        national_id_record, national_id_record, payroll, insurance, booking, health_invoice, fhir, health_ids,
        telematics, courier, crypto_payout, call_notes, call_notes, chat,
        email_body, columnar, csv_text, xml_text, pairs, audit, webhook, http_log, stack_trace, cdr, sms, graphql, otel,
        kafka, config, env_dump, tokens, newsletter, json_patch, ocr, mdm, vcard, sql_log, scim, prefixed, mixed_list]
queue = []


def next_with():
    if not queue:
        queue.extend(WITH)
        R.shuffle(queue)
    return queue.pop()


# ---- without PII

def loose():
    return lookalikes(6, 14)


def lists(name, *fields):
    def make():
        return o({name: [o({k: m() for k, m in fields}) for _ in range(R.randint(1, 4))]}, lookalikes(2, 5))
    make.__name__ = name.replace(" ", "_")
    return make


def plain_chat():
    return o({"messages": [o({"from": pick(["bot", "visitor"]), "text": text(),
                              "at": stamp()}) for _ in range(R.randint(1, 4))]}, lookalikes())


def i18n():
    return o({"strings": {"form.email.label": "E-mail address", "form.phone.hint": "+CC and number",
                          "form.iban.error": "This IBAN is not valid", "card.expiry.placeholder": "MM/YY",
                          "card.number.mask": "#### #### #### ####"}, "locale": "en"}, lookalikes())


def schema():
    return o({"=$schema": "https://json-schema.org/draft/2020-12/schema",
              "=properties": {"email": {"type": "string", "format": "email"},
                              "cardNumber": {"type": "string", "pattern": "^[0-9]{12,19}$"},
                              "birthDate": {"type": "string", "format": "date"}}, "=required": ["email"]},
                              lookalikes(2, 4))


def plain_webhook():
    return o({"event": "token.suspended", "body": json.dumps(o({"tokenRef": "DNITHE" + hexes(30).upper(),
        "panLast4": run(4), "at": stamp(), "masked": masked()}))}, lookalikes())


WITHOUT = [loose, lists("catalogue", ("title", lambda: pick(ITEMS)), ("isbn", isbn), ("gtin", ean), ("price", amount)),
           lists("bin table", ("bin low", lambda: run(8, "4")), ("bin high", lambda: run(8, "4")),
                 ("brand", lambda: "VISA"), ("pan length", lambda: 16)),
           lists("departures", ("flight", lambda: fmt("KX %###")), ("std", stamp), ("gate", lambda: fmt("B##")),
                 ("delay", lambda: run(2))), plain_chat, loose, lists("ledger", ("debit", lambda: fmt("1200-###")),
                     ("credit", lambda: fmt("2400-###")), ("sum", amount), ("entry", lambda: no_luhn(12))),
           lists("atms", ("site", lambda: "ATM-" + run(5)), ("lat", lambda: round(R.uniform(36, 59), 6)),
                 ("lon", lambda: round(R.uniform(-8, 28), 6)), ("hours", lambda: "00:00-24:00")), i18n, schema,
                 plain_webhook,
           lists("metrics", ("metric", lambda: "auth_latency_p99"), ("value", lambda: R.random()),
                 ("ts", lambda: 1790000000 + R.randint(0, 10 ** 7))), lists("replicas",
                     ("slot", lambda: "sub_%s" % run(3)), ("restart lsn", lambda: "2A/%s" % hexes(8).upper()),
                     ("lag bytes", lambda: R.randint(0, 10 ** 9))),
           loose, lists("settlement", ("scheme", lambda: "MC"), ("count", lambda: R.randint(1, 9999)),
                        ("gross", amount), ("file", lambda: "T112_%s.ipm" % run(8, "2027"))),
                        lists("token events", ("token reference", lambda: "DNITHE" + hexes(30).upper()),
                              ("card", masked), ("last four", lambda: run(4)), ("state", lambda: "SUSPENDED")),
           lists("builds", ("commit", lambda: hexes(40)), ("version", lambda: "5.%s.%s" % (run(1), run(2))),
                 ("finished", stamp), ("artifact", lambda: "gw-%s.tar.zst" % run(4))),
                 lists("fx rates", ("pair", lambda: "EURTRY"), ("bid", lambda: "48.%s" % run(4)),
                       ("valid", lambda: day() + "/" + day()))]
