#!/usr/bin/python3
"""Writes a third set of labelled documents: generate_third.py SEED COUNT > third.jsonl

The same form as generate.py's: {"document": …, "pii": [[path, detector], …]}, every value labelled. It was written
without reading the scanners and the words that they know, as somebody outside would write it, and is frozen: nothing is
tuned to it. It changes only where a label is wrong (README in this folder). third_values.py and third_parts.py are part
of it."""
import json
import sys

import third_values as v
from third_parts import (COMPANIES, FOREIGN, LETTERS_DIGITS, NAMES, P, PRODUCTS, UUID, Style, aside, clock, day, decoys,
                         form,
                         hexes, inside, member, national, not_luhn, person_under, plain, shuffled, stamp, text, value)
from third_values import Person, R, pick, run


def vts():
    p, device = Person(), pick(["card", "pan"])
    doc = {"vProvisionedTokenID": hexes(32), "vPanEnrollmentID": hexes(32), "panSource": "KEY_ENTERED",
           "consumerEntryMode": "KEYENTERED",
           "locale": "en_US", "clientAppID": UUID(), "clientWalletAccountID": hexes(24), "presentationType": ["NFC-HCE",
           "ECOM"],
           "cardholderInfo": {"primaryAccountNumber": P(v.card(), "pan"), "cvv2": P(run(3), "cvv"), "name": P(p.written,
           "person_name"),
                              "expirationDate": {"month": P("%02d" % R.randint(1, 12), "expiry"),
                                                 "year": P("20%d" % R.randint(27, 33), "expiry")},
                              "billingAddress": person_under(p, {"line1": "street", "city": "city", "postalCode": "zip",
                                                                 "country": p.country})},
           "riskData": [{"name": "cvv2ResultsCode", "value": "M"}, {"name": "accountHolderEmail", "value": P(v.email(),
           "email")},
                        {"name": "accountScore", "value": str(R.randint(1, 5))}],
           "deviceInfo": {"osType": "ANDROID", "osVersion": "14", "osBuildID": "UQ1A.240205.004", "deviceType": "PHONE",
                          "deviceIDType": "TEE",
                          "deviceModel": "SM-S918B", "deviceName": P(p.given + "'s phone", "device_owner"),
                          "ipAddress": P(v.ip(), "ip"),
                          "phoneNumber": P(v.phone(), "phone")}}
    if device == "pan":
        del doc["cardholderInfo"]["cvv2"], doc["deviceInfo"]["phoneNumber"]
    return doc


def mdes():
    p = Person()
    return {"responseHost": "site2.payments.example.com", "requestId": hexes(12), "taskId": UUID(),
            "tokenType": "CLOUD", "tokenRequestorId": "50" + run(9),
            "fundingAccountInfo": {"panUniqueReference": "FWSPMC00000000" + hexes(34),
                                   "encryptedPayload": {"encryptedData": hexes(120), "iv": hexes(32),
                                   "publicKeyFingerprint": hexes(40), "oaepHashingAlgorithm": "SHA512"}},
            "cardInfo": {"accountNumber": P(v.card(), "pan"), "expiryMonth": P("%02d" % R.randint(1, 12), "expiry"),
                         "expiryYear": P(run(2, first="23"), "expiry"),
                         "securityCode": P(run(3), "cvv"), "cardholderName": P(p.written, "person_name"),
                         "source": "CARD_ADDED_MANUALLY"},
            "decisioningData": {"recommendation": pick(["APPROVED", "REQUIRE_ADDITIONAL_AUTHENTICATION"]),
                                "deviceScore": "1", "accountScore": "4",
                                "recommendationReasons": ["LONG_ACCOUNT_TENURE"],
                                "deviceCurrentLocation": "38.63,-90.25", "deviceIpAddress": P(v.ip(), "ip"),
                                "mobileNumberSuffix": run(4), "accountIdHash": hexes(64)},
            "authenticationMethods": [{"id": 18343, "type": "TEXT_TO_CARDHOLDER_NUMBER",
                                       "value": "+X-XXX-XXX-X" + run(3)},
                                      {"id": 18344, "type": "CARDHOLDER_TO_CALL_AUTOMATED_NUMBER",
                                       "value": P(v.phone_abroad(), "phone")}],
            "tokenInfo": {"tokenPanSuffix": run(4), "accountPanSuffix": run(4), "tokenExpiry": "0%d30" % R.randint(1,
            9), "dsrpCapable": True}}


