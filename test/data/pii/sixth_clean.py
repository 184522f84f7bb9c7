"""Kinds without PII: look-alikes."""
from sixth_base import *


@clean
def clean_i18n_bundle():
    "Translations: names of fields of people with captions and placeholders as values"
    d = pick([{"label.firstName": "First name", "label.lastName": "Last name", "label.cardNumber": "Card number", "placeholder.cardNumber": "0000 0000 0000 0000", "placeholder.expiry": "MM/YY", "label.email": "E-mail address", "error.phone": "Please enter a valid phone number", "label.address": "Street and house number"},
                 {"de": {"cardholderName": "Name des Karteninhabers", "birthDate": "Geburtsdatum", "address": "Anschrift", "phone": "Telefonnummer", "cvv": "Prüfziffer"}, "fr": {"cardholderName": "Nom du titulaire", "birthDate": "Date de naissance", "address": "Adresse", "phone": "Numéro de téléphone", "cvv": "Cryptogramme"}},
                 {"form": {"name": {"label": "Full name", "hint": "As shown on your card"}, "dob": {"label": "Date of birth", "hint": "DD/MM/YYYY"}, "email": {"label": "Email", "hint": "We never share it"}, "ssn": {"label": "SSN", "hint": "XXX-XX-XXXX"}}}])
    return {"bundle": "cards-web", "revision": R.randint(1, 900), "messages": d, "hash": v.hexa(8)}


@clean
def clean_json_schema():
    "JSON schema / OpenAPI of a customer: formats, patterns, required"
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "$id": "https://schemas.acme.example/customer-%s.json" % v.dig(2), "title": "Customer", "type": "object", "required": ["firstName", "lastName", "email", "pan"], "properties": {"firstName": {"type": "string", "maxLength": 40}, "lastName": {"type": "string"}, "email": {"type": "string", "format": "email"}, "pan": {"type": "string", "pattern": "^[0-9]{13,19}$"}, "birthDate": {"type": "string", "format": "date"}, "phone": {"type": "string", "pattern": "^\\+[1-9]\\d{1,14}$"}, "address": {"$ref": "#/$defs/Address"}, "cvv": {"writeOnly": True, "minLength": 3}}, "additionalProperties": False, "x-version": "%d.%d.0" % (R.randint(1, 9), R.randint(0, 20))}


@clean
def clean_service_config():
    "Configuration: four-part versions, ports, timeouts, cron, durations, sizes, feature names"
    return {"service": pick(["token-vault", "cards-api", "acs-gateway"]), "version": "%d.%d.%d.%d" % tuple(R.randint(1, 40) for _ in range(4)), "assemblyVersion": "4.%d.0.0" % R.randint(0, 9), "port": R.randint(1025, 65000), "timeoutMs": 15000, "schedule": "0 30 9 * * MON-FRI", "ttl": "PT15M", "maxBody": "16MiB", "features": {"newCardFlow": True, "address_autocomplete": False, "email-otp": "beta"}, "firmware": "10.2.%d.7" % R.randint(1, 30), "retry": [1, 2, 5, 10], "nameStrategy": "KEBAB_CASE", "emailTemplateId": "d-" + v.hexa(32), "phoneFormat": "E164", "addressFormat": "MULTILINE"}


@clean
def clean_product_catalog():
    "Catalogue: products and brands named like people and towns, EAN, ISBN, part numbers, sizes"
    return {"catalogue": "SS26", "products": [{"name": n, "brand": pick(["Ralph Lauren", "Tommy Hilfiger", "Jack Daniel's", "Johnnie Walker", "Paul Smith", "Hugo Boss"]), "ean": v.ean(), "isbn": "978-3-16-148410-0", "sku": "%s-%s" % (v.alnum(3).upper(), v.dig(4)), "partNumber": "555-0134-%s" % v.dig(2), "size": "36/32", "price": {"amount": "89.95", "currency": "EUR"}, "stock": R.randint(0, 400), "colour": pick(["Rose", "Olive", "Jade"])} for n in R.sample(v.PRODUCT, 3)]}


