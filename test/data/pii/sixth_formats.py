"""Kinds after formats: messages of standards, texts with structure, rows and columns, wrapped and escaped documents."""
import json
from urllib.parse import quote, quote_plus, urlencode
from xml.sax.saxutils import escape

from sixth_base import *
from sixth_vendors import passport


@with_pii
def nws_legacy_row():
    "Legacy ODS/NWS row: upper-case abbreviations, blanks at the end, PAN padded with zeros to 19"
    p = v.Person(pick(["US", "GB", "CA", "DE"]))
    n = v.pan16()
    pad = lambda s, w: s.ljust(w)
    up = lambda s: v.ascii_(s, True).upper() if not any(c.isdigit() for c in s) else s.upper()
    return {"TBL": "ODSCRDHLD", "SEQ_NBR": R.randint(1, 999999), pick(["CRDHLDR_NM", "CH_NM", "CUST_NM_LN1"]): pn(pad(up(p.latin), 30)), pick(["ACCT_NBR", "CRD_NBR", "PAN_NBR", "CARD_NO"]): pa(pick([n, n.zfill(19), pad(n, 19)])), pick(["EXP_DT", "CRD_EXPR_DT", "XPIR_DT"]): ex(v.yymm()),
            pick(["ADDR_LN1", "ADR_LN_1_TXT", "MLG_ADDR_1"]): ad(pad(p.street.upper(), 35)), pick(["ADDR_CTY", "CITY_NM"]): ad(pad(p.city.upper(), 20)), pick(["ZIP_CD", "PSTL_CD"]): ad(p.zip), pick(["HM_PHN_NBR", "TEL_NBR", "PHN_1"]): ph(p.nsn.replace(" ", "")), pick(["DOB_DT", "BRTH_DT", "DT_OF_BRTH"]): bd(p.dob.strftime("%Y%m%d")),
            "PRCS_CD": "003000", "LST_UPD_TS": "2026-03-11-09.44.02.113000", "STAT_CD": "A ", "BR_NBR": "00417", "CR_LMT_AMT": "0000500000", "PROD_NM": "CLASSIC GOLD        ", "FILLER": " " * 12}


@with_pii
def fixed_width_record():
    "A fixed-width record in one string: name, PAN, address padded with blanks"
    p = v.Person(pick(["US", "GB", "CA"]))
    n = v.pan16()
    s = pick([lambda: "D01 %-26s%-19s %s %-40s%-20s" % (v.ascii_(p.latin, True).upper()[:26], n, "2026061" + v.dig(1), p.street.upper(), p.city.upper()),
              lambda: "%-10s|%-30s|%-20s|%-36s|" % ("CRD" + v.dig(6), v.ascii_(p.lfamily + " " + p.lgiven, True).upper(), n, (p.street + " " + p.city).upper())])()
    return {"file": "EMBOSS.D26061%s" % v.dig(1), "recordType": "D01", "lineNo": R.randint(2, 9000), pick(["line", "record", "rawRecord", "data"]): P(s, "person_name", "pan", "address"), "length": len(s)}


@with_pii
def iso8583_fields():
    "ISO 8583 in JSON with field numbers as names (2, DE002, F35, bit14)"
    n = v.pan16()
    f = pick([lambda i: str(i), lambda i: "DE%03d" % i, lambda i: "F%d" % i, lambda i: "bit%d" % i, lambda i: "DE%d" % i, lambda i: "field_%03d" % i])
    d = {f(2): pa(n), f(3): "003000", f(4): "0000000" + v.dig(5), f(7): v.ts().strftime("%m%d%H%M%S"), f(11): v.dig(6), f(12): v.ts().strftime("%H%M%S"), f(13): v.ts().strftime("%m%d"), f(14): ex(v.yymm()), f(18): "5411", f(22): "051", f(32): v.dig(6), f(35): tr(n + "=" + v.yymm() + "201" + v.dig(10)), f(37): v.dig(12), f(38): v.alnum(6, "ABCDEF0123456789"), f(41): "TERM" + v.dig(4), f(42): v.dig(15, "9"), f(43): "STELLAR FUEL #204      TULSA        OKUS", f(49): "840"}
    return pick([lambda: {"mti": "0100", **d}, lambda: {"mti": "0200", "fields": d}, lambda: {"header": {"mti": "0420", "tpdu": "6000030000"}, "dataElements": [{"id": a, "value": b} for a, b in d.items()]}, lambda: {"isomsg": {"0": "0110", **d}, "direction": "incoming"}])()


@with_pii
def emv_tags_decoded():
    "Decoded EMV tags: 5A (padded with F), 57, 5F20, 5F24 beside cryptograms and counters"
    p = v.latin()
    n = v.pan16()
    t = {"9F26": v.hexa(16).upper(), "9F27": "80", "9F10": "0110A00003220000" + v.hexa(16).upper(), "9F37": v.hexa(8).upper(), "9F36": v.hexa(4).upper(), "95": "0000008000", "9A": "260311", "9C": "00", "5F2A": "0840", "82": "5800", "9F1A": "0840", "84": "A0000000031010",
         "5A": pa(n if R.random() < .6 else v.pan(("37", "34")) + "F"), "57": tr(n + "D" + v.yymm() + "201" + v.dig(10)), "5F24": ex("%02d%02d31" % (R.randint(27, 33), pick([1, 3, 5, 7, 8, 10, 12]))), "5F20": pn(v.ascii_(p.lfamily, True).upper() + "/" + v.ascii_(p.lgiven, True).upper()), "5F34": "01", "9F1E": v.alnum(8).upper()}
    return pick([lambda: {"emv": t, "terminal": {"kernel": "C-3", "version": "2.10.0.7"}}, lambda: {"tlv": [{"tag": a, "value": b} for a, b in t.items()]}, lambda: {"iccData": [{"t": a, "l": 8, "v": b} for a, b in t.items()]}])()


