"""Names of fields, texts and look-alikes of generate_fifth.py."""
import json
import re

import fifth_values as v
from fifth_numbers import (R, aba, b64, bank_account, dpan, expiry, expiry_text, fmt, hexes, iban, masked, no_luhn,
                           pan, pick, run, ssn, track1, track2, upper, uuid)
from marked import P, plain


class S:
    style, without = None, False


def inside(node, write=lambda n: json.dumps(n, ensure_ascii=False)):
    """The document as text in one value, which has all its labels."""
    labels = []
    made = plain(node, "$", labels)
    return P(write(made), *dict.fromkeys(kind for _, kind in labels))


STYLES = [lambda w: w[0] + "".join(x.capitalize() for x in w[1:]),
          lambda w: w[0] + "".join(x.capitalize() for x in w[1:]),
          "_".join, "_".join, "-".join, lambda w: "".join(x.capitalize() for x in w),
          lambda w: " ".join(x.capitalize() for x in w),
          lambda w: "_".join(w).upper(), lambda w: " ".join(w).capitalize(),
          lambda w: "_".join(x.capitalize() for x in w)]

# concept: detector, maker, names
FIELDS = {
    "pan": ("pan", lambda p: pan(),
            "card number|primary account number|pan|fpan|funding pan|cc number|card no|credit card number|cc num|"
            "payment card number|full card number|debit card no|card nbr|plastic number|clear pan|card num|crd no"),
    "dpan": ("device_pan", lambda p: dpan(),
             "dpan|device pan|device account number|token pan|digitized card number|dan"),
    "expiry": ("expiry", lambda p: expiry(),
               "expiry|expiration date|exp date|valid thru|card expiry|expiry date|exp|good thru|"
               "card exp|expiration|exp dt|card valid until"),
    "cvv": ("cvv", lambda p: run(3),
            "cvv|cvc|cvv2|cvc2|security code|card security code|csc|card verification code|card cvc|cvn"),
    "pin": ("pin", lambda p: run(4), "pin|card pin|new pin|pin code|clear pin"),
    "pinblock": ("pin", lambda p: hexes(16).upper(), "pin block|encrypted pin block|pin data|pinblk"),
    "track2": ("track", lambda p: track2(), "track2|track 2 data|track two equivalent|trk2|magstripe track2"),
    "track1": ("track", lambda p: track1(p), "track1|track 1 data|trk1|magstripe track1"),
    "cryptogram": ("cryptogram", lambda p: pick([lambda: b64(20), lambda: hexes(16).upper()])(),
                   "cryptogram|cavv|tavv|payment cryptogram|arqc|application cryptogram|online payment cryptogram|aav"),
    "iban": ("iban", lambda p: iban(p.country),
             "iban|account iban|beneficiary iban|payout iban|bank iban|creditor iban|iban number|"
             "settlement iban|iban nr|refund iban"),
    "account": ("account", lambda p: bank_account(),
                "account number|bank account number|acct no|account no|bank acct nbr|"
                "beneficiary account number|deposit account number|acct number|bank account no"),
    "aba": ("aba_routing", lambda p: aba(),
            "routing number|aba|aba routing number|routing transit number|rtn|bank routing no|ach routing"),
    "email": ("email", lambda p: p.email,
              "email|email address|e mail|contact email|mail|user email|email addr|primary email|eml|"
              "email id|notification email|login email"),
    "phone": ("phone", lambda p: pick([p.abroad, p.home]),
              "phone|mobile|phone number|msisdn|tel|cell|mobile no|contact phone|"
              "telephone|mobile phone|cell phone|phone no|daytime phone|tel no|whatsapp|contact number|ph"),
    "phone_e164": ("phone", lambda p: re.sub("^00", "+", re.sub(r"[^+\d]", "", p.abroad)),
                   "msisdn|calling number|called party|a number|"
                   "phone e164|caller id|subscriber number|mobile e164|destination msisdn"),
    "full": ("person_name", lambda p: pick([p.full, p.full, p.full.upper()]),
             "full name|name|cardholder name|account holder|customer name|"
             "holder name|beneficiary name|name on card|contact name|client name|display name|legal name|person name|"
             "holder"),
    "given": ("person_name", lambda p: p.given,
              "first name|given name|fname|forename|name first|first nm|givenname|name given"),
    "family": ("person_name", lambda p: p.family,
               "last name|surname|family name|lname|name last|last nm|familyname|name family"),
    "street": ("address", lambda p: p.street,
               "street|address line 1|street address|addr1|line1|address1|road and number|street line|"
               "address street|home street"),
    "city": ("address", lambda p: p.city, "city|town|locality|post town|city name|address city|home city|municipality"),
    "zip": ("address", lambda p: p.zip,
            "zip|postal code|postcode|zip code|post code|postalcode|address zip|zip postal"),
    "address": ("address", lambda p: p.address,
                "address|full address|home address|residential address|mailing address|billing address|"
                "address full|registered address of holder|delivery address|postal address"),
    "birth": ("birth_date", lambda p: pick([p.birth, p.birth, p.birth_local, p.birth.replace("-", "")]),
              "date of birth|dob|birth date|birthday|born on|birth dt|date birth|d o b"),
    "passport": ("passport", lambda p: v.passport(),
                 "passport number|passport no|passport|travel document number|passport nbr|ppt no"),
    "licence": ("driving_licence", lambda p: v.driving_licence(),
                "driving licence number|driver license|dl number|drivers license no|"
                "licence no driver|driver licence number"),
    "mrn": ("medical_record", lambda p: pick(["MRN", "", "H-", "PT"]) + no_luhn(8),
            "mrn|medical record number|patient record number|"
            "med rec no|hospital record no|chart number"),
    "ip": ("ip", lambda p: v.ip(),
           "ip|ip address|client ip|remote addr|source ip|ip addr|user ip|x forwarded for|origin ip|src ip|"
           "customer ip|login ip|peer ip"),
    "mac": ("mac", lambda p: v.mac(), "mac|mac address|wifi mac|bluetooth address|hw addr|bt mac|wlan mac"),
    "imei": ("imei", lambda p: v.imei(), "imei|device imei|imei number|imei1|handset imei"),
    "vin": ("vin", lambda p: v.vin(), "vin|vehicle identification number|chassis number|vin code|vehicle vin|frame no"),
    "owner": ("device_owner", lambda p: pick(["%s's iPhone", "%s's Galaxy Watch", "iPhone de %s", "%s’s iPad",
                                              "iPhone von %s"])
              % p.given, "device name|device label|friendly device name|device friendly name"),
    "jwt": ("jwt", lambda p: v.jwt(), "access token|id token|jwt|bearer token|assertion|session jwt|refresh jwt"),
    "key": ("private_key", lambda p: v.private_key(), "private key|signing key pem|tls key|private key pem|ssh key"),
    "secret": ("api_secret", lambda p: v.api_secret(),
               "api key|api secret|client secret|secret key|webhook secret|hmac secret|app secret"),
    "password": ("password", lambda p: v.password(),
                 "password|passwd|db password|smtp password|user password|pwd|passphrase"),
    "btc": ("btc_address", lambda p: v.btc(),
            "btc address|bitcoin address|withdrawal address|wallet address|payout address|crypto address"),
    "eth": ("eth_address", lambda p: v.eth(),
            "eth address|ethereum address|withdrawal address|wallet address|erc20 address|crypto address"),
}