@clean
def clean_shipment_tracking():
    "Tracking: carrier numbers, SSCC, events at depots, pieces"
    return {"trackingNumber": pick(["1Z" + v.alnum(16, "0123456789ABCDEFGH"), v.notcard(18, "79"), "JD014600" + v.dig(10), "RR%sDE" % v.dig(9), "9400" + v.dig(18)]), "status": "IN_TRANSIT", "pieces": 1, "sscc": "00" + v.dig(18, "38"), "events": [{"code": "PU", "description": "Picked up", "at": v.iso()}, {"code": "AR", "description": "Arrived at sort facility", "at": v.iso()}], "weight": {"value": 0.35, "unit": "kg"}, "dims": "30x21x2", "service": "SAVER", "incoterm": "DAP", "orderNumber": v.notcard(16, "1279")}


@clean
def clean_metrics():
    "Metrics and timings: epoch values, floats, percentiles, histograms"
    return {"series": [{"metric": "auth.latency", "points": [[v.epoch() * 1000, round(R.random() * 90, 6)] for _ in range(4)], "tags": ["env:prod", "region:eu-west-1", "host:cards-%d" % R.randint(1, 9)]}], "p50": 12.41, "p99": 187.0031, "count": int(v.dig(9, "1")), "sum": "%s.%s" % (v.dig(9, "1"), v.dig(6)), "buckets": {"0.005": 24054, "0.01": 33444, "0.025": 100392, "+Inf": 144320}}


@clean
def clean_bin_table():
    "BIN table: ranges of account numbers filled with 0 and 9, issuers, products"
    b = v.pan16()[:6]
    return {"bin": b, "low": b + "0000000000", "high": b + "9999999999", "accountRangeLow": b + "000" + "0" * 10, "issuer": pick(["Banco Aurora", "First Meridian Bank", "Sparkasse Nordland", "Crédit Atlantique"]), "brand": "VISA", "level": "PLATINUM", "country": "DEU", "length": 16, "iin8": b + v.dig(2), "effective": "20260401", "tokenRange": False, "productName": "Visa Infinite Business"}


@clean
def clean_token_lifecycle():
    "Token lifecycle: masked PAN in many styles, last four, PAR, token references, statuses"
    return {"eventType": pick(["TOKEN_SUSPENDED", "TOKEN_RESUMED", "PAN_REPLACED"]), "tokenUniqueReference": "DWSPMC000000000" + v.hexa(33), "panUniqueReference": "FWSPMC000000000" + v.hexa(33), "paymentAccountReference": "5001" + v.alnum(25, "ABCDEFGHJKLMNPQRSTUVWXYZ0123456789"), "accountPanSuffix": v.dig(4), "maskedPan": v.masked(), "maskedToken": v.masked(), "cardLast4": v.dig(4), "displayName": "Visa •••• " + v.dig(4), "correlationId": v.uid(), "walletId": "103", "reasonCode": "A", "eventTime": v.stamp(), "seq": R.randint(1, 99), "panSource": "CARD_ON_FILE"}


@clean
def clean_merchant_profile():
    "Merchants: company names, DBA, MCC, merchant and terminal ids, descriptors"
    return {"merchantId": v.notcard(15, "9"), "legalName": pick(v.COMPANY), "dba": pick(["Martin's Bakery", "Café Valentino", "Saint-Michel Paris", "Orchard Street Dental"]), "mcc": pick(["5812", "5541", "7011"]), "descriptor": "STELLAR FUEL *204", "terminals": [{"tid": v.dig(8), "model": "Ingenico Lane 3000", "firmware": "2.14.0.33"}], "acquirer": "Banco Aurora", "onboarded": v.day(), "tier": "B", "volume": money(), "name": pick(v.COMPANY), "category": "Restaurants"}


