"""People, devices, papers and secrets of generate_fifth.py."""
import base64
import hashlib
import json

from fifth_numbers import IDS, R, alnum, b64, born, fmt, hexes, luhn_digit, pick, run, upper

# country: given|family|streets|city and code|phones abroad|phones at home
PEOPLE = {
    "US": ("Delia Marcus Tamika Wade", "Hargrove Lindqvist Okafor Pruitt",
           "4417 Alder Creek Rd|208 W Juniper Ave Apt 5C",
           "Boise;83702|Savannah;31401", "+1 208 %##-####|+1208%######|+1 (912) %##-####",
           "(208) %##-####|912-%##-####"),
    "CA": ("Noor Elodie Grant", "Tremblay Sandhu Beaulieu", "72 Maple Hollow Cres|1180 Rue Sherbrooke O",
           "Halifax;B3H 4R2|Regina;S4P 3Y2", "+1 902 %##-####|+1-306-%##-####", "(902) %##-####"),
    "GB": ("Imogen Callum Priya", "Ashworth Pettigrew Lal", "14 Thistle Row|Flat 3, 88 Quarry Lane",
           "Leeds;LS6 2QD|Exeter;EX4 6NB",
           "+44 7700 9#####|+4477009#####|0044 7700 9#####", "07700 9#####|0113 496 0###"),
    "IE": ("Aoife Cormac", "Gallagher Brennan", "9 Bóthar na Trá|31 Harbour View", "Galway;H91 E2K3|Cork;T12 W8KP",
           "+353 85 %## ####|+35385%######", "085 %## ####"),
    "DE": ("Jörg Annika Wiebke Ulrich", "Schäfer Brandstätter Kühn Vogel",
           "Ahornweg 17|Lindenstraße 4b|Am Alten Markt 12",
           "Bremen;28195|Rostock;18055", "+49 151 %#######|+49151%#######|0049 421 %######",
           "0151 %#######|0421/%######"),
    "AT": ("Leopold Sieglinde", "Hofstätter Wimmer", "Mariengasse 21/7|Kirchplatz 3", "Graz;8010|Linz;4020",
           "+43 664 %######|+43664%######", "0664 %######"),
    "CH": ("Reto Ursina", "Zürcher Ammann", "Bahnhofstrasse 55|Chemin du Lac 8", "Chur;7000|Vevey;1800",
           "+41 79 %## ## ##|+4179%######", "079 %## ## ##"),
    "FR": ("Élodie Thibault Maëlys", "Lefèvre Charpentier Garnier", "12 rue des Lilas|3 bis avenue Jean Jaurès",
           "Rennes;35000|Nîmes;30900", "+33 6 %# ## ## ##|+336%#######|0033 6 %# ## ## ##",
           "06 %# ## ## ##|06.%#.##.##.##"),
    "BE": ("Wout Lotte", "Vandenbroucke Claes", "Kerkstraat 61|Rue du Moulin 19", "Gent;9000|Namur;5000",
           "+32 470 %# ## ##|+32470%#####", "0470 %# ## ##"),
    "NL": ("Sjoerd Femke", "van der Linden Hoekstra", "Prinsengracht 263-2|Molenweg 8",
           "Groningen;9711 LM|Breda;4811 XC",
           "+31 6 %#######|+316%#######", "06-%#######|06 %#######"),
    "ES": ("Íñigo Lucía Rocío", "Echeverría Quintana Salgado", "Calle del Olmo 23, 2º B|Avda. de la Constitución 7",
           "Oviedo;33003|Cádiz;11005", "+34 612 ### ###|+34612######", "612 ### ###|985 ### ###"),
    "MX": ("Ximena Rodrigo", "Villaseñor Cárdenas", "Av. Reforma 1502 Int. 4|Calle Hidalgo 88",
           "Puebla;72000|Mérida;97000",
           "+52 55 %### ####|+5255%#######", "55 %### ####"),
    "CL": ("Matías Javiera", "Sepúlveda Araya", "Pasaje Los Aromos 431|Av. Libertad 980",
           "Temuco;4780000|La Serena;1700000",
           "+56 9 %### ####|+569%#######", "9 %### ####"),
    "PT": ("Inês Tiago", "Figueiredo Marques", "Rua das Flores 88, 1.º Esq|Largo do Carmo 2",
           "Braga;4700-320|Évora;7000-645",
           "+351 912 ### ###|+351912######", "912 ### ###"),
    "BR": ("Thaís Caio", "Nogueira Bittencourt", "Rua dos Andradas, 455, apto 31|Av. Paulista, 1200",
           "Curitiba;80010-010|Recife;50030-230",
           "+55 41 9%###-####|+55419%#######", "(41) 9%###-####"),
    "PL": ("Łukasz Grażyna", "Wiśniewska Dąbrowski", "ul. Kwiatowa 5/12|al. Niepodległości 44 m. 3",
           "Gdańsk;80-264|Łódź;90-001",
           "+48 512 ### ###|+48512######", "512 ### ###|512-###-###"),
    "CZ": ("Zdeněk Božena", "Dvořáková Čermák", "Na Příkopě 14|Husova 221/8", "Brno;602 00|Plzeň;301 00",
           "+420 601 ### ###", "601 ### ###"),
    "RO": ("Ionuț Ștefania", "Munteanu Drăgulescu", "Str. Zorilor nr. 8, bl. C2, ap. 14|Bd. Unirii 19",
           "Iași;700028|Cluj-Napoca;400117",
           "+40 721 ### ###|+40721######", "0721 ### ###"),
    "HR": ("Dražen Željka", "Šimunović Babić", "Ilica 144|Vukovarska 9", "Osijek;31000|Zadar;23000", "+385 91 %## ####",
           "091 %## ####"),
    "EE": ("Maarja Tõnu", "Kivistik Põld", "Riia mnt 24-6|Pargi tn 3", "Tartu;51010|Pärnu;80010",
           "+372 5%## ####|+3725######", "5%## ####"),
    "SE": ("Åsa Göran", "Sjöberg Lindström", "Storgatan 12 B|Björkvägen 7", "Umeå;903 26|Växjö;352 30",
           "+46 70 %## ## ##|+4670%######",
           "070-%## ## ##"),
    "NO": ("Øyvind Ingrid", "Haugen Sørlie", "Fjellveien 31|Storgata 2A", "Bodø;8006|Stavanger;4006",
           "+47 412 ## ###|+47412#####", "412 ## ###"),
    "DK": ("Søren Mette", "Nørgaard Kjær", "Vestergade 48, 2. tv.|Åboulevarden 5", "Aarhus;8000|Odense;5000",
           "+45 20 ## ## ##|+4520######",
           "20 ## ## ##"),
    "FI": ("Päivi Jukka", "Hämäläinen Koskela", "Mannerheimintie 40 B 12|Koivukuja 3", "Oulu;90100|Turku;20100",
           "+358 40 %######", "040 %######"),
    "IT": ("Ginevra Niccolò", "Bellucci De Santis", "Via Garibaldi 27|Piazza San Marco 4, int. 2",
           "Bari;70121|Trento;38122",
           "+39 347 %######|+39347%######", "347 %######"),
    "TR": ("Gülşen Çağrı", "Yıldırım Özdemir", "Atatürk Cad. No: 112 D: 5|Lale Sok. 8", "Bursa;16010|İzmir;35210",
           "+90 532 %## ## ##|+90532%######", "0532 %## ## ##"),
    "GR": ("Ελένη Νίκος", "Παπαδοπούλου Καραγιάννης", "Οδός Ερμού 38|Λεωφόρος Νίκης 15", "Πάτρα;262 21|Βόλος;382 21",
           "+30 694 ### ####|+30694#######", "694 ### ####"),
    "BG": ("Десислава Кирил", "Стоянова Димитров", "ул. Шипка 24, ет. 3|бул. Витоша 91", "Пловдив;4000|Варна;9000",
           "+359 88 %## ####", "088 %## ####"),
    "IL": ("נועה איתן", "לוי מזרחי", "רחוב הרצל 45|שדרות בן גוריון 12", "חיפה;3303142|רחובות;7632104",
           "+972 52-###-####", "052-###-####"),
    "AE": ("فاطمة خالد", "المنصوري الحمادي", "شارع الكورنيش، فيلا 18|شارع الوحدة 204", "الشارقة;26133|العين;15551",
           "+971 50 %## ####", "050 %## ####"),
    "IN": ("अनन्या रोहित", "कुलकर्णी मिश्रा", "14/2 महात्मा गांधी मार्ग|फ्लैट 302, शांति नगर",
           "पुणे;411004|जयपुर;302001",
           "+91 98### #####|+9198########", "098### #####|98########"),
    "TH": ("สุชาดา ณัฐพล", "วงศ์สวัสดิ์ แก้วมณี", "88/12 ถนนสุขุมวิท|45 ซอยลาดพร้าว 18",
           "เชียงใหม่;50200|ขอนแก่น;40000", "+66 81 %## ####", "081 %## ####"),
    "JP": ("美咲 健太 陽子", "渡辺 小野寺 藤井", "桜丘町3-14-7|本町2丁目8番5号 コーポ山田203", "仙台市青葉区;980-0811|札幌市中央区;060-0042",
           "+81 90-%###-####|+8190%#######", "090-%###-####"),
    "CN": ("晓明 思雨 建国", "欧阳 陈 赵", "建设路88号3单元502室|人民中路126号", "成都市;610041|广州市;510030", "+86 138 #### ####|+86138########",
           "138########|138 #### ####"),
    "KR": ("서연 민준", "김 박", "세종대로 110, 302호|해운대로 77", "대전광역시;35242|부산광역시;48094", "+82 10-%###-####", "010-%###-####"),
    "SG": ("Wei Ling Hafiz", "Tan Rahman", "Blk 221 Bishan St 23 #08-115|7 Jalan Kembang",
           "Singapore;570221|Singapore;569933", "+65 9### ####", "9### ####"),
    "ZA": ("Thandiwe Pieter", "Mokoena Botha", "23 Protea Street|5 Kloof Nek Road", "Durban;4001|Polokwane;0699",
           "+27 82 %## ####", "082 %## ####")}