def style(words):
    return S.style(words.split(" "))


def value(concept, p):
    kind, make, _ = FIELDS[concept]
    return P(make(p), kind)


def key(concept):
    words = pick(FIELDS[concept][2].split("|"))
    if R.random() < 0.12 and concept in ("pan", "email", "phone", "ip", "iban", "birth", "street", "city", "zip",
                                         "given", "family"):
        words = pick(["customer %s", "primary %s", "%s raw", "%s value", "payer %s", "%s 1", "old %s"]) % words
    return style(words)


def f(p, concepts):
    """Fields of the person: concepts by name, `id` for a national id."""
    made = {}
    for concept in concepts.split():
        if concept.endswith("?"):
            if R.random() < 0.5:
                continue
            concept = concept[:-1]
        if concept == "id":
            kind, make, names = p.ids()
            name, item = style(pick(names.split("|"))), P(make(), kind)
        elif concept == "names":
            made.update(f(p, pick(["full", "given family", "given family"])))
            continue
        elif concept == "place":
            made.update(f(p, pick(["address", "street city zip", "street city zip"])))
            continue
        else:
            name, item = key(concept), value(concept, p)
        while name in made:
            name = key(concept) if concept != "id" else name + "2"
        made[name] = item
    return made


def o(*parts):
    """Joins parts, writing the names that are words in the document's style; `=name` stays."""
    made = {}
    for part in parts:
        for name, item in part.items():
            name = name[1:] if name[0] == "=" else style(name) if re.fullmatch("[a-z0-9 ]+", name) else name
            if name not in made:
                made[name] = item
            else:
                made[name + "_2"] = item
    return made