@clean
def clean_kubernetes_event():
    "Kubernetes / CI records: names of things, hashes, image tags with @sha256, pod names"
    return {"kind": "Event", "metadata": {"name": "cards-api-7d9f8b6c5-%s" % v.alnum(5).lower(), "namespace": "payments", "uid": v.uid(), "resourceVersion": v.dig(9, "1")}, "reason": "Pulled", "message": "Successfully pulled image \"registry.acme.example/cards@sha256:%s\" in 2.41s" % v.hexa(64), "involvedObject": {"kind": "Pod", "name": "cards-api", "fieldPath": "spec.containers{cards}"}, "count": R.randint(1, 99), "type": "Normal", "package": "@acme/cards-ui@%d.2.1" % R.randint(1, 9), "icon": "logo@2x.png", "branch": "release/2026.03", "displayName": "Cards API", "owner": "payments-platform"}


@clean
def clean_crypto_material():
    "Keys and hashes: KCV, cryptograms, ARQC, signatures, fingerprints, hashes"
    return {"keyId": "ZMK-%s" % v.dig(3), "kcv": v.hexa(6).upper(), "arqc": v.hexa(16).upper(), "atc": v.hexa(4), "pinBlock": None, "payloadSha256": v.hexa(64), "bodyHash": v.hexa(64), "imageHash": v.b64(43), "fingerprint": ":".join(v.hexa(2).upper() for _ in range(20)), "signature": v.b64(86), "alg": "ES256", "created": v.stamp(), "serial": v.hexa(32), "commitHash": v.hexa(40), "cardFingerprint": v.alnum(16), "checkDigit": 7}


@clean
def clean_state_history():
    "Workflow history: states, ISO durations, epoch numbers, actors that are services"
    return {"workflow": pick(["CARD_REPLACEMENT", "KYC_REFRESH"]), "states": [{"state": s, "enteredAt": v.stamp(), "by": "svc-orchestrator", "took": "PT%dM" % R.randint(1, 59)} for s in ("RECEIVED", "ADDRESS_CHECK", "NAME_MATCH", "DONE")], "result": {"addressCheck": "MATCH", "nameMatch": "PARTIAL", "dobMatch": "Y", "phoneVerified": True, "emailRisk": "low", "cvvResult": "M", "avs": "Y", "ssnCheck": "PASS", "expiryCheck": "VALID"}, "nextRun": v.iso(), "attempt": R.randint(1, 5)}


@clean
def clean_emptied_fields():
    "Fields of people that are null, empty, N/A, redacted, encrypted or masked"
    e = lambda: pick([None, "", "N/A", "[REDACTED]", "***", "unknown", "-", "<encrypted>", "n.a.", "NOT PROVIDED", "xxxxx", "#REMOVED#", "(none)", "null", "TBD", "masked"])
    return o({"first name|given name": e(), "last name|surname": e(), "cardholder name": e(), "email": e(), "phone|mobile": e(), "address line 1|street": e(), "city": e(), "date of birth|dob": e(), "ssn": pick([None, "***-**-" + v.dig(4), "XXX-XX-XXXX"]), "pan|card number": pick([None, v.masked(), "tok_" + v.alnum(24)]), "cvv": pick([None, "***", ""]), "iban": pick([None, "", "DE** **** **** **** **34 00"]), "status": "ANONYMISED", "purged at": v.stamp()})


@clean
def clean_decline_messages():
    "Messages and error codes about cards, names and addresses, without values"
    return {"errors": [{"code": pick(["card_declined", "51", "N7"]), "message": t, "field": f, "retryable": False} for t, f in R.sample([("The card number is incorrect.", "number"), ("Your card's security code is invalid.", "cvc"), ("Address verification failed for the postcode supplied.", "billing.zip"), ("Name must be at least 2 characters", "cardholderName"), ("Phone number is not valid for the selected country", "phone"), ("Das Geburtsdatum liegt in der Zukunft", "birthDate"), ("Le nom du titulaire est obligatoire", "titulaire"), ("Email has already been taken", "email"), ("Insufficient funds. Please contact Banco Aurora.", None)], 3)], "requestId": "req_" + v.alnum(14), "docUrl": "https://docs.acme.example/errors#card-declined", "at": v.stamp()}