def apple_pay():
    p = Person()
    contact = person_under(p, {"givenName": "given", "familyName": "family", "emailAddress": "email",
                               "phoneNumber": "phone", "locality": "city",
                               "postalCode": "zip", "countryCode": p.country})
    contact["addressLines"] = [P(p.street, "address")]
    return {"payment": {"token": {"paymentData": {"version": "EC_v1", "data": hexes(88), "signature": hexes(120),
                                                  "header": {
        "publicKeyHash": hexes(44), "ephemeralPublicKey": hexes(88), "transactionId": hexes(64)}},
        "paymentMethod": {"displayName": "MasterCard " + run(4), "network": "MasterCard", "type": "credit"},
                                  "transactionIdentifier": hexes(64).upper()},
        pick(["billingContact", "shippingContact"]): contact},
        "decrypted": {"applicationPrimaryAccountNumber": P(v.card_plain([16]), "device_pan"),
                      "applicationExpirationDate": P("29%02d31" % R.randint(1, 9), "expiry"),
                      "currencyCode": "978", "transactionAmount": R.randint(100, 99999), "paymentDataType": "3DSecure",
                      "paymentData": {"onlinePaymentCryptogram": P(run(27, LETTERS_DIGITS) + "=", "cryptogram"),
                                      "eciIndicator": "7"}}}


def google_pay():
    p = Person()
    return {"apiVersion": 2, "apiVersionMinor": 0, "email": P(v.email(), "email"), "paymentMethodData": {
        "type": "CARD", "description": "Visa •••• " + run(4), "info": {"cardNetwork": "VISA", "cardDetails": run(4),
            "assuranceDetails": {
            "cardHolderAuthenticated": True, "accountVerified": True}, "billingAddress": person_under(p, {
                "name": "full", "address1": "street", "locality": "city", "postalCode": "zip", "countryCode": p.country,
                "phoneNumber": "phone"})},
        "tokenizationData": {"type": "PAYMENT_GATEWAY", "token": json.dumps({"signature": hexes(96),
            "protocolVersion": "ECv2",
                                                                             "signedMessage": json.dumps({"encryptedMessage": hexes(80), "tag": hexes(44)})})}},
        "shippingAddress": person_under(p, {"name": "full", "address1": "street", "locality": "city",
                                            "postalCode": "zip", "countryCode": p.country})}


def berlin_group():
    p, q = Person(), Person()
    return {"headers": {"X-Request-ID": UUID(), "PSU-IP-Address": P(v.ip(), "ip"), "Consent-ID": run(10),
                        "PSU-User-Agent": "okhttp/4.9.1", "Digest": "SHA-256="
            + hexes(44)},
            "body": {"debtorAccount": {"iban": P(v.iban(), "iban"), "currency": "EUR"},
                     "instructedAmount": {"currency": "EUR", "amount": "%d.50" % R.randint(1, 999)},
                     "creditorAccount": {"iban": P(v.iban(), "iban")}, "creditorName": P(p.full, "person_name"),
                     "creditorAgent": "AAAADEBBXXX",
                     "creditorAddress": person_under(p, {"streetName": "street", "townName": "city", "postCode": "zip",
                                                         "country": p.country}),
                     "remittanceInformationUnstructured": pick([aside(), text(1)]), "ultimateDebtor": P(q.full,
                     "person_name"), "endToEndIdentification": "E2E-" + run(10)},
            "_links": {"scaRedirect": {"href": "https://bank.example/psd2/authorise/" + UUID()},
                       "status": {"href": "/v1/payments/sepa-credit-transfers/" + run(12)
                                                                                                             + "/status"}}}