def day():
    return "%d-%02d-%02d" % (R.randint(2023, 2027), R.randint(1, 12), R.randint(1, 28))


def stamp():
    return day() + "T%02d:%02d:%02d" % (R.randint(0, 23), R.randint(0, 59),
                                        R.randint(0, 59)) + pick(["Z", ".%sZ" % run(3), "+02:00"])


def amount():
    return "%d.%s" % (R.randint(1, 9999), run(2))


def ean():
    body = "40" + run(10)
    return body + str(-sum(int(c) * (1, 3)[i % 2] for i, c in enumerate(body)) % 10)


def isbn():
    body = "978" + run(9)
    m = body + str(-sum(int(c) * (1, 3)[i % 2] for i, c in enumerate(body)) % 10)
    return "978-%s-%s-%s-%s" % (m[3], m[4:7], m[7:12], m[12])


ORGS = ["Kestrel Outfitters Ltd", "Papeterie du Canal SARL", "Blauwe Reiger B.V.", "Nordhafen Logistik GmbH",
        "Tienda Faro S.L.",
        "Copper Kettle Cafe", "Orchid & Pine Hotels", "Lumen Parking", "Zielony Sklep Sp. z o.o.",
        "Meridian Grocers Inc"]
ITEMS = ["Boston Desk Lamp", "Vienna Roast 500 g", "Oxford Shirt, slim", "Berlin Sneaker 42", "Milano Espresso Set",
         "Cheddar 400 g",
         "USB-C cable 2 m", "Panama Hat M", "Havana Rug 160x230", "Dublin Tweed Cap"]