@clean
def clean_settlement_totals():
    "Settlement: long reference numbers (ARN, RRN, STAN), totals, fees, batch ids"
    return {"batchId": v.dig(10), "arn": v.dig(23, "7"), "rrn": v.dig(12), "stan": v.dig(6), "approvalCode": v.alnum(6, "ABCDEF0123456789"), "grossAmount": "%s.%s" % (v.dig(7, "1"), v.dig(2)), "interchange": "-1,204.18", "currency": "978", "transactions": R.randint(1, 99999), "settlementDate": v.ts().strftime("%Y%m%d"), "fileSequence": v.dig(6), "networkTransactionId": v.notcard(15, "12"), "traceId": v.notcard(16, "1279"), "cycle": 3, "valueDate": v.day()}


@clean
def clean_flight_schedule():
    "Flights: numbers, airports, aircraft, registration, times"
    return {"carrier": "LH", "flightNumber": "LH %s" % v.dig(3), "origin": {"iata": "FRA", "terminal": "1", "gate": "B42"}, "destination": {"iata": "JFK", "name": "John F. Kennedy International"}, "std": "2026-07-14T10:35+02:00", "blockTime": "08:55", "aircraft": {"type": "A346", "reg": "D-AIH%s" % pick("ABCDEF")}, "fareBasis": "YOWDE", "classes": ["F", "C", "Y"], "baggage": "2PC", "codeshares": ["UA 8841", "AC 9145"]}


@clean
def clean_calendar():
    "Holidays and campaigns named after people"
    return {"calendar": "TARGET2", "year": 2026, "days": [{"date": d, "name": n} for d, n in R.sample([("2026-01-19", "Martin Luther King Jr. Day"), ("2026-03-17", "Saint Patrick's Day"), ("2026-02-16", "Washington's Birthday"), ("2026-11-11", "Sankt Martin"), ("2026-12-06", "Saint Nicholas Day"), ("2026-05-01", "Labour Day"), ("2026-10-12", "Columbus Day")], 4)], "campaigns": [{"name": "Valentine's Cashback", "from": "2026-02-01", "to": "2026-02-14", "code": "LOVE26"}], "cutOff": "16:00"}


@clean
def clean_named_things():
    "The name of a thing under name, title, label, displayName, owner"
    return {"name": pick(["Visa Classic Gold", "Savings Plus", "World Elite Debit"]), "displayName": pick(["Card Operations", "Fraud Rules Engine", "Dispute Manager"]), "id": v.hexa(12), "role": {"name": "Card Manager", "label": "Manager (Cards)"}, "file": {"name": "statement_2026_03.pdf"}, "queue": {"name": "cards.issued.v2"}, "host": {"hostname": "cards-%d.internal" % R.randint(1, 9), "nodeName": "node-a%d" % R.randint(1, 9)}, "event": {"name": "card_activated"}, "rule": {"title": "Velocity > 5 in 1h", "owner": "Fraud Strategy"}, "bank": {"bankName": "Sparkasse Nordland", "bic": "NOLADE21XXX"}, "column": {"name": "first_name", "type": "varchar"}, "font": {"name": "Georgia"}, "theme": "Madison", "template": {"name": "Welcome Email", "subject": "Welcome to your new card"}}


@clean
def clean_other_expiries():
    "Dates of expiry of things that are not cards: sessions, coupons, certificates, offers, cache"
    return o({"session": o({"id": v.uid(), "expires at": v.iso(), "max age": 3600}), "coupon": o({"code": "SAVE" + v.dig(2), "valid until": "2026-12-31", "discount": "15%"}), "certificate": o({"not before": "2025-01-01T00:00:00Z", "not after": "2027-01-01T00:00:00Z", "serial number": v.hexa(20)}), "offer": o({"id": v.dig(6), "ends on": v.day()}), "cache control": "max-age=600", "access token": o({"type": "Bearer", "expires in": 3599}), "maintenance window": "02:00-04:30", "quarter": "Q3/26", "fiscal period": "2026-03", "delivery week": "14/26"})