@with_pii
def camt_pain_xml():
    "ISO 20022 XML in a string with a namespace prefix: Nm, AdrLine, IBAN"
    p, q = v.Person(pick(["DE", "FR", "NL", "IT", "ES", "AT"])), v.Person(pick(["DE", "FR", "BE", "PT", "SE"]))
    x = pick(["", "ns2:", "p:"])
    party = lambda t, y: "<{0}{1}><{0}Nm>{2}</{0}Nm><{0}PstlAdr><{0}Ctry>{3}</{0}Ctry><{0}AdrLine>{4}</{0}AdrLine><{0}AdrLine>{5} {6}</{0}AdrLine></{0}PstlAdr></{0}{1}><{0}{1}Acct><{0}Id><{0}IBAN>{7}</{0}IBAN></{0}Id></{0}{1}Acct>".format(x, t, escape(y.name), y.c, escape(y.street), y.zip, y.city, v.iban(y.c))
    s = "<?xml version=\"1.0\" encoding=\"UTF-8\"?><%sCdtTrfTxInf><%sPmtId><%sEndToEndId>E2E-%s</%sEndToEndId></%sPmtId>%s%s</%sCdtTrfTxInf>" % (x, x, x, v.dig(10), x, x, party("Dbtr", p), party("Cdtr", q), x)
    return {"messageType": "pain.001.001.09", "msgId": "MSG" + v.dig(12), "direction": "OUT", pick(["content", "xml", "payload", "message"]): P(s, "person_name", "address", "iban")}


@with_pii
def iso20022_json():
    "ISO 20022 as JSON with short tags: Dbtr.Nm, PstlAdr.StrtNm/TwnNm/AdrLine[], DbtrAcct.Id.IBAN, DtAndPlcOfBirth"
    p, q = v.Person(pick(["DE", "FR", "NL", "IT", "ES", "AT"])), v.Person(pick(["DE", "FR", "BE", "PT", "SE"]))
    return {"Document": {"FIToFICstmrCdtTrf": {"GrpHdr": {"MsgId": "BI" + v.dig(14), "CreDtTm": v.iso(), "NbOfTxs": "1", "SttlmInf": {"SttlmMtd": "CLRG"}}, "CdtTrfTxInf": [{"PmtId": {"EndToEndId": "NOTPROVIDED", "UETR": v.uid()}, "IntrBkSttlmAmt": {"Ccy": "EUR", "#text": "1250.00"}, "ChrgBr": "SLEV",
        "Dbtr": {"Nm": pn(p.name), "PstlAdr": {"StrtNm": ad(p.street), "PstCd": ad(p.zip), "TwnNm": ad(p.city), "Ctry": p.c}, "Id": {"PrvtId": {"DtAndPlcOfBirth": {"BirthDt": bd(p.dob.isoformat())}}}, "CtctDtls": {"EmailAdr": em(p.email), "MobNb": ph("+%s-%s" % (p.dial, p.nsn.replace(" ", "")))}}, "DbtrAcct": {"Id": {"IBAN": ib(v.iban(p.c))}},
        "DbtrAgt": {"FinInstnId": {"BICFI": "DEUTDEFFXXX", "Nm": "Deutsche Bank AG"}}, "Cdtr": {"Nm": pn(q.shown), "PstlAdr": {"Ctry": q.c, "AdrLine": [ad(q.street), ad(q.zip + " " + q.city)]}}, "CdtrAcct": {"Id": {"IBAN": ib(v.iban(q.c))}}, "RmtInf": {"Ustrd": ["INVOICE 2026-0" + v.dig(4)]}}]}}}


@with_pii
def swift_mt103_text():
    "SWIFT MT103 block 4 in a string: :50K: and :59: with account, name, address lines"
    p, q = v.Person(pick(["DE", "FR", "NL"])), v.Person(pick(["ES", "IT", "GB"]))
    a = lambda x: "/%s\r\n%s\r\n%s\r\n%s %s" % (v.iban(x.c), v.ascii_(x.latin, True).upper(), x.street.upper(), x.zip, x.city.upper())
    s = "{4:\r\n:20:FT26%s\r\n:23B:CRED\r\n:32A:260311EUR1250,00\r\n:50K:%s\r\n:59:%s\r\n:70:/RFB/INV %s\r\n:71A:SHA\r\n-}" % (v.dig(10), a(p), a(q), v.dig(6))
    return o({"mt|message type": "103", "sender bic|sender": "COBADEFFXXX", "receiver bic|receiver": "BSCHESMMXXX", "uetr": v.uid(), "raw|fin|text|block4": P(s, "iban", "person_name", "address"), "ack": True})


@with_pii
def soap_attributes():
    "SOAP envelope in a string: person in XML attributes and CDATA"
    p = v.latin()
    d = v.born(p.dob)
    s = "<soapenv:Envelope xmlns:soapenv=\"http://schemas.xmlsoap.org/soap/envelope/\"><soapenv:Body><cust:UpdateCustomer id=\"%s\"><cust:Person firstName=\"%s\" surname=\"%s\" dob=\"%s\"/><cust:Contact><![CDATA[%s]]></cust:Contact><cust:Phone kind=\"MOBILE\">%s</cust:Phone></cust:UpdateCustomer></soapenv:Body></soapenv:Envelope>" % (
        v.dig(8), escape(p.given, {'"': "&quot;"}), escape(p.family), d, p.email, p.phone)
    return o({"service": "CustomerService", "operation|soap action": "UpdateCustomer", "duration ms|elapsed": R.randint(3, 900), "request|request xml|soap request": P(s, "person_name", "birth_date", "email", "phone"), "response": "<soapenv:Envelope><soapenv:Body><UpdateCustomerResponse><code>0</code></UpdateCustomerResponse></soapenv:Body></soapenv:Envelope>"})