DECOYS = {
    "order number|order no|order id|po number": lambda: pick(["", "ORD-", "#"]) + no_luhn(10),
    "tracking number|shipment tracking|parcel no": lambda: pick(["1Z%s" % (upper(3) + no_luhn(13)), "RR%sDE" % run(9),
        "JD0%s" % no_luhn(16)]),
    "invoice number|invoice no|bill no": lambda: pick(["INV-%s", "%s", "RE%s"]) % no_luhn(9),
    "isbn|isbn13": isbn, "ean|gtin|barcode": ean,
    "created at|updated at|last modified|received at|ts": stamp,
    "created epoch ms|event time ms|ts ms": lambda: 1790000000000 + R.randint(0, 9 ** 10),
    "window|time range|slot|maintenance window": lambda: "%sT%02d:00/%02d:30" % (day(), R.randint(1, 9),
        R.randint(10, 23)),
    "opening hours|business hours": lambda: pick(["08:30-17:45", "09:00–18:00", "Mo-Fr 10-19"]),
    "amount|total|net amount|txn amt": lambda: pick([amount(), "EUR " + amount(), amount() + " USD", "£" + amount()]),
    "amount minor|minor units": lambda: R.randint(100, 999999),
    "version|app version|sdk version|firmware version": lambda: pick(
        ["%d.%d.%d" % (R.randint(1, 30), R.randint(0, 20), R.randint(0, 99)),
         "10.0.%d.%d" % (R.randint(19000, 26000), R.randint(1000, 4000)), "v2.14.0-rc3"]),
    "sha256|digest|content hash": lambda: hexes(64), "md5|etag|checksum": lambda: hexes(32),
    "commit|git sha|build commit": lambda: hexes(40),
    "request id|correlation id|event id|message id": uuid, "trace id|otel trace": lambda: hexes(32),
    "span id|parent span": lambda: hexes(16),
    "part number|article no|sku|item code": lambda: fmt("@@-####-##@"),
    "atm coordinates|atm position|store geo": lambda: "%.5f, %.5f" % (R.uniform(36, 59), R.uniform(-8, 28)),
    "batch id|file id|settlement batch": lambda: pick(["BATCH-%s", "STL%s", "%s"]) % no_luhn(12),
    "masked pan|card masked|card display": masked,
    "last four|last4|card suffix": lambda: run(4), "bin|iin|issuer bin|bin range start": lambda: run(pick([6, 8]),
        pick("45")),
    "token reference|token unique reference|token ref id": lambda: "DNITHE" + hexes(30).upper(),
    "error code|response code|reason code|rc": lambda: pick(
        ["05", "51", "E-40031", "4853", "10.4", "ERR_TIMEOUT", "AC-01"]),
    "rate|percentage|fee pct|utilisation": lambda: "%d.%s%%" % (R.randint(0, 99), run(2)),
    "flight number|flight|flight no": lambda: fmt("KX %###"),
    "product|item|product name|article name": lambda: pick(ITEMS),
    "merchant name|company|vendor|acquirer name": lambda: pick(ORGS),
    "lsn|wal position|log sequence number": lambda: "%X/%s" % (R.randint(1, 255), hexes(8).upper()),
    "partition offset|offset": lambda: R.randint(10 ** 8, 10 ** 10),
    "arn|acquirer reference number": lambda: no_luhn(23, "7"),
    "rrn of transaction|retrieval reference": lambda: no_luhn(12), "stan|system trace": lambda: run(6),
    "auth code|approval code": lambda: fmt("##@##@"), "mcc|merchant category": lambda: pick(["5411", "5812", "7995",
        "4111"]), "terminal id|tid": lambda: "T" + run(7),
    "url|documentation|help link": lambda: "https://docs.example.com/v%s/errors#%s" % (run(1), run(4)),
    "user agent|ua": lambda: pick(
        ["okhttp/4.12.0", "Mozilla/5.0 (X11; Linux x86_64; rv:131.0) Gecko/20100101 Firefox/131.0",
         "PostmanRuntime/7.39.1"]),
    "is verified|email verified|phone verified": lambda: pick(["true", "false"]),
    "avs result|cvv result|cvc check": lambda: pick(["Y", "N", "M", "pass"]),
    "session expires at|coupon expiry|certificate expiry": stamp, "currency|ccy": lambda: pick(["EUR", "978", "JPY"]),
    "duration ms|latency": lambda: R.randint(1, 9000),
    "card product|product code": lambda: pick(["VISA_CLASSIC", "MCW", "Gold Cashback 2.0"]),
    "locale|language": lambda: pick(["de-AT", "pt_BR", "ja"]),
    "image|container image": lambda: "registry.example.net/pay/gw@sha256:" + hexes(64),
    "package|dependency": lambda: "@kestrel/ui-kit@%d.4.%d" % (R.randint(1, 9), R.randint(0, 30)),
    "phone field label|address format|name format": lambda: pick(["digits_only", "street_first", "given_family"]),
    "size|dimensions": lambda: pick(["120x60x75 mm", "4 x 250 ml"])}


def lookalikes(least=2, most=6):
    made = {}
    for names in R.sample(sorted(DECOYS), R.randint(least, most)):
        made[pick(names.split("|"))] = DECOYS[names]()
    return o(made)


PLAIN_TEXTS = ["Order {order} left the warehouse on {date}.", "We charged {amount} at {time} and reversed it {date}.",
               "Ticket {ticket} was merged.",
               "Die Rechnung {order} über {amount} ist offen.", "Le colis {track} est en retard.",
               "El pedido {order} se entrega entre 10:00 y 14:30.",
               "Fatura {order} ödendi.", "注文番号 {order} は発送済みです。", "订单 {order} 已退款 {amount}。",
               "Zamówienie {order} z {date} anulowano.",
               "O pedido {order} custou {amount}.", "Card ending {last4} was declined with code 05.",
               "Build 4.18.2 fixes the timeout after 3000 ms.",
               "Flight {flight} boards at {time}, gate B12.", "Terminal T{n6} needs firmware 3.2.0.1-beta.",
               "Rate is now 3.75% for amounts above {amount}."]