DOMAINS = ["example.com", "example.org", "mail.example.net", "nordlicht-post.de", "bramblemail.co.uk", "correo-azul.es",
           "tremolo-mail.com", "poczta-lesna.pl", "lettre-bleue.fr", "kestrel-inbox.io", "hikari-mail.jp"]
FOLD = str.maketrans("áàâäãåæçćčéèêëěíìîïıłñńóòôöõøőśšşșťțúùûüýźżžğąęÁÅÇÉÍÖØÓŁŚŠŞȘÜŽŻÎ",
                     "aaaaaaacccee" + "eeeiiiiilnnooooooossssttuuuuyzzzgaeAACEIOOOLSSSSUZZI")


class Person:
    def __init__(self, country=None):
        self.country = country or pick(sorted(PEOPLE))
        given, family, streets, places, abroad, home = PEOPLE[self.country]
        self.given = pick(["Wei Ling", "Hafiz"]) if self.country == "SG" else pick(given.split(" "))
        self.family = {"van": "van der Linden", "der": "van der Linden", "Linden": "van der Linden", "De": "De Santis",
                       "Santis": "De Santis"}.get(last := pick(family.split(" ")), last)
        latin = self.given[0] < "\u0250"
        east = self.country in ("JP", "CN", "KR")
        self.full = (self.family + (" " if self.country == "JP" and R.random() < 0.5 else "") + self.given if east
                     else self.given + " " + self.family)
        self.street, (self.city, self.zip) = pick(streets.split("|")), pick(places.split("|")).split(";")
        self.abroad, self.home = fmt(pick(abroad.split("|"))), fmt(pick(home.split("|")))
        self.address = (self.zip + " " + self.city + self.street if east else
                        "%s, %s %s" % (self.street, self.city, self.zip) if self.country in ("US", "GB", "CA", "IE",
                            "SG", "IN")
                        else "%s, %s %s" % (self.street, self.zip, self.city))
        self.ascii_given = self.given.translate(FOLD) if latin else pick(["Mina", "Kenji", "Nikos", "Noa"])
        self.ascii_family = self.family.translate(FOLD).replace("ß", "ss") if latin else pick(["Tanaka", "Petrov",
            "Levi"])
        if not (self.ascii_given + self.ascii_family).isascii():
            self.ascii_given, self.ascii_family = "Tomas", "Lindt"
        a, b = self.ascii_given.lower().replace(" ", ""), self.ascii_family.lower().replace(" ", "")
        self.email = pick(["%s.%s" % (a, b), "%s_%s%s" % (a, b, run(2)), a[0] + b, "%s+shop" % b]) + "@" + pick(DOMAINS)
        y, m, d = born()
        self.birth = "%d-%02d-%02d" % (y, m, d)
        self.birth_local = pick(["%02d.%02d.%d", "%02d/%02d/%d", "%02d-%02d-%d"]) % (d, m, y)

    def ids(self):
        return pick(IDS.get(self.country) or IDS[pick(sorted(IDS))])