def iso20022():
    p, q = Person(), Person()

    def party(x):
        return {"Nm": P(x.full, "person_name"), "PstlAdr": person_under(x, {"StrtNm": "street", "PstCd": "zip",
            "TwnNm": "city", "Ctry": x.country}),
                **({"CtctDtls": {"PhneNb": P(v.phone_abroad(), "phone"), "EmailAdr": P(v.email(), "email")}}
                   if R.random() < 0.5 else {})}
    return {"Document": {"CstmrCdtTrfInitn": {"GrpHdr": {"MsgId": "MSG-" + run(12), "CreDtTm": stamp(), "NbOfTxs": "1",
                                                         "CtrlSum": R.randint(1, 10**6) / 100},
            "PmtInf": [{"PmtInfId": run(9), "PmtMtd": "TRF", "ReqdExctnDt": {"Dt": day()}, "Dbtr": party(p),
                        "DbtrAcct": {"Id": {"IBAN": P(v.iban_plain(), "iban")},
                        "Ccy": "EUR"}, "DbtrAgt": {"FinInstnId": {"BICFI": "BANKDEFFXXX"}},
                        "CdtTrfTxInf": [{"PmtId": {"InstrId": run(8), "EndToEndId": "NOTPROVIDED", "UETR": UUID()},
                                         "Amt": {"InstdAmt": {"@Ccy": "EUR", "#text": "%d.00"
                                        % R.randint(1, 9999)}}, "Cdtr": party(q),
                                         "CdtrAcct": {"Id": {"IBAN": P(v.iban_plain(), "iban")}},
                                        "RmtInf": {"Ustrd": [pick([aside(), "Rechnung 2026-" + run(5)])]}}]}]}}}


def kyc():
    p, style = Person(), Style()
    doc = {}
    for kind in R.sample(["given", "family", "full", "street", "city", "zip", "email", "phone", "birth", "ssn", "ip",
                          "iban"], R.randint(4, 9)):
        name, marked = member(kind, p, style)
        doc[name] = marked
    for _ in range(R.randint(1, 3)):
        name, marked = national(style)
        doc[name] = marked
    decoys(doc, style, 3, 6)
    return pick([lambda: shuffled(doc), lambda: {"applicationId": UUID(), style("kyc data", False): shuffled(doc),
                                                 "level": "enhanced"},
                 lambda: {"ubo": [{**doc, "name": P(p.full, "person_name"), "sharePercent": R.randint(25, 100)}],
                          "company": {"name": pick(COMPANIES)}}])()


def fhir():
    p = Person()
    family = {"use": "official", "family": P(p.family, "person_name"), "given": [P(p.given, "person_name"),
        P(p.middle, "person_name")]}
    return {"resourceType": "Bundle", "type": "searchset", "total": 1, "entry": [{"fullUrl": "urn:uuid:" + UUID(),
        "resource": {
        "resourceType": "Patient", "id": run(7), "meta": {"versionId": "3", "lastUpdated": stamp(),
                                                          "profile": ["http://hl7.org/fhir/StructureDefinition/Patient"]},
        "identifier": [{"system": "http://hl7.org/fhir/sid/us-ssn", "value": P(v.ssn(), "ssn")}], "active": True,
                     "name": [family],
        "telecom": [{"system": "phone", "value": P(v.phone(), "phone"), "use": "mobile", "rank": 1}, {"system": "email",
            "value": P(v.email(), "email")}],
        "gender": "female", "birthDate": P(p.birth, "birth_date"), "address": [{"use": "home", **person_under(p,
            {"city": "city", "postalCode": "zip",
                                                                                 "country": p.country}),
                                                                                 "line": [P(p.street, "address")]}],
        "maritalStatus": {"coding": [{"system": "http://terminology.hl7.org/CodeSystem/v3-MaritalStatus", "code": "M",
                                      "display": "Married"}]},
        "contact": [{"relationship": [{"text": "next of kin"}], "name": {"family": P(p.family, "person_name"),
            "given": [P(p.middle, "person_name")]},
                     "telecom": [{"system": "phone", "value": P(v.phone(), "phone")}]}]}},
        {"resource": {"resourceType": "Observation", "status": "final",
                      "code": {"coding": [{"system": "http://loinc.org", "code": "29463-7", "display": "Body Weight"}]},
                      "effectiveDateTime": day(), "valueQuantity": {"value": 72.4, "unit": "kg"},
                      "subject": {"reference": "Patient/" + run(7)}}}]}