@with_pii
def edi_x12_834():
    "X12 834 enrolment segments in a string: NM1, N3, N4, DMG, PER"
    p = v.Person("US")
    s = "ST*834*0001~BGN*00*12456*20260311*0800****2~INS*Y*18*021*28*A***FT~REF*0F*%s~NM1*IL*1*%s*%s*A***34*%s~PER*IP**HP*%s*EM*%s~N3*%s~N4*%s*ID*%s~DMG*D8*%s*F~HD*021**HLT~SE*11*0001~" % (
        v.dig(9), p.family.upper(), p.given.upper(), p.nid().replace("-", ""), p.nsn.replace(" ", ""), p.email.upper(), p.street.upper(), p.city.upper(), p.zip, p.dob.strftime("%Y%m%d"))
    return {"interchangeControlNumber": v.dig(9), "transactionSet": "834", "partner": "ACME-HEALTH", pick(["segments", "ediContent", "payload"]): P(s, "person_name", "address", "birth_date", "ssn", "phone", "email")}


@with_pii
def airline_pnr():
    "Airline PNR: names as FAMILY/GIVEN MR, SSR DOCS with passport and birth date, contact remarks, flights"
    p = v.latin()
    fam, giv = v.ascii_(p.lfamily, True).upper().replace(" ", ""), v.ascii_(p.lgiven, True).upper().replace(" ", "")
    mon = p.dob.strftime("%d") + v.MON["en"][p.dob.month - 1].upper()
    return o({"record locator|pnr|locator": v.alnum(6, "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"), "names|name element|passengers": [pn(pick(["1.1%s/%s MR", "%s/%s MRS", "%s/%s MSTR"]) % (fam, giv))],
              "ssr": [P("SSR DOCS LH HK1/P/%s/%s/%s/%s%s/M/14APR31/%s/%s" % (p.c, passport(p.c), p.c, mon, p.dob.strftime("%y"), fam, giv), "passport", "birth_date", "person_name"), ph("SSR CTCM LH HK1/" + p.e164[1:]), em("SSR CTCE LH HK1/" + p.email.upper().replace("@", "//").replace("_", "..")), "SSR VGML LH HK1"],
              "segments|itinerary": [o({"flight": "LH 0%s" % v.dig(3), "from": "FRA", "to": "JFK", "dep": "2026-07-1%sT10:35" % v.dig(1), "status": "HK1", "class": "Y", "equipment": "A346"})], "ticket number|etkt": "220-" + v.dig(10), "office id": "FRALH0980"})


@with_pii
def hl7_v2_message():
    "HL7 v2 ADT in a string: PID with carets, birth date without separators, SSN, NK1"
    p, q = v.Person("US"), v.Person("US")
    s = "MSH|^~\\&|EPIC|MERCY|LAB|MERCY|202603110944||ADT^A04|%s|P|2.5.1\rPID|1||%s^^^MERCY^MR||%s^%s^A||%s|F|||%s^^%s^^%s||(%s)%s|||M||||%s\rNK1|1|%s^%s|SPO\rPV1|1|O|CLINIC^12^3" % (
        v.dig(8), v.dig(7), p.family.upper(), p.given.upper(), p.dob.strftime("%Y%m%d"), p.street.upper(), p.city.upper(), p.zip, p.nsn[:3], p.nsn[4:].replace(" ", "-"), p.nid(), q.family.upper(), q.given.upper())
    return {"channel": "ADT_IN", "controlId": v.dig(8), "status": "AA", pick(["message", "raw", "hl7", "er7"]): P(s, "person_name", "birth_date", "address", "phone", "ssn")}


@with_pii
def vcard_string():
    "vCard in a string, of CardDAV or a QR code: FN, N, TEL, ADR, BDAY"
    p = v.latin()
    ls = ["BEGIN:VCARD", "VERSION:3.0", "FN:" + p.name, "N:%s;%s;;;" % (p.family, p.given), "TEL;TYPE=CELL:" + p.abroad, "EMAIL;TYPE=INTERNET:" + p.email, "ADR;TYPE=HOME:;;%s;%s;;%s;%s" % (p.street.replace(",", "\\,"), p.city, p.zip, p.c), "BDAY:" + p.dob.strftime(pick(["%Y-%m-%d", "%Y%m%d"])), "REV:20260311T094402Z", "END:VCARD"]
    return o({"etag": "\"%s\"" % v.hexa(16), "href": "/addressbooks/%s.vcf" % v.uid(), "address data|vcf|vcard|qr payload": P("\r\n".join(ls), "person_name", "phone", "email", "address", "birth_date")})


@with_pii
def ical_attendees():
    "iCalendar event in a string: ATTENDEE;CN=…:mailto:…"
    p, q = v.latin(), v.latin()
    s = "BEGIN:VEVENT\r\nUID:%s@google.com\r\nDTSTAMP:20260311T094402Z\r\nORGANIZER;CN=\"%s\":mailto:%s\r\nATTENDEE;ROLE=REQ-PARTICIPANT;PARTSTAT=ACCEPTED;CN=%s:mailto:%s\r\nSUMMARY:Branch appointment\r\nLOCATION:Room 4.12\r\nEND:VEVENT" % (v.alnum(26).lower(), p.name, p.email, q.name, q.email)
    return {"calendarId": "branch-" + v.dig(4), "sequence": R.randint(0, 5), pick(["ics", "icalendar", "data"]): P(s, "person_name", "email"), "reminders": {"useDefault": True}}