PII_TEXTS = ["Call me back on {phone} after {time}.", "my number is {phone}, thanks",
             "Please send the receipt to {email}.", "I paid with {pan} exp {exp}.",
             "Customer read out card {pan}, CVV {cvv}.", "Refund to IBAN {iban} please.",
             "Bitte überweisen Sie auf {iban}.", "Meine Handynummer lautet {phone}.",
             "Mein Name ist {full}, geboren am {birth}.", "Mon numéro de carte est le {pan}.",
             "Vous pouvez me joindre au {phone} ou à {email}.",
             "Mi correo es {email} y mi teléfono {phone}.", "Vivo en {address}.", "Wohnhaft in {address}.",
             "O meu IBAN é {iban}.", "Meu celular: {phone}",
             "Mój telefon to {phone}.", "Proszę o przelew na {iban}.", "Kart numaram {pan}.",
             "E-posta adresim {email}.", "電話番号は {phone} です。",
             "メールは {email} までお願いします。", "我的手机号是 {phone}。", "卡号 {pan} 被盗刷。", "Login from {ip} was blocked.",
             "caller {full} verified by date of birth {birth}",
             "Spoke to {full} about the declined payment.", "New address: {address}", "SSN on file {ssn}, confirmed.",
             "passport no. {passport} was accepted",
             "Il mio numero è {phone}.", "Mijn rekeningnummer is {iban}.", "client {ip} hit the rate limit",
             "Dear {full},", "Regards, {full}"]


def text(p=None, least=1, most=3, plain_most=2):
    """Sentences about the person (none without one) among others."""
    sentences = R.sample(PII_TEXTS, R.randint(least, most)) if p else []
    sentences += R.sample(PLAIN_TEXTS, R.randint(0 if p else 1, plain_most if p else 3))
    R.shuffle(sentences)
    found = []

    def fill(m):
        name = m.group(1)
        neutral = {"order": lambda: no_luhn(9), "date": day, "amount": lambda: "EUR " + amount(),
                   "time": lambda: "%02d:%02d" % (R.randint(7, 21), R.randint(0, 59)),
                   "ticket": lambda: "CS-" + no_luhn(6), "track": lambda: "1Z" + upper(3) + no_luhn(13),
                   "last4": lambda: run(4), "flight": lambda: fmt("KX%##"),
                   "n6": lambda: run(6)}
        if name in neutral:
            return neutral[name]()
        kind, make = {"exp": ("expiry", lambda _: expiry_text()), "ssn": ("ssn",
            lambda _: ssn())}.get(name) or FIELDS[name][:2]
        made = make(p) if name not in ("full", "birth") else p.full if name == "full" else pick([p.birth,
            p.birth_local])
        found.append(kind)
        return made
    made = pick([" ", " ", "\n"]).join(re.sub(r"\{(\w+)\}", fill, x) for x in sentences)
    return P(made, *dict.fromkeys(found)) if found else made