def scim():
    p = Person()
    return {"schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"], "id": UUID(), "externalId": run(8),
            "userName": P(v.email(), "email"),
            "name": {"formatted": P(p.full, "person_name"), "familyName": P(p.family, "person_name"),
                     "givenName": P(p.given, "person_name")},
            "displayName": P(p.full, "person_name"), "emails": [{"value": P(v.email(), "email"), "type": "work",
                                                                 "primary": True}],
            "phoneNumbers": [{"value": P(v.phone(), "phone"), "type": "mobile"}], "addresses": [{"type": "home",
            **person_under(p, {
                "streetAddress": "street", "locality": "city", "postalCode": "zip", "country": p.country})}],
            "userType": "Employee", "title": "Tour Guide", "preferredLanguage": "en-US",
            "timezone": "America/Los_Angeles", "active": True,
            "groups": [{"value": UUID(), "$ref": "../Groups/" + UUID(), "display": "Tour Guides"}],
            "meta": {"resourceType": "User", "created": stamp(),
            "version": "W/\"" + hexes(14) + "\"", "location": "https://example.com/v2/Users/" + UUID()}}


def oidc():
    p = Person()
    claims = {"iss": "https://id.example.com", "sub": run(21, first="1"), "aud": "wallet-" + run(4),
              "exp": R.randint(17 * 10**8, 19 * 10**8), "iat": 1764000000,
              "acr": "urn:mace:incommon:iap:silver", "nonce": hexes(20), "name": P(p.full, "person_name"),
              "given_name": P(p.given, "person_name"),
              "family_name": P(p.family, "person_name"), "email": P(v.email(), "email"), "email_verified": True,
              "phone_number": P(v.phone(), "phone"),
              "phone_number_verified": False, "birthdate": P(p.birth, "birth_date"), "zoneinfo": "Europe/Paris",
              "locale": "fr-FR", "updated_at": 1763790677,
              "address": person_under(p, {"street_address": "street", "locality": "city", "postal_code": "zip",
                                          "country": p.country})}
    return pick([claims, {"userinfo": claims, "client_id": hexes(16)}, {"traits": claims, "event": "identify",
        "messageId": UUID()}])


def salesforce():
    p = Person()
    doc = {"attributes": {"type": "Contact", "url": "/services/data/v60.0/sobjects/Contact/003" + run(12,
        LETTERS_DIGITS)}, "Id": "003" + run(15, LETTERS_DIGITS),
           "AccountId": "001" + run(15, LETTERS_DIGITS), "Account": {"Name": pick(COMPANIES), "Industry": "Retail"},
           "FirstName": P(p.given, "person_name"),
           "LastName": P(p.family, "person_name"), "MailingStreet": P(p.street, "address"), "MailingCity": P(p.city,
           "address"),
           "MailingPostalCode": P(p.zip, "address"), "MailingCountry": p.country, "MobilePhone": P(v.phone(), "phone"),
           "Email": P(v.email(), "email"),
           "SSN__c": P(v.ssn(), "ssn"), "Date_of_Birth__c": P(p.birth, "birth_date"), "Loyalty_Tier__c": "Gold",
           "Last_Order_No__c": not_luhn(12),
           "IBAN__c": P(v.iban(), "iban"), "CreatedDate": stamp(), "OwnerId": "005" + run(15, LETTERS_DIGITS),
           "IsDeleted": False, "NumberOfCases__c": R.randint(0, 9)}
    for name in R.sample([n for n, x in doc.items() if isinstance(x, P)], 3):
        del doc[name]
    return doc


def log_lines():
    lines = []
    for _ in range(R.randint(2, 5)):
        line = {"@timestamp": stamp(), "level": pick(["INFO", "WARN", "ERROR"]),
                "logger": "com.example.pay.TokenService", "thread": "http-nio-8443-exec-%d" % R.randint(1, 40),
                pick(["message", "msg", "log", "event.original", "error"]): text() if R.random() < 0.6 else aside(),
                "trace.id": hexes(32), "span_id": hexes(16)}
        lines.append(line)
    return pick([{"host": "ip-10-2-3-4.eu-west-1", "lines": lines}, {"records": lines,
                                                                     "service": {"name": "token-service",
                                                                     "version": "4.12.0.7"}}])