LABELS = [["Nombre y apellidos", "Número de tarjeta", "Caducidad", "Correo electrónico", "Teléfono móvil", "Domicilio", "Fecha de nacimiento"], ["Nom du titulaire", "N° de carte", "Date d'expiration", "Courriel", "Tél. portable", "Adresse postale", "Né(e) le"],
          ["Karteninhaber", "Kartennummer", "Gültig bis", "E-Mail-Adresse", "Handynummer", "Anschrift", "Geburtsdatum"], ["Naam kaarthouder", "Kaartnummer", "Vervaldatum", "E-mailadres", "Mobiel nummer", "Woonadres", "Geboortedatum"],
          ["Cardholder", "Card #", "Exp. date", "E-mail", "Mobile no.", "Home addr.", "D.O.B."], ["Titolare della carta", "Numero carta", "Scadenza carta", "Posta elettronica", "Cellulare", "Indirizzo di residenza", "Data di nascita"],
          ["Posiadacz karty", "Numer karty", "Data ważności", "Adres e-mail", "Telefon komórkowy", "Adres zamieszkania", "Data urodzenia"], ["Kortinnehavare", "Kortnummer", "Giltigt t.o.m.", "E-post", "Mobilnr", "Bostadsadress", "Födelsedatum"],
          ["Держатель карты", "Номер карты", "Срок действия", "Электронная почта", "Мобильный телефон", "Адрес проживания", "Дата рождения"], ["カード名義人", "カード番号", "有効期限", "メールアドレス", "携帯電話番号", "住所", "生年月日"],
          ["持卡人姓名", "卡号", "有效期", "电子邮箱", "手机号码", "联系地址", "出生日期"], ["اسم حامل البطاقة", "رقم البطاقة", "تاريخ انتهاء البطاقة", "البريد الإلكتروني", "رقم الجوال", "عنوان السكن", "تاريخ الميلاد"],
          ["카드 소유자명", "카드번호", "유효기간", "이메일", "휴대폰 번호", "자택 주소", "생년월일"], ["Κάτοχος κάρτας", "Αριθμός κάρτας", "Ημερομηνία λήξης", "Ηλ. ταχυδρομείο", "Κινητό τηλέφωνο", "Διεύθυνση κατοικίας", "Ημερομηνία γέννησης"],
          ["שם בעל הכרטיס", "מספר כרטיס", "תוקף", "דואר אלקטרוני", "טלפון נייד", "כתובת מגורים", "תאריך לידה"], ["ชื่อผู้ถือบัตร", "หมายเลขบัตร", "วันหมดอายุ", "อีเมล", "เบอร์มือถือ", "ที่อยู่", "วันเกิด"],
          ["कार्डधारक का नाम", "कार्ड नंबर", "वैधता", "ईमेल", "मोबाइल नंबर", "पता", "जन्म तिथि"], ["Kart sahibi", "Kart numarası", "Son kullanma tarihi", "E-posta", "Cep telefonu", "Ev adresi", "Doğum tarihi"],
          ["Držitel karty", "Číslo karty", "Platnost do", "E-mailová adresa", "Mobil", "Bydliště", "Datum narození"], ["Kártyabirtokos neve", "Kártyaszám", "Lejárat", "E-mail cím", "Mobilszám", "Lakcím", "Születési dátum"], ["Titular do cartão", "Número do cartão", "Validade do cartão", "E-mail", "Celular", "Endereço residencial", "Data de nascimento"],
          ["Kortinhaver", "Kortnummer", "Udløbsdato", "E-mailadresse", "Mobilnummer", "Bopæl", "Fødselsdato"], ["Kortin haltija", "Kortin numero", "Voimassaolo päättyy", "Sähköposti", "Matkapuhelin", "Kotiosoite", "Syntymäaika"], ["Власник картки", "Номер картки", "Термін дії", "Ел. пошта", "Мобільний", "Адреса проживання", "Дата народження"]]
LANG = ["ES", "FR", "DE", "NL", "US", "IT", "PL", "SE", "RU", "JP", "CN", "AE", "KR", "GR", "IL", "TH", "IN", "TR", "CZ", "HU", "BR", "DK", "FI", "UA"]


def form(i):
    p = v.Person(LANG[i])
    vals = [pn(p.shown), pa(v.pan_any()), ex(v.expiry()), em(p.email), ph(p.phone), ad(p.line), dob(p)]
    return [x for x in zip(LABELS[i], vals)]


@with_pii
def label_value_pairs():
    "Form as an array of {label, value} pairs in many languages"
    i = R.randrange(len(LABELS))
    a, b = pick([("label", "value"), ("question", "answer"), ("key", "val"), ("caption", "text"), ("fieldLabel", "fieldValue"), ("n", "v"), ("libelle", "valeur"), ("Bezeichnung", "Wert"), ("name", "content")])
    rows = R.sample(form(i), 5)
    return {"formId": "F-" + v.dig(5), "locale": "xx", "fields": [{"order": j, a: l, b: x, "required": True} for j, (l, x) in enumerate(rows)] + [{"order": 9, a: "Newsletter", b: "no", "required": False}]}


@with_pii
def nested_pair_arrays():
    "The same as two-element arrays, or as a list of one-name objects"
    rows = R.sample(form(R.randrange(len(LABELS))), 5)
    return {pick(["entries", "data", "pares", "rows"]): [[l, x] for l, x in rows] if R.random() < .6 else [{l: x} for l, x in rows], "v": 2, "checksum": v.hexa(8)}


@with_pii
def foreign_names_of_fields():
    "Flat and nested documents with names of fields in other scripts and languages"
    rows = form(R.randrange(len(LABELS)))
    d = dict(R.sample(rows, 6))
    return pick([lambda: d, lambda: {"id": v.uid(), "payload": d, "status": "OK"}, lambda: {"form": {"page1": dict(list(d.items())[:3]), "page2": dict(list(d.items())[3:])}, "submitted": v.stamp()}])()


@with_pii
def columns_and_rows():
    "Query result: names of columns apart from rows (columns/rows, BigQuery schema + f/v, Snowflake rowType)"
    ps = [v.latin() for _ in range(R.randint(2, 3))]
    cols = [pick(["CUST_NAME", "holder", "full_name", "CLIENT_NM"]), pick(["pan", "CARD_NUM", "card_no"]), pick(["exp", "EXPIRY", "exp_dt"]), pick(["email_addr", "E_MAIL"]), pick(["street_addr", "ADDRESS_1"]), pick(["dob", "BIRTHDATE"]), "STATUS", "LAST_SEEN", "ORDER_CNT"]
    rows = [[pn(p.name), pa(v.pan_any(True)), ex(v.expiry()), em(p.email), ad(p.street), bd(p.dob.isoformat()), "ACTIVE", v.iso(), R.randint(0, 90)] for p in ps]
    return pick([lambda: {"columns": cols, "rows": rows, "rowCount": len(rows)}, lambda: {"schema": {"fields": [{"name": c, "type": "STRING", "mode": "NULLABLE"} for c in cols]}, "rows": [{"f": [{"v": x} for x in r]} for r in rows], "totalRows": str(len(rows)), "jobComplete": True},
                 lambda: {"resultSetMetaData": {"rowType": [{"name": c, "type": "text", "length": 16777216} for c in cols]}, "data": rows, "statementHandle": v.uid()}, lambda: {"head": cols, "table": {"cells": rows}}, lambda: {"data": [cols] + rows}, lambda: {"columnar": {c: [r[i] for r in rows] for i, c in enumerate(cols)}}])()