# ---- devices, papers, secrets

def ip():
    if R.random() < 0.3:
        return pick(["2a02:%s:%s::%s", "2001:4%s:%s:0:0:0:0:%s"]) % (hexes(3), hexes(4), hexes(2).replace("0", "a"))
    return "%d.%d.%d.%d" % (pick([41, 62, 77, 81, 94, 109, 151, 178, 185, 203, 212]), R.randint(0, 255),
                            R.randint(0, 255), R.randint(1, 254))


def mac():
    return pick([":", "-"]).join(hexes(2) for _ in range(6)).upper()


def imei():
    body = run(14, "35")
    return body + luhn_digit(body)


def vin():
    body = pick(["WVW", "1HG", "YV1", "VF3",
                 "ZFA"]) + "".join(pick("ABCDEFGHJKLMNPRSTUVWXYZ123456789") for _ in range(5))
    tail = pick("LMNPRST") + upper(1) + run(6)
    values = dict(zip("ABCDEFGHJKLMNPRSTUVWXYZ", [1, 2, 3, 4, 5, 6, 7, 8, 1, 2, 3, 4, 5, 7, 9, 2, 3, 4, 5, 6, 7, 8, 9]))
    total = sum((int(c) if c.isdigit() else values[c]) * w
                for c, w in zip(body + "0" + tail, (8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2)))
    return body + ("X" if total % 11 == 10 else str(total % 11)) + tail