def ticket():
    p = Person()
    doc = {"ticket": {"id": R.randint(10**5, 10**7), "subject": pick([aside(), text(1)]),
                      "description": text() if R.random() < 0.7 else aside(), "status": "open",
                      "priority": "P2", "requester": {"id": run(9), "name": P(p.full, "person_name"),
                                                      "email": P(v.email(), "email")},
                      "assignee": {"group": "Cards L2", "id": run(9)}, "created": stamp(), "tags": ["wallet",
                      "provisioning", "v2.14"], "via": {"channel": "email",
                      "source": {"from": {"name": P(p.full, "person_name"), "address": P(v.email(), "email")}}},
                      "custom_fields": [{"id": pick(["iban", "payout_iban"]), "value": P(v.iban(), "iban")},
                                        {"id": 360001, "value": "orange"},
                                        {"id": "order_id", "value": run(8)}]},
           "comments": [{"author": {"name": P(p.full, "person_name")}, "body": text() if R.random() < 0.5 else aside(),
                         "public": True}]}
    return doc


def webhook():
    p = Person()
    return {"id": "evt_" + run(24, LETTERS_DIGITS), "object": "event", "api_version": "2026-02-15",
            "created": 1764012345, "type": "charge.succeeded", "livemode": True,
            "data": {"object": {"id": "ch_" + run(24, LETTERS_DIGITS), "amount": R.randint(100, 10**6),
                                "currency": "eur", "receipt_email": P(v.email(), "email"),
                                "billing_details": {"name": P(p.full, "person_name"), "phone": P(v.phone(), "phone"),
                                                    "address": person_under(p, {
                                    "line1": "street", "city": "city", "postal_code": "zip", "country": p.country})},
                                "payment_method_details": {"card": {"brand": "visa", "last4": run(4),
                                                                    "exp_month": P(R.randint(1, 12), "expiry"),
                                                                    "exp_year": P(R.randint(2027, 2033), "expiry"),
                                                                    "fingerprint": run(16, LETTERS_DIGITS)}},
                                "description": pick([aside(), pick(PRODUCTS)]),
                                "receipt_url": "https://pay.example.com/receipts/" + run(20, LETTERS_DIGITS),
                                "statement_descriptor": "NORTHWIND*" + run(6)}}, "pending_webhooks": 1,
            "request": {"id": "req_" + run(14, LETTERS_DIGITS),
                                                                                                                  "idempotency_key": UUID()}}


def mongo():
    p, style = Person(), Style()
    doc = {"_id": {"$oid": hexes(24)}, "createdAt": {"$date": stamp()}, "version": {"$numberInt": "3"},
           "sequence": {"$numberLong": run(12, first="123")},
           style("birth date"): P("", "x"), style("email"): P(v.email(), "email"), style("card number"): P(v.card(),
           "pan"),
           style("last name"): P(p.family, "person_name")}
    doc[style("birth date")] = {"$date": P(p.birth + "T00:00:00Z", "birth_date")}
    doc[style("mobile phone")] = P(v.phone(), "phone")
    return decoys(doc, style)


def wrapped(wrap):
    p, style = Person(), Style()
    doc = {}
    for kind in R.sample(["given", "family", "street", "city", "zip", "email", "phone", "birth", "ssn", "ip", "iban",
                          "pan"], R.randint(3, 7)):
        name, marked = member(kind, p, style)
        doc[name] = wrap(P(str(marked.value), *marked.kinds))
    flat = decoys({}, style)
    for name, x in flat.items():
        if isinstance(x, str):
            doc[name] = wrap(x)
    return doc


def firestore():
    return {"name": "projects/pay/databases/(default)/documents/users/" + run(20, LETTERS_DIGITS),
            "fields": wrapped(lambda x: {"stringValue": x}), "createTime": stamp(),
            "updateTime": stamp()}


def dynamo():
    return {"eventID": hexes(32), "eventName": "INSERT", "awsRegion": "eu-west-1",
            "dynamodb": {"Keys": {"pk": {"S": "USER#" + run(8)}},
            "NewImage": wrapped(lambda x: {"S": x}), "SequenceNumber": run(21, first="1"), "SizeBytes": R.randint(10,
            999), "StreamViewType": "NEW_IMAGE"}}