@with_pii
def debezium_change():
    "Debezium change: before/after with prefixed columns, source block"
    p, q = v.with_nid(), v.Person()
    pre = pick(["", "c_", "cust_", "usr_", "t01_"])
    row = lambda x, n: {pre + "id": 1004, pre + "fname": pn(x.given), pre + "lname": pn(x.family), pre + "email": em(x.email), pre + "msisdn": ph(x.e164[1:] if R.random() < .3 else x.e164), pre + "addr1": ad(x.street), pre + "town": ad(x.city), pre + "dob": bd(p.dob.isoformat()), pre + "natl_id": n, pre + "seg": "GOLD"}
    n = nid(p)
    return {"op": "u", "ts_ms": v.epoch() * 1000, "before": row(p, n) if R.random() < .7 else None, "after": row(q, n), "source": {"version": "2.5.0.Final", "connector": "postgresql", "name": "dbserver1", "db": "cards", "schema": "public", "table": "customers", "txId": R.randint(500, 99999), "lsn": int(v.dig(11, "2")), "xmin": None}, "transaction": None}


@with_pii
def wal2json_change():
    "wal2json: columnnames / columntypes / columnvalues as parallel arrays, oldkeys"
    p = v.latin()
    names, types = ["id", "holder_name", "card_number", "expiry_date", "email", "street", "city", "born_on", "created_at", "is_active"], ["bigint", "text", "text", "text", "text", "text", "text", "date", "timestamp", "boolean"]
    vals = [R.randint(1, 9999), pn(p.name), pa(v.pan_any(True)), ex(v.expiry()), em(p.email), ad(p.street), ad(p.city), bd(p.dob.isoformat()), "2026-03-11 09:44:02", True]
    return {"xid": R.randint(500, 99999), "nextlsn": "0/16%s" % v.hexa(5).upper(), "timestamp": v.iso(), "change": [{"kind": pick(["insert", "update"]), "schema": "public", "table": "cards", "columnnames": names, "columntypes": types, "columnvalues": vals, "oldkeys": {"keynames": ["id"], "keytypes": ["bigint"], "keyvalues": [R.randint(1, 9999)]}}]}


@with_pii
def dynamodb_or_firestore():
    "Typed values: DynamoDB {S}/{N}/{M}, Firestore stringValue/mapValue, protobuf Struct"
    p = v.with_nid()
    if R.random() < .5:
        return {"eventName": "MODIFY", "awsRegion": "eu-west-1", "dynamodb": {"ApproximateCreationDateTime": v.epoch(), "SequenceNumber": v.dig(24, "1"), "Keys": {"pk": {"S": "CUST#" + v.dig(8)}, "sk": {"S": "PROFILE"}}, "NewImage": {"pan": {"N": pa(v.pan16())}, "emailAddress": {"S": em(p.email)}, "fullName": {"S": pn(p.name)}, "home": {"M": {"street": {"S": ad(p.street)}, "town": {"S": ad(p.city)}}}, "phones": {"L": [{"S": ph(p.abroad)}]}, "phoneSet": {"SS": [ph(p.e164)]}, "dob": {"S": bd(p.dob.isoformat())}, "ttl": {"N": str(v.epoch())}, "active": {"BOOL": True}}}}
    return {"name": "projects/gpsy/databases/(default)/documents/customers/" + v.alnum(20), "fields": {k("display name"): {"stringValue": pn(p.name)}, k("e mail"): {"stringValue": em(p.email)}, k("address"): {"mapValue": {"fields": {k("street line"): {"stringValue": ad(p.street)}, k("city"): {"stringValue": ad(p.city)}}}}, k("card number"): {"stringValue": pa(v.pan_any())}, k(p.nidname): {"stringValue": nid(p)}, k("phones"): {"arrayValue": {"values": [{"stringValue": ph(p.phone)}]}}, k("born"): {"timestampValue": bd(p.dob.isoformat() + "T00:00:00Z")}, k("visits"): {"integerValue": "42"}, k("tier"): {"stringValue": "silver"}}, "createTime": v.iso(), "updateTime": v.iso()}


@with_pii
def mongo_extended_json():
    "MongoDB extended JSON: $date for a birth date, $numberLong for a PAN, $oid ids"
    p = v.latin()
    return {"_id": {"$oid": v.hexa(24)}, "profile": {pick(["dob", "birthDate", "dateOfBirth", "born"]): {"$date": bd(pick([p.dob.isoformat() + "T00:00:00Z", p.dob.isoformat() + "T00:00:00.000Z"]))}, pick(["name", "fullName"]): {"first": pn(p.given), "last": pn(p.family)}, "contact": {"mails": [em(p.email)], "tel": [ph(p.abroad)]}}, "cards": [{pick(["num", "cardNo", "pan", "number"]): {"$numberLong": pa(v.pan16())}, "limit": {"$numberDecimal": "2500.00"}, "addedAt": {"$date": v.iso()}, "seq": {"$numberInt": "3"}}], "rev": {"$numberLong": "17"}, "_class": "com.acme.cards.Customer"}