def passport():
    return fmt(pick(["@#######", "@@#######", "C########", "#########"]))


def driving_licence():
    return pick([lambda: "%s%s%s%s" % (pick(["ASHWO", "PETTI"]), run(6, "7"), upper(2), fmt("#@@")),
                 lambda: fmt("@#######"),
                 lambda: fmt("@###-####-####"), lambda: fmt("B072@@@####")])()


def jwt():
    def part(x):
        return base64.urlsafe_b64encode(json.dumps(x).encode()).decode().rstrip("=")
    return "%s.%s.%s" % (part({"alg": pick(["RS256", "HS256", "ES256"]), "typ": "JWT"}),
                         part({"sub": hexes(12), "exp": 1798000000}),
                         base64.urlsafe_b64encode(R.randbytes(32)).decode().rstrip("="))


def private_key():
    kind = pick(["RSA PRIVATE KEY", "EC PRIVATE KEY", "PRIVATE KEY"])
    return "-----BEGIN %s-----\n%s\n-----END %s-----\n" % (kind, "\n".join(b64(48) for _ in range(3)), kind)


def api_secret():
    return pick([lambda: "sk_" + "live_" + alnum(24), lambda: "whsec_" + alnum(32), lambda: alnum(40),
                 lambda: hexes(64), lambda: b64(32)])()


def password():
    return pick(["Quokka!", "herbst_Wind", "p4ssT!", "Żubr#", "moonlit-Gravel-"]) + run(3) + pick(["", "$x", "Kq"])


B58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"


def btc():
    raw = pick([b"\0", b"\5"]) + R.randbytes(20)
    raw += hashlib.sha256(hashlib.sha256(raw).digest()).digest()[:4]
    n, made = int.from_bytes(raw, "big"), ""
    while n:
        n, rest = divmod(n, 58)
        made = B58[rest] + made
    return "1" * (len(raw) - len(raw.lstrip(b"\0"))) + made


def eth():
    return "0x" + hexes(40)