def http_dump():
    p = Person()
    pairs = [("amount", "12.50"), ("currency", "EUR"), ("email", P(v.email(), "email")), ("card_number",
        P(v.card_plain(), "pan")), ("order", run(8))]
    R.shuffle(pairs)
    style = Style()
    body = {**{n: m for n, m in [member(k, p, style) for k in R.sample(["given", "family", "email", "phone", "iban",
        "ssn"], 3)]}, "amount": 1250, "ref": run(9)}
    return {"request": {"method": "POST", "url": pick(["https://api.example.com/v1/tokens/" + hexes(32), form(pairs)]),
                        "httpVersion": "HTTP/1.1",
                        "headers": [{"name": "Host", "value": "api.example.com"}, {"name": "X-Forwarded-For",
                        "value": P(v.ip(), "ip")}, {"name": "Accept", "value": "*/*"},
                                    {"name": "X-Request-Id", "value": UUID()}, {"name": "Content-Length",
                                    "value": str(R.randint(10, 9999))}],
                        "postData": {"mimeType": "application/json", "text": inside(body)}},
            "response": {"status": 202, "statusText": "Accepted", "content": {"size": R.randint(10, 999),
            "text": json.dumps({"status": "ok", "id": UUID()})}},
            "serverIPAddress": P(v.ip(), "ip"), "startedDateTime": stamp(), "time": R.random() * 900}


def push():
    return {"messageId": UUID(), "channel": pick(["SMS", "PUSH", "WHATSAPP"]),
            pick(["to", "recipient", "msisdn"]): P(v.phone_abroad(), "phone"), "from": "PAYWALLET",
            "template": "card_added_v3", "body": text() if R.random() < 0.5 else aside(), "segments": R.randint(1, 3),
            "sentAt": stamp(), "ttl": 3600,
            "data": inside({"email": P(v.email(), "email"), "deeplink": "wallet://card/" + hexes(16)}),
            "priority": "high", "price": {"amount": "0.0075", "currency": "USD"}}


def devices():
    p = Person()
    rows = []
    for _ in range(R.randint(1, 4)):
        rows.append({"deviceId": hexes(40), "serialNumber": run(12, LETTERS_DIGITS), "model": pick(["iPhone16,2",
            "Pixel 9", "SM-A546B"]), "osVersion": "17.%d.1" % R.randint(0, 6),
                     "firmware": "10.3.%d.12" % R.randint(0, 9),
                     "deviceName": P(p.given + ("'s iPad" if p.latin else "のiPhone"), "device_owner"),
                     "lastIp": P(v.ip(), "ip"), "wifiMac": P(":".join(hexes(2) for _ in range(6)), "mac"),
                     "enrolledAt": stamp(), "compliant": True,
                     "owner": {"displayName": P(p.full, "person_name"), "mail": P(v.email(), "email")},
                     "storageGb": 128, "batteryPct": R.randint(1, 100)})
    return {"inventory": rows, "exportedAt": stamp(), "schemaVersion": "3.2.0.1", "count": len(rows)}


def analytics():
    style = Style()
    doc = {"anonymousId": UUID(), "event": "Card Added", "type": "track", "context": {"ip": P(v.ip(), "ip"),
        "library": {"name": "analytics.js", "version": "4.1.0"},
           "page": {"path": "/wallet", "url": "https://app.example.com/wallet?step=2&ref=" + run(8)},
           "campaign": {"name": "spring", "source": "newsletter"},
           "userAgent": "Mozilla/5.0 (X11; Linux x86_64) Chrome/%d.0.%d.%d Safari/537.36" % (R.randint(90, 140),
           R.randint(1000, 7000), R.randint(1, 200)),
           "screen": {"width": 1179, "height": 2556}}, "originalTimestamp": stamp(), "properties": decoys({}, style, 4,
           9)}
    if R.random() < 0.6:
        p = Person()
        doc["traits"] = {"email": P(v.email(), "email"), "firstName": P(p.given, "person_name"), "lastName": P(p.family,
            "person_name"), "plan": "gold",
                         "phone": P(v.phone(), "phone"), "address": person_under(p, {"street": "street", "city": "city",
                         "postalCode": "zip", "country": p.country})}
    return doc