@with_pii
def graphql_request():
    "GraphQL: arguments written in the query text, or in variables.input"
    p = v.latin()
    if R.random() < .5:
        q = "mutation { addCard(input: {number: \"%s\", holder: \"%s\", cvc: \"%s\", email: \"%s\"}) { id last4 status } }" % (v.pan16(), p.latin, cvv(), p.email)
        return {"operationName": None, "query": P(q, "pan", "person_name", "cvv", "email"), "variables": {}}
    return {"operationName": "AddBeneficiary", "query": "mutation AddBeneficiary($input: BeneficiaryInput!) { addBeneficiary(input: $input) { id iban fullName email phone } }", "variables": {"input": o({"full name|holder|beneficiary name": pn(p.name), "iban|account iban": ib(v.iban_any()), "email|contact email": em(p.email), "street|line1": ad(p.street), "nickname label": "Rent"})}, "extensions": {"persistedQuery": {"version": 1, "sha256Hash": v.hexa(64)}}}


@with_pii
def json_api_document():
    "JSON:API: kebab-case attributes, included people, relationships"
    p, q = v.latin(), v.latin()
    return {"data": {"type": "card-applications", "id": v.dig(6), "attributes": {"applicant-first-name": pn(p.given), "applicant-surname": pn(p.family), "applicant-dob": dob(p), "contact-e-mail": em(p.email), "day-time-phone": ph(p.phone), "residential-address-line-1": ad(p.street), "residential-town": ad(p.city), "product-name": "Platinum Rewards", "name-on-card": pn(p.card), "requested-limit": 5000, "submitted-at": v.iso()}, "relationships": {"joint-applicant": {"data": {"type": "people", "id": v.dig(4)}}}},
            "included": [{"type": "people", "id": v.dig(4), "attributes": {"name": pn(q.name), "preferred-name": pn(q.given), "mobile": ph(q.abroad)}}], "jsonapi": {"version": "1.1"}, "links": {"self": "/card-applications/" + v.dig(6)}}


@with_pii
def hal_links_with_query():
    "HAL with PII in query strings of links (email=…%40…, phone=%2B…), _embedded owner"
    p = v.latin()
    return {"_links": {"self": {"href": "/customers/" + v.dig(7)}, "search": {"href": em("/customers?email=" + quote(p.email, safe=""))}, "notify": {"href": ph("https://sms.gw.internal/send?to=" + quote(p.e164, safe="") + "&tpl=otp_v2")}, "curies": [{"name": "acme", "href": "https://docs.acme.example/rels/{rel}", "templated": True}]}, "_embedded": {"acme:owner": {"givenName": pn(p.given), "familyName": pn(p.family), "residence": ad(p.line)}}, "type": "CUSTOMER", "revision": R.randint(1, 30)}


@with_pii
def logfmt_lines():
    "Array of log lines in logfmt / syslog / bracket styles with card, user, client address"
    p, q = v.west(), v.west()
    ls = [P("ts=2026-03-11T09:44:02Z level=info msg=\"card added\" holder=\"%s\" pan=%s dur=12ms" % (p.latin, v.pan16()), "person_name", "pan"), "ts=2026-03-11T09:44:03Z level=warn msg=\"retrying\" attempt=2 backoff=1.5s shard=7 version=3.12.0.1",
          P("<134>Mar 11 09:44:04 gw01 authz[2211]: LOGIN ok user=%s src=%s port=55231" % (q.email, v.ip4()), "email", "ip"), P("[2026-03-11 09:44:05,113] [http-nio-8080-exec-4] INFO  c.a.c.KycService - applicant [%s], born [%s], verified" % (q.name, q.dob.isoformat()), "person_name", "birth_date"),
          "[GC] 2026-03-11T09:44:05.113+0000: 4411.220: [Full GC 1048576K->524288K(2097152K), 0.4111 secs]", P("sms queued to %s template=otp-4 provider=twilio" % q.e164, "phone"), "commit 9f8e7d6c5b4a3f2e1d0c9b8a7f6e5d4c3b2a1f0e deployed to prod-eu-1 in 184 s"]
    R.shuffle(ls)
    return {pick(["lines", "logs", "tail", "messages"]): ls[:5] if any(isinstance(x, P) for x in ls[:5]) else ls, "host": "gw01", "stream": "stdout"}


@with_pii
def java_tostring():
    "Exception text with toString of objects: Customer(name=…, pan=…, address=Address{street='…'})"
    p = v.latin()
    s = pick([lambda: "Validation failed for Customer(id=%s, firstName=%s, lastName=%s, pan=%s, dob=%s, address=Address{street='%s', city='%s', zip='%s'}, status=NEW)" % (v.dig(5), p.given, p.family, v.pan16(), p.dob.isoformat(), p.street, p.city, p.zip),
              lambda: "System.ArgumentException: CardRequest { HolderName = %s, CardNumber = %s, BirthDate = %s, Street = %s } at Acme.Cards.Api.Add() in /src/Cards.cs:line 118" % (p.latin, v.pan16(), p.dob.isoformat(), p.street),
              lambda: "KeyError in handler: {'name': '%s', 'card': '%s', 'birth_date': datetime.date(%d, %d, %d), 'addr': '%s'}" % (p.latin, v.pan16(), p.dob.year, p.dob.month, p.dob.day, p.street.replace("'", "\\'"))])()
    return {"exception": {"class": "ValidationException", pick(["message", "detailMessage", "reason"]): P(s, "person_name", "pan", "birth_date", "address"), "stackTrace": ["com.acme.cards.CardController.add(CardController.java:118)", "org.springframework.web.servlet.FrameworkServlet.service(FrameworkServlet.java:897)"]}, "traceId": v.hexa(32), "spanId": v.hexa(16), "severity": "ERROR"}