@clean
def clean_snowflakes_and_offsets():
    "Kafka offsets, snowflake ids, 13–19-digit counters, epoch nanoseconds"
    return {"topic": "cards.auth.v1", "partition": R.randint(0, 47), "offset": int(v.dig(10, "1")), "id": v.notcard(19, "1"), "snowflake": int(v.notcard(18, "1")), "tsNanos": str(v.epoch()) + v.dig(9), "leaderEpoch": R.randint(1, 99), "lag": R.randint(0, 900), "key": v.hexa(16), "headers": {"ce_id": v.uid(), "ce_time": v.iso(), "schemaId": R.randint(1, 999), "traceparent": "00-%s-%s-01" % (v.hexa(32), v.hexa(16))}, "sequenceNumber": v.dig(20, "1"), "checkpoint": "%s:%s" % (v.dig(8, "1"), v.dig(6))}


@clean
def clean_terminal_telemetry():
    "Terminal telemetry: firmware of four parts, temperatures, counters, app versions, uptime"
    return {"deviceModel": "Verifone P400", "fw": "%d.%d.%d.%d" % (R.randint(1, 12), R.randint(0, 30), R.randint(0, 250), R.randint(0, 250)), "appVersion": "3.2.1.%d" % R.randint(1, 99), "kernelVersions": {"paywave": "2.2.0.1", "paypass": "3.1.4.8"}, "battery": 87, "uptime": "12d 04:11:33", "tempC": 36.4, "signalDbm": -71, "counters": {"reads": int(v.dig(7, "1")), "errors": R.randint(0, 50)}, "lastReboot": v.stamp(), "paper": "OK", "lat_ms": 41.2}


@clean
def clean_model_scores():
    "Fraud model: features named after PII with numbers as values, vectors, thresholds"
    return {"model": "xgb-cnp-2026.03.1", "score": round(R.random(), 6), "features": {"email_age_days": R.randint(0, 4000), "phone_changes_90d": 0, "ip_velocity_1h": R.randint(0, 9), "name_similarity": 0.92, "address_distance_km": 12.4, "cards_on_device": 2, "birth_year_bucket": 3, "pan_entropy": 3.3219, "ssn_match": 1, "iban_country_risk": 0.1}, "embedding": [round(R.uniform(-1, 1), 8) for _ in range(6)], "thresholds": [0.35, 0.8], "topReasons": ["ip_velocity_1h", "name_similarity"], "ms": 7}


@clean
def clean_permissions_and_masks():
    "Policies: names of sensitive fields as values, masking rules, scopes"
    return {"policy": "pii-masking-v%d" % R.randint(1, 9), "rules": [{"field": f, "action": a, "keep": n} for f, a, n in R.sample([("cardNumber", "MASK", 4), ("email", "HASH", 0), ("customer.lastName", "DROP", 0), ("birth_date", "YEAR_ONLY", 0), ("phone", "MASK", 2), ("address.line1", "DROP", 0), ("ssn", "TOKENISE", 0)], 4)], "scopes": ["cards:read", "customers.email:read", "openid", "profile", "address", "phone"], "sensitive": ["pan", "cvv", "name", "dob"], "enabled": True, "default": "ALLOW", "updated": v.stamp()}


@clean
def clean_exchange_and_geo_codes():
    "Currencies, countries, time zones, languages, postal-code patterns"
    return {"base": "EUR", "asOf": v.iso(), "rates": {"USD": 1.0847, "JPY": 163.41, "GBP": 0.8541}, "countries": [{"alpha2": "DE", "alpha3": "DEU", "numeric": "276", "dialCode": "+49", "postalPattern": "^\\d{5}$", "ibanLength": 22}, {"alpha2": "GB", "alpha3": "GBR", "numeric": "826", "dialCode": "+44", "ibanLength": 22}], "timezones": ["Europe/Paris", "America/Indiana/Vincennes", "Asia/Ho_Chi_Minh"], "revision": v.dig(8, "2")}