def csv_text():
    columns = R.sample(["given", "family", "email", "phone", "pan", "iban", "ssn", "ip", "city", "street"],
                       R.randint(2, 4))
    header = ["id"] + [pick(NAMES[c]).replace(" ", "_") for c in columns] + ["created_at", "amount"]
    sep, rows, kinds = pick([",", ";", "\t", "|"]), [], []
    for i in range(R.randint(1, 4)):
        p = Person()
        cells = [value(c, p) for c in columns]
        kinds += [k for c in cells for k in c.kinds]
        rows.append([str(i + 1)] + ['"%s"' % c.value if sep in str(c.value) else str(c.value) for c in cells] + [day(),
            "%d.50" % R.randint(1, 99)])
    return {"fileName": "export-%s.csv" % day(), "content": P("\n".join(sep.join(r) for r in [header] + rows),
                                                              *dict.fromkeys(kinds)), "rows": len(rows),
            "checksum": hexes(64)}


def xml_or_sql():
    kinds = R.sample(["pan", "iban", "email", "ip", "ssn"], R.randint(1, 3))
    cells = [(k, {"pan": v.card, "iban": v.iban, "email": v.email, "ip": v.ip_in_text, "ssn": v.ssn}[k]())
             for k in kinds]
    body = pick([lambda: "<payment id=\"%s\" version=\"1.0.0.2\">%s<amount ccy=\"EUR\">12.50</amount></payment>"
                 % (run(8), "".join("<%s>%s</%s>" % (k, x, k) for k, x in cells)),
                 lambda: "INSERT INTO customer (id, %s, created_at) VALUES (%d, %s, '%s')" % (", ".join(kinds),
                 R.randint(1, 9999), ", ".join(
                     "'%s'" % x.replace("'", "''") for _, x in cells), stamp()),
                 lambda: "UPDATE profile SET %s WHERE id = %s AND revision = 12" % (", ".join("%s = '%s'" % (k,
                 x.replace("'", "''")) for k, x in cells), run(6)),
                 lambda: "<row %s seq=\"%d\"/>" % (" ".join('%s="%s"' % c for c in cells), R.randint(1, 99))])()
    return {"kind": "statement", pick(["query", "xml", "sql", "raw"]): P(body, *kinds), "durationMs": R.randint(1, 900),
            "db": "pg-15.6", "at": stamp()}


def nested():
    p, style = Person(), Style()
    inner = {n: m for n, m in [member(k, p, style) for k in R.sample(["given", "family", "street", "zip", "pan", "iban",
                                                                      "ssn", "email", "ip", "phone"], 3)]}
    inner.update(decoys({}, style, 1, 3))
    return {"topic": "wallet.events.v1", "partition": R.randint(0, 31), "offset": R.randint(1, 10**8), "key": UUID(),
            pick(["value", "payload", "body", "data", "content"]): inside(inner), "extra": inside(decoys({}, style, 2,
            4)), "timestamp": R.randint(16 * 10**11, 18 * 10**11),
            "link": form([("id", run(8)), ("page", "2"), ("utm_source", "mail")])}


def pairs():
    p = Person()
    label, content = pick([("name", "value"), ("key", "value"), ("field", "value"), ("label", "content"),
                           ("id", "value"), ("param", "val")])
    rows = []
    for kind in R.sample(["given", "family", "street", "city", "zip", "email", "phone", "ssn", "pan", "iban", "ip"],
                         R.randint(3, 6)):
        name, marked = member(kind, p, Style(), False)
        rows.append({label: name, content: marked})
    for name, x in decoys({}, Style(), 2, 5).items():
        rows.append({label: name, content: x})
    R.shuffle(rows)
    return {"form": pick(["fields", "answers"]), "fields": rows, "submittedAt": stamp()}


def foreign():
    p, names = Person(), pick(FOREIGN)
    doc = {names[k]: value(k, p) for k in R.sample(list(names), R.randint(4, 8))}
    return {"lang": "xx", "formulario": doc, "ref": run(9), "erstellt": stamp(), "total": "1.250,00"}