@with_pii
def otel_span():
    "OpenTelemetry span: attributes [{key, value: {stringValue}}] with client address, db.statement with values"
    p = v.latin()
    q = p.name.replace("'", "''")
    at = [("http.method", "POST"), ("http.route", "/v1/cards"), ("client.address", ipa(v.ip())), ("enduser.name", pn(p.name)), ("app.customer.email", em(p.email)), ("db.statement", P("INSERT INTO customers (full_name, email, phone, tier) VALUES ('%s', '%s', '%s', 'GOLD')" % (q, p.email, p.e164), "person_name", "email", "phone")), ("service.version", "4.18.2.1"), ("k8s.pod.name", "cards-api-7d9f8b6c5-x2x9z"), ("app.card.number", pa(v.pan_any()))]
    return {"resourceSpans": [{"resource": {"attributes": [{"key": "service.name", "value": {"stringValue": "cards-api"}}]}, "scopeSpans": [{"scope": {"name": "io.opentelemetry.tomcat-10.0", "version": "2.3.0"}, "spans": [{"traceId": v.hexa(32), "spanId": v.hexa(16), "name": "POST /v1/cards", "kind": 2, "startTimeUnixNano": str(v.epoch()) + "113000000", "attributes": [{"key": a, "value": {"stringValue": b}} for a, b in R.sample(at, 7)] + [{"key": "user.email", "value": {"stringValue": em(p.email)}}, {"key": "http.status_code", "value": {"intValue": "201"}}], "status": {"code": 1}}]}]}]}


@with_pii
def postgres_error():
    "PostgreSQL error details: Key (email)=(…) already exists; bind parameters $1 = '…'"
    p = v.latin()
    x, ks = pick([("Key (email)=(%s) already exists." % p.email, ["email"]), ("Key (card_number)=(%s) is still referenced from table \"auths\"." % v.pan16(), ["pan"]), ("Key (iban, currency)=(%s, EUR) already exists." % v.iban(), ["iban"]),
                  ("parameters: $1 = '%s', $2 = '%s', $3 = '%s', $4 = NULL" % (p.name.replace("'", "''"), p.e164, p.dob.isoformat()), ["person_name", "phone", "birth_date"]), ("Failing row contains (1004, %s, %s, %s, null, 2026-03-11 09:44:02)." % (p.latin, p.email, v.pan16()), ["person_name", "email", "pan"])])
    return o({"sqlstate|code": "23505", "severity": "ERROR", "detail|error detail": P(x, *ks), "message": "duplicate key value violates unique constraint \"customers_email_key\"", "schema name": "public", "table name": "customers", "constraint name": "customers_email_key", "file": "nbtinsert.c", "line": "666", "routine": "_bt_check_unique"})


@with_pii
def json_patch_audit():
    "Audit entries: JSON Patch paths and field/old/new triples — the name of the field is a value beside it"
    p, q = v.with_nid(), v.Person()
    if R.random() < .5:
        ops = [{"op": "replace", "path": "/customer/lastName", "value": pn(q.family)}, {"op": "replace", "path": "/customer/addresses/0/line1", "value": ad(q.street)}, {"op": "add", "path": "/customer/contacts/email", "value": em(q.email)}, {"op": "replace", "path": "/customer/dateOfBirth", "value": bd(p.dob.isoformat())}, {"op": "replace", "path": "/card/status", "value": "SUSPENDED"}, {"op": "add", "path": "/customer/" + k(p.nidname, "camel"), "value": nid(p)}, {"op": "test", "path": "/version", "value": 4}]
        R.shuffle(ops)
        return {"entity": "Customer", "entityId": v.dig(8), "actor": "svc-crm-sync", "at": v.stamp(), "patch": ops}
    f, a, b = pick([("field", "oldValue", "newValue"), ("fieldName", "from", "to"), ("attribute", "before", "after"), ("column", "old", "new")])
    ch = [{f: pick(["Mailing Street", "address_line_1"]), a: ad(p.street), b: ad(q.street)}, {f: pick(["Surname", "last_name"]), a: pn(p.family), b: pn(q.family)}, {f: pick(["Mobile", "phone_number"]), a: ph(p.abroad), b: ph(q.abroad)}, {f: "kyc_status", a: "PENDING", b: "VERIFIED"}, {f: "email", a: em(p.email), b: em(q.email)}, {f: "credit_limit", a: "1000", b: "2500"}]
    return o({"audit id": v.uid(), "object type": "CUSTOMER", "changed at": v.stamp(), "performed by": o({"user id": "u" + v.dig(5), "display name|full name": pn(q.latin)}), "changes": ch, "correlation id": v.uid()})


@with_pii
def csv_in_json():
    "CSV file content in a string: semicolons, quotes, header in German/French/English"
    ps = [v.Person(pick(["DE", "AT", "FR", "GB", "US"])) for _ in range(3)]
    h = pick(["Name;Kartennummer;Gültig bis;E-Mail;Straße;Ort", "nom;numero_carte;expiration;courriel;rue;ville", "\"Cardholder\",\"PAN\",\"Exp\",\"Email\",\"Street\",\"City\"", "name\tcard\texpiry\temail\tstreet\tcity"])
    sep = ";" if ";" in h else "," if "," in h else "\t"
    q = (lambda s: '"%s"' % s) if sep == "," else (lambda s: s)
    body = "\n".join([h] + [sep.join(q(x) for x in (p.name, v.pan16(), "%02d/%d" % (R.randint(1, 12), R.randint(27, 33)), p.email, p.street.replace(";", ","), p.city)) for p in ps])
    return {"fileName": "emboss_2026%s.csv" % v.dig(4), "contentType": "text/csv", "size": len(body), pick(["content", "body", "csv", "fileData"]): P(body, "person_name", "pan", "expiry", "email", "address"), "md5": v.hexa(32)}


@with_pii
def pipe_settlement_file():
    "Clearing file as an array of pipe-separated lines: header, details with PAN and name, trailer with totals"
    ps = [v.latin() for _ in range(2)]
    ls = ["H|ACQ00417|20260311|0001|EUR"] + [pick([lambda p: P("D|%s|%s|%s|%s|9" % (v.dig(6), v.pan16(), p.card.replace("/", " "), v.dig(7)), "pan", "person_name"), lambda p: P("D|%s|%s|%s|000000012300|978" % (v.pan16(), p.card.replace("/", " "), v.dig(12)), "pan", "person_name")])(p) for p in ps] + ["T|0000002|0000000000024600|" + v.hexa(8).upper()]
    return {"file": "CLR.26070.TXT", pick(["lines", "records", "rows"]): ls, "hashTotal": v.notcard(16, "1279")}