LANGS = {
    "DE": dict(root="kunde|kontoinhaber|antragsteller", given="vorname|rufname", family="nachname|familienname",
               street="strasse|straße_hausnr|anschrift_strasse", city="ort|wohnort|stadt",
               zip="plz|postleitzahl", birth="geburtsdatum|geb_datum|gebdat",
               phone="telefon|handynummer|mobilnummer|tel_privat", email="e_mail_adresse|mailadresse|email",
               iban="iban|kontonummer_iban",
               pan="kartennummer|kreditkartennummer|karten_nr",
               expiry="gültig_bis_karte|ablaufdatum_karte|verfallsdatum_karte"),
    "FR": dict(root="client|titulaire|demandeur", given="prenom|prénom", family="nom_de_famille|nomFamille|nom",
               street="adresse|rue|adresse_ligne1", city="ville|commune", zip="code_postal|codePostal|cp",
               birth="date_naissance|dateDeNaissance|ne_le", phone="telephone|tel_portable|numeroMobile",
               email="courriel|adresse_mail|mail", iban="iban|iban_titulaire",
               pan="numero_carte|numéro_de_carte|noCarte", expiry="date_expiration_carte|fin_validite_carte"),
    "ES": dict(root="cliente|titular|solicitante", given="nombre|primer_nombre|nombrePila",
               family="apellidos|primer_apellido", street="direccion|calle|domicilio",
               city="ciudad|poblacion|localidad",
               zip="codigo_postal|cod_postal|cp", birth="fecha_nacimiento|fechaNac|f_nacimiento",
               phone="telefono|movil|telefonoContacto", email="correo|correo_electronico", iban="iban|cuenta_iban",
               pan="numero_tarjeta|nro_tarjeta|numTarjeta", expiry="caducidad_tarjeta|fecha_caducidad_tarjeta"),
    "BR": dict(root="cliente|portador|beneficiario", given="nome|primeiroNome", family="sobrenome|ultimo_nome",
               street="endereco|logradouro|rua", city="cidade|municipio", zip="cep|codigo_cep",
               birth="data_nascimento|dtNascimento|nascimento", phone="telefone|celular|fone", email="email|e_mail",
               iban="iban", pan="numero_cartao|num_cartao|nrCartao", expiry="validade_cartao|vencimento_cartao"),
    "PL": dict(root="klient|posiadacz|wnioskodawca", given="imie|imię", family="nazwisko",
               street="ulica|adres|ulica_i_numer", city="miasto|miejscowosc", zip="kod_pocztowy|kodPocztowy",
               birth="data_urodzenia|dataUrodzenia", phone="telefon|nr_telefonu|numer_komorki",
               email="email|adres_email", iban="iban|nr_rachunku_iban", pan="numer_karty|nr_karty",
               expiry="data_waznosci_karty|waznosc_karty"),
    "TR": dict(root="musteri|kart_sahibi|başvuran", given="ad|isim", family="soyad|soyadi",
               street="adres|acik_adres|cadde", city="sehir|il", zip="posta_kodu|postaKodu",
               birth="dogum_tarihi|doğumTarihi",
               phone="cep_tel|telefon|gsm_no", email="eposta|e_posta_adresi", iban="iban|iban_no",
               pan="kart_numarasi|kart_no", expiry="son_kullanma_tarihi|skt_kart"),
    "JP": dict(root="顧客|会員|申込者", given="名|名前", family="姓|苗字", street="住所|番地", city="市区町村|都市", zip="郵便番号",
               birth="生年月日|誕生日", phone="電話番号|携帯電話|連絡先電話", email="メールアドレス|メール",
               iban="iban", pan="カード番号|クレジットカード番号", expiry="カード有効期限|カードの有効期限"),
    "CN": dict(root="客户|持卡人|申请人", given="名|名字", family="姓|姓氏", street="地址|街道|详细地址", city="城市|所在城市", zip="邮编|邮政编码",
               birth="出生日期|生日", phone="手机号|联系电话|手机号码", email="邮箱|电子邮件",
               iban="iban", pan="卡号|银行卡号", expiry="卡有效期|卡片有效期"),
    "IT": dict(root="cliente|intestatario", given="nome|nome_proprio", family="cognome", street="indirizzo|via",
               city="citta|comune", zip="cap|codice_postale", birth="data_nascita|dataDiNascita",
               phone="cellulare|telefono|recapito_tel",
               email="posta_elettronica|email", iban="iban|coordinate_iban", pan="numero_carta|num_carta",
               expiry="scadenza_carta|data_scadenza_carta"),
    "SE": dict(root="kund|sökande", given="förnamn|fornamn", family="efternamn", street="gatuadress|adress",
               city="postort|ort", zip="postnummer|postnr", birth="födelsedatum|fodelsedatum",
               phone="mobilnummer|telefonnummer",
               email="epost|e_postadress", iban="iban", pan="kortnummer|kortnr",
               expiry="giltigt_till_kort|kortets_giltighetstid"),
    "KR": dict(root="고객|회원", given="이름", family="성", street="주소|도로명주소", city="도시|시군구", zip="우편번호", birth="생년월일",
               phone="전화번호|휴대폰번호", email="이메일|이메일주소", iban="iban", pan="카드번호", expiry="카드유효기간|카드만료일"),
    "BG": dict(root="клиент|картодържател", given="име|собствено_име", family="фамилия|фамилно_име",
               street="адрес|улица", city="град|населено_място", zip="пощенски_код",
               birth="дата_на_раждане|рождена_дата", phone="телефон|мобилен_телефон",
               email="имейл|електронна_поща", iban="iban|сметка_iban", pan="номер_на_карта",
               expiry="валидност_на_картата")}