def shop_order():
    p, shop = Person(), Person()
    return {"orderNumber": run(3) + "-" + run(7) + "-" + run(7), "placed": stamp(),
            pick(["merchant", "store", "shop"]): {
        "name": pick(COMPANIES), "id": not_luhn(15), "mcc": "5812", "address": {"street": shop.street,
            "city": shop.city, "postalCode": shop.zip, "country": shop.country}},
        "items": [{"sku": run(3) + "-" + run(5) + "-" + run(2), "name": pick(PRODUCTS), "qty": R.randint(1, 5),
                   "price": R.randint(100, 9999) / 100, "ean": v.ean13("590" + run(9))}
                  for _ in range(R.randint(1, 4))],
        "shippingAddress": person_under(p, {"fullName": "full", "line1": "street", "city": "city", "zip": "zip",
                                            "country": p.country}),
        "customer": person_under(p, {"firstName": "given", "lastName": "family", "email": "email", "mobile": "phone"}),
        "payment": {"maskedCard": "************" + run(4), "tokenReference": "DNITHE" + run(30), "expires": stamp()},
        "tracking": {"carrier": "DHL", "number": "JJD0" + run(16), "url": "https://track.example/" + run(12),
                     "eta": "%s %s - %s" % (day(), clock()[:5], clock()[:5])}}


def only_decoys():
    style = Style()
    doc = decoys({}, style, 8, 18)
    doc[style("history", False)] = [decoys({}, style, 2, 4) for _ in range(R.randint(1, 3))]
    doc[style("text", False)] = aside()
    return pick([doc, {"shop": {"name": pick(COMPANIES), "branches": [{"city": Person().city, "hours": "09:00-18:00",
        "zip": Person().zip}]}, "data": doc}])


def flat_record():
    p, style = Person(), Style()
    doc = {}
    for kind in R.sample(list(NAMES), R.randint(2, 6)):
        name, marked = member(kind, p, style)
        doc[name] = marked
    for _ in range(R.randint(0, 2)):
        name, marked = national(style)
        doc[name] = marked
    return shuffled(decoys(doc, style, 4, 9))


def identity_documents():
    p, rows = Person(), []
    for kind in R.sample(list(v.NATIONAL), R.randint(2, 4)):
        detector, make, _, _ = v.NATIONAL[kind]
        rows.append({"type": pick(["NATIONAL_ID", "TAX_ID", "ID_CARD"]), "issuingCountry": p.country,
                     pick(["nationalId", "idNumber", "nationalIdNumber", "taxId"]):
                     P(make(), detector), "verified": True, "checkedAt": stamp(), "reference": not_luhn(10)})
    return {"subject": {"id": UUID(), "fullName": P(p.full, "person_name"), "dateOfBirth": P(p.birth, "birth_date"),
                        "nationality": p.country}, "documents": rows,
            "result": {"score": R.random(), "status": "granted", "expiresIn": 86400,
                       "engineVersion": "4.%d.0.1" % R.randint(0,
            9)}}


def texts():
    style = Style()
    doc = {style(w, False): text() for w in R.sample(["note", "comment", "remark", "message", "reason", "request",
                                                      "history entry", "trace", "summary"], R.randint(1, 3))}
    for w in R.sample(["answer", "text", "order note", "case log", "hint"], 2):
        doc[style(w, False)] = aside()
    return decoys(doc, style)


KINDS = [(vts, 3), (mdes, 3), (apple_pay, 2), (google_pay, 2), (berlin_group, 3), (iso20022, 3), (kyc, 8), (fhir, 3),
         (scim, 2), (oidc, 3), (salesforce, 3), (log_lines, 6),
         (ticket, 4), (webhook, 3), (mongo, 3), (firestore, 3), (dynamo, 3), (http_dump, 4), (push, 3), (devices, 3),
         (analytics, 4), (csv_text, 3), (xml_or_sql, 4),
         (nested, 6), (pairs, 4), (foreign, 3), (shop_order, 4), (identity_documents, 7), (only_decoys, 34),
         (flat_record, 10), (texts, 10)]


def document():
    return R.choices([k[0] for k in KINDS], [k[1] for k in KINDS])[0]()


if __name__ == "__main__":
    R.seed(int(sys.argv[1]) if len(sys.argv) > 1 else 3)
    for _ in range(int(sys.argv[2]) if len(sys.argv) > 2 else 600):
        labels = []
        made = plain(document(), "$", labels)
        labels = [list(x) for x in dict.fromkeys(map(tuple, labels))]
        print(json.dumps({"document": made, "pii": labels}, ensure_ascii=False, separators=(",", ":")))