@with_pii
def form_encoded_checkout():
    "Hosted payment page post: form-encoded in a string, card with + or %20 between groups, or 3DS fields"
    p = v.west()
    f = [(pick(["cardnumber", "cc_num", "CARDNO", "vads_card_number"]), v.grouped(v.pan16()) if R.random() < .6 else v.pan16()), (pick(["CN", "cc_owner", "holder"]), p.latin), (pick(["cvc", "CVC", "cc_cvv"]), cvv()), ("amount", "1999"), ("PSPID", "HARPERLOWE"), ("orderID", "STD" + v.dig(6)), (pick(["EMAIL", "email"]), p.email), (pick(["owneraddress", "addr1"]), p.street), ("SHASIGN", v.hexa(40).upper())]
    R.shuffle(f)
    return o({"http method": "POST", "uri|path": "/ncol/prod/orderdirect.asp", "request body|body|form": P(urlencode(f, quote_via=pick([quote, quote_plus])), "pan", "person_name", "cvv", "email", "address"), "status": 302})


@with_pii
def json_in_string_twice():
    "JSON in a string, in a string again (SNS in SQS, EventBridge detail): quotes escaped twice"
    p = v.with_nid()
    inner = json.dumps(o({"full name|customer name|holder": p.name, "mobile|phone number": p.abroad, "address|street address|home address": p.line, "dob|birth date|date of birth": p.dob.isoformat(), "card number|pan": v.pan16(), "event": "CARD_ISSUED"}), ensure_ascii=R.random() < .5)
    ks = ["person_name", "phone", "address", "birth_date", "pan"]
    s = json.dumps({"Type": "Notification", "MessageId": v.uid(), "TopicArn": "arn:aws:sns:eu-west-1:000000000000:cards", "Message": inner, "SignatureVersion": "1"})
    return {"Records": [{"messageId": v.uid(), "receiptHandle": v.b64(40), "body": P(s if R.random() < .7 else inner, *ks), "attributes": {"ApproximateReceiveCount": "1", "SentTimestamp": str(v.epoch() * 1000)}, "eventSource": "aws:sqs"}]}


@with_pii
def saml_and_oidc_claims():
    "Claims: SAML attributes with URIs as names, OIDC userinfo with address.formatted, LDAP entry"
    p = v.latin()
    x = R.random()
    if x < .34:
        c = "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/"
        return {"assertionId": "_" + v.hexa(32), "issuer": "https://sts.windows.net/" + v.uid() + "/", "attributes": [{"Name": c + "emailaddress", "Value": em(p.email)}, {"Name": c + "givenname", "Value": pn(p.given)}, {"Name": c + "surname", "Value": pn(p.family)}, {"Name": c + "mobilephone", "Value": ph(p.e164)}, {"Name": c + "streetaddress", "Value": ad(p.street)}, {"Name": "http://schemas.microsoft.com/identity/claims/tenantid", "Value": v.uid()}, {"Name": c + "dateofbirth", "Value": bd(p.dob.isoformat())}], "notOnOrAfter": v.iso()}
    if x < .67:
        return {"sub": v.hexa(24), "name": pn(p.name), "given_name": pn(p.given), "family_name": pn(p.family), "birthdate": bd(p.dob.isoformat()), "email": em(p.email), "email_verified": True, "phone_number": ph(p.e164), "phone_number_verified": False, "address": {"formatted": ad("\n".join(x for x in (p.street, (p.zip + " " + p.city).strip()) if x)), "street_address": ad(p.street), "locality": ad(p.city), "country": p.c}, "zoneinfo": "America/Los_Angeles", "locale": "en-US", "updated_at": v.epoch(), "picture": "https://cdn.acme.example/avatars/%s@2x.png" % v.hexa(8), "amr": ["pwd", "otp"]}
    return {"dn": pn("CN=%s,OU=Fraud Ops,OU=Users,DC=acme,DC=local" % p.latin), "objectClass": ["top", "person", "organizationalPerson"], "cn": [pn(p.latin)], "sn": [pn(p.family)], "givenName": [pn(p.given)], "mail": [em(p.email)], "homePhone": [ph(p.phone)], "homePostalAddress": [ad(" $ ".join(x for x in (p.street, p.city, p.zip) if x))], "l": ["HQ"], "title": ["Senior Fraud Analyst"], "department": ["Fraud Operations"], "userAccountControl": ["512"], "whenCreated": ["20240311094402.0Z"]}


@with_pii
def http_forward_headers():
    "HTTP request record: X-Forwarded-For lists, Forwarded for=\"[v6]:port\", access-log lines, CF-Connecting-IP"
    a, b, c = v.ip4(), v.ip6(), v.ip4()
    h = {"Host": "api.acme-cards.example", "User-Agent": pick(v.UA), pick(["X-Forwarded-For", "x-forwarded-for"]): ipa(pick([a, a + ", " + c, b])), "Forwarded": ipa(pick(["for=\"[%s]:4711\";proto=https" % b, "for=%s;proto=http;by=_lb7" % a])), pick(["CF-Connecting-IP", "True-Client-IP", "X-Real-IP", "fastly-client-ip"]): ipa(a), "If-None-Match": "\"%s\"" % v.hexa(32), "X-Request-Id": v.uid(), "X-App-Version": "7.3.0.1182", "Accept-Language": "de-DE,de;q=0.9"}
    return pick([lambda: {"request": {"headers": h, "url": "/v2/tokens"}}, lambda: {"req": {"rawHeaders": [z for kv in h.items() for z in kv], "remotePort": 55231}}, lambda: {"headers": [{"name": n, "value": x} for n, x in h.items()]},
                 lambda: {"log": ipa("%s - - [11/Mar/2026:09:44:02 +0000] \"GET /v2/tokens/%s HTTP/2.0\" 200 512 \"-\" \"okhttp/4.12.0\"" % (pick([a, b]), v.hexa(16))), "fields": {"app": "nginx", "version": "1.25.3"}}, lambda: {"peer": ipa("%s:%d" % (a, R.randint(1025, 65000))), "sni": "api.acme-cards.example", "tls": "TLSv1.3"}])()
