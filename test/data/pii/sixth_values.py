"""Values of the sixth set: people of many countries, dates, addresses of machines."""
import datetime
import re
import string

from sixth_numbers import *  # noqa: F401,F403
from sixth_numbers import R, alnum, dig, hexa, pick, uid


# ---------------------------------------------------------------- people: given, family, streets (# is a house number), (city, zip), dial code, mobile
L = {
    "US": ("Latoya|Brandon|Kaitlyn|Dwayne|Marisol|Trevor|Shanice|Cody", "Hutchinson|Delgado|McAllister|Washington|Novak|O'Donnell|Brewster|Fitzgerald", "#### Cottonwood Ct|## E Sycamore St Apt ##|#### County Road ##|### NE 42nd Ave Unit #", "Boise:83704|Tulsa:74120|Chattanooga:37402|Albuquerque:87106-2214", "1", "208 4## ####|415 7## ####|918 6## ####|423 3## ####"),
    "GB": ("Alistair|Gemma|Nigel|Siobhan|Imogen|Callum|Rhys|Harriet", "Thistlewood|Pemberton|Okonkwo|Llewellyn|Ashworth|Blackburn|Patel-Hughes", "Flat #, ## Marlborough Road|## Church Lane|The Old Rectory, Mill Hill|##A Gloucester Terrace", "Leeds:LS6 2QR|Norwich:NR2 3TX|Cardiff:CF10 4UW|London:SE22 8HF", "44", "7911 ######|7452 ######|20 79## ####"),
    "IE": ("Aoife|Cormac|Saoirse|Eoghan", "Ó Briain|Gallagher|Ní Chonaill|Brennan", "## Dún Laoghaire Road|# Seaview Terrace", "Galway:H91 E2K3|Cork:T12 X8N6", "353", "86 ### ####|87 ### ####"),
    "DE": ("Jürgen|Anneliese|Torsten|Käthe|Swantje|Dieter|Mareike|Heinz-Georg", "Schönfeld|von der Heide|Großmann|Kowalczyk|Özdemir|Brüggemann|Lüttgen", "Lindenallee ##a|Kaiser-Wilhelm-Str. ##|Am Alten Markt #|Schloßgasse ##, Hinterhaus", "Wuppertal:42103|Görlitz:02826|Tübingen:72070|Hamburg:22765", "49", "151 2#######|176 8#######|40 3######"),
    "AT": ("Leopold|Reinhilde|Severin", "Hinterleitner|Pichler|Wögerbauer", "Mariahilfer Gürtel ##/#/##|Schillerplatz #", "Linz:4020|Graz:8010", "43", "664 #######|676 #######"),
    "CH": ("Beat|Ursina|Reto|Laurence", "Zurbriggen|Aebischer|Bianchi|Rochat", "Seefeldstrasse ##|Chemin des Vignes #", "Winterthur:8400|Lausanne:1006", "41", "79 ### ## ##|76 ### ## ##"),
    "FR": ("Thibault|Océane|Jean-Baptiste|Ségolène|Yannick|Maëlys|Anne-Laure", "Lefebvre|de La Tour|Nguyen|Béranger|Le Goff|N'Diaye|Chauvin", "## bis rue des Tilleuls|#, allée Claude-Monet, Bât. B|## avenue du Maréchal-Foch|# impasse du Moulin", "Villeurbanne:69100|Quimper:29000|Aix-en-Provence:13090|Paris:75019", "33", "6 ## ## ## ##|7 ## ## ## ##|1 4# ## ## ##"),
    "BE": ("Joris|Ann-Sophie|Thijs", "Vandenbroucke|Dupont|De Smedt", "Groenstraat ## bus #|Rue Haute ##", "Gent:9000|Namur:5000", "32", "475 ## ## ##|486 ## ## ##"),
    "NL": ("Sjoerd|Marijke|Femke|Bram", "van den Heuvel|de Vries|Hoekstra|'t Hart", "Prinsengracht ###-#|Dorpsstraat ##", "Utrecht:3512 JE|Leeuwarden:8911 AC", "31", "6 ########|6 ########"),
    "ES": ("Íñigo|María del Carmen|Joaquín|Nuria|Xavi|Begoña", "Echeverría Ruiz|Castaño|García-Lorca Peña|Puig i Ferrer|Montoya", "C/ Mayor ##, 3º izq.|Avda. de la Constitución ###|Plaza del Olivar #, bajo B", "Zaragoza:50001|Alicante:03002|Donostia:20004", "34", "6## ### ###|91# ### ###"),
    "PT": ("Rui|Conceição|Gonçalo|Inês", "Figueiredo|Magalhães|dos Santos|Abrantes", "Rua das Flores, ##, 2.º Esq.|Av. da Liberdade ###", "Coimbra:3000-150|Braga:4700-030", "351", "91# ### ###|96# ### ###"),
    "BR": ("Thiago|Jussara|Wellington|Luciene", "Albuquerque|do Nascimento|Teixeira|Cavalcanti", "Rua Sete de Setembro, ### - Apto ##|Alameda Santos, ####", "Recife:50030-230|Curitiba:80010-000", "55", "81 9#### ####|41 9#### ####"),
    "IT": ("Ginevra|Calogero|Ludovica|Piergiorgio", "D'Alessandro|Lo Presti|Quattrocchi|De Santis", "Via Garibaldi, ##|Corso Vittorio Emanuele II ###|Piazza del Duomo, #", "Bari:70121|Bergamo:24122|Roma:00185", "39", "347 #######|333 ### ####"),
    "PL": ("Wojciech|Małgorzata|Zdzisław|Agnieszka", "Wiśniewska|Szczepański|Grzybowski|Dąbrowska", "ul. Świętojańska ##/#|al. Jana Pawła II ##", "Łódź:90-001|Gdynia:81-372", "48", "601 ### ###|512 ### ###"),
    "CZ": ("Vojtěch|Ludmila|Zbyněk", "Dvořáček|Novotná|Řezníčková", "Na Příkopě ###/##|Husova ##", "Brno:602 00|Plzeň:301 00", "420", "602 ### ###|777 ### ###"),
    "HU": ("Gergő|Zsófia|Szabolcs", "Kovács-Szűcs|Horváth|Fekete", "Kossuth Lajos utca ##. II/#|Petőfi tér #.", "Debrecen:4024|Szeged:6720", "36", "30 ### ####|20 ### ####"),
    "RO": ("Ștefan|Ruxandra|Dumitru", "Constantinescu|Țurcanu|Popa", "Str. Mihai Eminescu nr. ##, bl. A#, ap. ##", "Iași:700028|Cluj-Napoca:400015", "40", "722 ### ###|745 ### ###"),
    "HR": ("Hrvoje|Željka", "Kovačević|Babić-Horvat", "Ulica kralja Zvonimira ##", "Split:21000|Osijek:31000", "385", "91 ### ####|98 ### ###"),
    "SE": ("Göran|Linnéa|Åsa|Torbjörn", "Sjöström|Bergqvist|Hägglund|Lindkvist", "Storgatan ## lgh 1#02|Björkvägen #B", "Umeå:903 26|Malmö:211 34", "46", "70 ### ## ##|73 ### ## ##"),
    "NO": ("Sigrid|Øyvind|Ragnhild", "Kvam|Bjørnstad|Haugen", "Kirkegata ## B|Fjellveien #", "Trondheim:7011|Bergen:5003", "47", "412 ## ###|92# ## ###"),
    "DK": ("Søren|Birgitte|Jeppe", "Østergaard|Møller Jensen|Kjær", "Nørrebrogade ##, 3. tv.|Havnevej #", "Aarhus C:8000|Odense:5000", "45", "20 ## ## ##|31 ## ## ##"),
    "FI": ("Päivi|Juhani|Aino", "Mäkeläinen|Koskinen|Väisänen", "Hämeenkatu ## A #|Rantatie #", "Tampere:33100|Oulu:90100", "358", "40 ### ####|50 ### ####"),
    "EE": ("Kadri|Tõnu", "Tamm|Põldmäe", "Pikk ##-#", "Tartu:51003|Pärnu:80010", "372", "5### ####|5## ####"),
    "LT": ("Gintarė|Vytautas", "Kazlauskienė|Žukauskas", "Laisvės al. ##-#", "Kaunas:LT-44280|Klaipėda:LT-91234", "370", "612 #####|686 #####"),
    "TR": ("Çağla|Emre|Nurgül|Oğuz", "Yıldırım|Karaoğlu|Şimşek", "Atatürk Cad. No:## D:#|Bağdat Sokak ##/#", "İzmir:35210|Eskişehir:26010", "90", "532 ### ## ##|505 ### ## ##"),
    "RU": ("Светлана=Svetlana|Аркадий=Arkady|Людмила=Lyudmila", "Воробьёва=Vorobyova|Кузнецов=Kuznetsov|Щербакова=Shcherbakova", "ул. Ленина, д. ##, кв. ##|пр-т Мира, ##, корп. #", "Екатеринбург:620014|Казань:420111", "7", "912 ###-##-##|903 ###-##-##"),
    "UA": ("Оксана=Oksana|Тарас=Taras", "Шевчук=Shevchuk|Бондаренко=Bondarenko", "вул. Хрещатик, ##, кв. #", "Львів:79000|Київ:01001", "380", "67 ### ## ##|50 ### ## ##"),
    "BG": ("Красимира=Krasimira|Борислав=Borislav", "Петрова=Petrova|Христов=Hristov", "бул. „Витоша“ №##", "Пловдив:4000|Варна:9000", "359", "88# ### ###|89# ### ###"),
    "GR": ("Παναγιώτης=Panagiotis|Ελένη=Eleni", "Παπαδοπούλου=Papadopoulou|Οικονόμου=Oikonomou", "Λεωφόρος Κηφισίας ##|Ερμού ##", "Θεσσαλονίκη:546 24|Πάτρα:262 21", "30", "694 ### ####|697 ### ####"),
    "IL": ("נועה=Noa|אברהם=Avraham", "כהן-לוי=Cohen-Levi|ביטון=Biton", "רחוב הרצל ##|שדרות רוטשילד ##, דירה #", "חיפה:3303312|באר שבע:8410001", "972", "52-###-####|54-###-####"),
    "AE": ("فاطمة=Fatima|خالد=Khalid", "المنصوري=Al Mansoori|بن راشد=Bin Rashid", "شارع الشيخ زايد، برج ##، شقة ###", "دبي:00000|أبو ظبي:00000", "971", "50 ### ####|55 ### ####"),
    "IN": ("Anjali|Venkatesh|Gurpreet|Sunita", "Chakraborty|Subramaniam|Kaur|Deshpande", "Flat ##, Sai Krupa CHS, M.G. Road|H.No. #-##/#, Banjara Hills", "Pune:411004|Hyderabad:500034", "91", "98### #####|87### #####"),
    "CN": ("晓明=Xiaoming|丽华=Lihua|志强=Zhiqiang", "欧阳=Ouyang|王=Wang|赵=Zhao", "浦东新区世纪大道###号#栋###室|朝阳区建国路##号", "上海市:200120|北京市:100022", "86", "138 #### ####|159 #### ####"),
    "TW": ("雅婷=Yating|冠宇=Kuanyu", "陳=Chen|黃=Huang", "大安區忠孝東路四段##號#樓", "臺北市:106|高雄市:800", "886", "912-###-###|935-###-###"),
    "JP": ("花子=Hanako|健太郎=Kentaro|美咲=Misaki", "小笠原=Ogasawara|渡辺=Watanabe|長谷川=Hasegawa", "渋谷区神南#-#-## コーポ青山###号|北区天神橋#丁目#-#", "東京都:150-0041|大阪市:530-0041", "81", "90-####-####|80-####-####"),
    "KR": ("서연=Seoyeon|민준=Minjun", "김=Kim|남궁=Namgung", "강남구 테헤란로 ##길 #, ###호", "서울특별시:06134|부산광역시:48058", "82", "10-####-####|10-####-####"),
    "TH": ("สมชาย=Somchai|กัญญา=Kanya", "ศรีสุวรรณ=Srisuwan|ทองดี=Thongdee", "##/# ถนนสุขุมวิท ซอย ##", "กรุงเทพมหานคร:10110|เชียงใหม่:50000", "66", "81 ### ####|89 ### ####"),
    "MX": ("Guadalupe|Heriberto|Ximena", "Hernández Solís|Villaseñor|Cuauhtémoc Reyes", "Calle Hidalgo ~ ##, Col. Centro|Av. Insurgentes Sur ####-#", "Guadalajara:44100|Mérida:97000", "52", "33 #### ####|55 #### ####"),
    "AR": ("Facundo|Milagros", "Etcheverry|Pellegrini", "Av. Rivadavia ####, 5° B", "Rosario:S2000|Mendoza:M5500", "54", "9 11 ####-####|9 341 ###-####"),
    "CL": ("Ignacio|Catalina", "Errázuriz|Huenchumán", "Av. Providencia ####, depto. ###", "Valparaíso:2340000|Santiago:7500000", "56", "9 #### ####|9 #### ####"),
    "CA": ("Geneviève|Tyler|Xinyi", "Tremblay|MacDonald|Bouchard", "### rue Sainte-Catherine O., app. ##|#### Lakeshore Blvd W", "Saskatoon:S7K 1J5|Québec:G1R 2S5", "1", "306 2##-####|418 5##-####"),
    "AU": ("Kirrily|Lachlan", "Wollstonecraft|Nguyen-Smith", "Unit #/## Wattle Grove|### Bourke St", "Ballarat:3350|Hobart:7000", "61", "412 ### ###|438 ### ###"),
    "ZA": ("Thandiwe|Pieter", "Mkhize|van Rensburg", "## Loop Street|Erf ###, Protea Park", "Durban:4001|Bloemfontein:9301", "27", "82 ### ####|73 ### ####"),
    "SG": ("Wei Ling|Arjun", "Tan|Ramasamy", "Blk ### Ang Mo Kio Ave # ~0#-1##|## Holland Drive ~1#-##", "Singapore:560123|Singapore:271017", "65", "8### ####|9### ####"),
    "HK": ("Ka Yan|Chi Ming", "Cheung|Au-Yeung", "Flat #C, ##/F, Tower #, Taikoo Shing", "Quarry Bay:|Kowloon:", "852", "6### ####|9### ####"),
    "NG": ("Chinedu|Folasade", "Adeyemi|Nwachukwu", "## Awolowo Road, Ikoyi", "Lagos:101233|Ibadan:200284", "234", "803 ### ####|816 ### ####"),
    "VN": ("Thị Hương|Văn Đức", "Nguyễn|Trần", "Số ## Đường Lê Lợi, Phường #", "Đà Nẵng:550000|Hà Nội:100000", "84", "90 ### ## ##|98 ### ## ##"),
    "ID": ("Siti|Bambang", "Rahmawati|Wicaksono", "Jl. Sudirman Kav. ## RT ##/RW 0#", "Bandung:40111|Surabaya:60271", "62", "812-####-####|857-####-####"),
}
SURNAME_FIRST = {"CN", "TW", "JP", "KR", "HU", "VN"}
TRUNK = {"US": "", "CA": "", "ES": "", "PT": "", "NO": "", "DK": "", "IT": "", "PL": "", "CZ": "", "GR": "", "SG": "", "HK": "", "MX": "", "AR": "", "CL": "",
         "BR": "", "EE": "", "CN": "", "RU": "8 ", "HU": "06 ", "LT": "0"}
LATIN = [c for c in L if c not in ("RU", "UA", "BG", "GR", "IL", "AE", "CN", "TW", "JP", "KR", "TH")]
WEST = ["US", "US", "GB", "GB", "DE", "FR", "ES", "IT", "NL", "CA", "AU", "IE", "PT", "SE", "PL", "BR", "MX"]
MAIL = ["gmail.com", "outlook.com", "hotmail.co.uk", "yahoo.fr", "icloud.com", "web.de", "gmx.net", "libero.it", "proton.me", "orange.fr", "seznam.cz", "qq.com",
        "mail.ru", "terra.com.br", "bluewin.ch", "uol.com.br", "naver.com", "ziggo.nl", "btinternet.com", "live.com.mx"]


def fill(s):
    return re.sub("#+", lambda m: dig(len(m.group()), "123456789"), s).replace("~", "#")


class Person:
    def __init__(self, c=None):
        self.c = c = c or pick(L)
        g, f, st, ci, self.dial, mo = L[c]
        self.given, self.lgiven = (pick(g.split("|")) + "=").split("=")[:2]
        self.family, self.lfamily = (pick(f.split("|")) + "=").split("=")[:2]
        self.lgiven, self.lfamily = self.lgiven or self.given, self.lfamily or self.family
        glue = "" if c in ("CN", "TW", "KR") else " "
        self.name = self.family + glue + self.given if c in SURNAME_FIRST else self.given + " " + self.family
        self.latin = self.lgiven + " " + self.lfamily
        self.street = fill(pick(st.split("|")))
        self.city, self.zip = pick(ci.split("|")).split(":")
        if self.zip == "00000":
            self.zip = ""
        self.dob = datetime.date(R.randint(1944, 2005), R.randint(1, 12), R.randint(1, 28))
        self.nsn = fill(pick(mo.split("|")))
        self.e164 = "+" + self.dial + re.sub(r"\D", "", self.nsn)
        a, b = ascii_(self.lgiven).lower(), ascii_(self.lfamily).lower()
        self.email = pick([a + "." + b, a[:1] + b, a + "_" + b + str(self.dob.year)[2:], b + "." + a, a + str(R.randint(2, 99)), a + "." + b + "+cards",
                           a[:1] + "-" + b]) + "@" + pick(MAIL + [b.replace("-", "") + pick([".net", ".me", ".family", ".dev"])])
        self.label, self._nid, self.nidname, self.nidlong = NID.get(c, (None,) * 4)

    def nid(self):
        return self._nid(self.dob)

    @property
    def phone(self):
        n = self.nsn
        t = TRUNK.get(self.c, "0")
        digits = re.sub(r"\D", "", n)
        loc = t + n
        if self.c in ("US", "CA"):
            loc = pick(["(%s) %s-%s", "%s-%s-%s", "%s.%s.%s", "1 %s %s %s"]) % (digits[:3], digits[3:6], digits[6:])
        if self.c == "AR":
            loc = n[2:]
        return pick([self.e164, self.e164, "+%s %s" % (self.dial, n), "+%s %s" % (self.dial, n), loc, loc, "00%s%s" % (self.dial, digits),
                     "+%s-%s" % (self.dial, n.replace(" ", "-")), "+%s (%s) %s" % (self.dial, digits[:2], digits[2:])])

    @property
    def abroad(self):
        return pick([self.e164, "+%s %s" % (self.dial, self.nsn)])

    @property
    def line(self):
        z, s, t = self.zip, self.street, self.city
        if self.c in ("US", "CA", "AU", "IE", "GB", "SG", "IN", "NG", "ZA", "ID", "HK", "VN", "TH", "AE", "IL"):
            return ", ".join(x for x in (s, (t + " " + z).strip() if self.c != "GB" else t + ", " + z) if x)
        if self.c in ("CN", "TW", "KR"):
            return t + ("" if self.c != "KR" else " ") + s
        if self.c == "JP":
            return pick(["〒%s " % z, ""]) + t + s
        if self.c in ("RU", "UA"):
            return "%s, г. %s, %s" % (z, t, s) if self.c == "RU" else "%s, м. %s, %s" % (s, t, z)
        return pick(["%s, %s %s", "%s\n%s %s"]) % (s, z, t)

    @property
    def card(self):
        """As embossed."""
        g, f = ascii_(self.lgiven, True), ascii_(self.lfamily, True)
        return pick(["%s %s" % (g, f), "%s %s" % (g, f), "%s %s %s" % (g, pick("ABCEJKLMRT"), f), "%s/%s" % (f, g)]).upper()[:26]

    @property
    def shown(self):
        """A full name in one of the writings forms have."""
        n = self.name
        return pick([n] * 5 + [self.latin, self.latin.upper(), "%s, %s" % (self.lfamily, self.lgiven), "%s %s" % (self.lfamily.upper(), self.lgiven)])


def ascii_(s, space=False):
    import unicodedata
    s = s.replace("ß", "ss").replace("ø", "o").replace("Ø", "O").replace("ł", "l").replace("Ł", "L").replace("ı", "i").replace("đ", "d").replace("Đ", "D").replace("æ", "ae")
    s = unicodedata.normalize("NFKD", s).encode("ascii", "ignore").decode()
    return re.sub(r"[^A-Za-z -]" if space else r"[^A-Za-z-]", "", s)


def west():
    return Person(pick(WEST))


def latin():
    return Person(pick(LATIN))


def with_nid(pool=None):
    return Person(pick([c for c in (pool or L) if c in NID]))


# ---------------------------------------------------------------- dates
MON = {"en": "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(), "fr": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre".split(),
       "de": "Januar Februar März April Mai Juni Juli August September Oktober November Dezember".split(),
       "es": "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre".split(),
       "pl": "stycznia lutego marca kwietnia maja czerwca lipca sierpnia września października listopada grudnia".split(),
       "ru": "января февраля марта апреля мая июня июля августа сентября октября ноября декабря".split()}


def born(d, c=None):
    m = d.month - 1
    own = {"FR": "%d %s %d" % (d.day, MON["fr"][m], d.year), "DE": "%d. %s %d" % (d.day, MON["de"][m], d.year), "ES": "%d de %s de %d" % (d.day, MON["es"][m], d.year),
           "PL": "%d %s %d r." % (d.day, MON["pl"][m], d.year), "RU": "%d %s %d г." % (d.day, MON["ru"][m], d.year), "JP": "%d年%d月%d日" % (d.year, d.month, d.day),
           "CN": "%d年%d月%d日" % (d.year, d.month, d.day), "KR": "%d년 %d월 %d일" % (d.year, d.month, d.day), "HU": d.strftime("%Y. %m. %d."),
           "TH": d.strftime("%d/%m/") + str(d.year + 543), "US": d.strftime("%m/%d/%Y"), "GB": "%d %s %d" % (d.day, MON["en"][m], d.year)}
    if c in own and R.random() < 0.4:
        return own[c]
    return pick([d.isoformat()] * 4 + [d.strftime("%d/%m/%Y"), d.strftime("%d.%m.%Y"), d.strftime("%Y%m%d"), d.strftime("%d-") + MON["en"][m] + d.strftime("-%Y"),
                d.isoformat() + "T00:00:00Z", d.isoformat() + "T00:00:00.000+0000", "%d/%d/%d" % (d.month, d.day, d.year), d.strftime("%Y/%m/%d"), d.strftime("%d %m %Y"),
                MON["en"][m] + " %d, %d" % (d.day, d.year)])


def ts():
    return datetime.datetime(2026, 1, 1) + datetime.timedelta(seconds=R.randint(0, 50000000))


def stamp():
    t = ts()
    return pick([t.isoformat() + "Z", t.isoformat() + ".%03d+02:00" % R.randint(0, 999), t.strftime("%Y-%m-%d %H:%M:%S"), int(t.timestamp()), int(t.timestamp() * 1000), t.strftime("%Y%m%d%H%M%S")])


def iso():
    return ts().isoformat() + "Z"


def epoch():
    return int(ts().timestamp())


def day():
    return ts().date().isoformat()


# ---------------------------------------------------------------- net
def ip4():
    return "%d.%d.%d.%d" % (pick([24, 37, 62, 73, 78, 81, 82, 89, 91, 93, 98, 103, 109, 151, 177, 189, 201, 212, 217]), R.randint(1, 254), R.randint(0, 254), R.randint(1, 254))


def ip6():
    a = pick(["2a02", "2001", "2600", "2804", "2409"])
    h = lambda: "%x" % R.randint(0x10, 0xffff)
    return pick(["%s:%s:%s:%s:%s:%s:%s:%s" % (a, pick(["8109", "1700", "14d", "4060"]), h(), h(), h(), h(), h(), h()), "%s:%s:%s::%s" % (a, pick(["8109", "1700", "14d"]), h(), h()),
                 "%s:%s::%s:%s" % (a, pick(["8109", "1700", "4060"]), h(), h())])


def ip():
    x = R.random()
    return ip4() if x < 0.65 else ip6() if x < 0.95 else "::ffff:" + ip4()


def b64(n):
    return alnum(n, string.ascii_letters + string.digits + "+/") + "="


def ean():
    s = pick(["40", "50", "73", "87", "54", "61"]) + dig(10)
    return s + str(-sum(int(c) * (3 if i % 2 else 1) for i, c in enumerate(s)) % 10)


COMPANY = ["Nordwind Logistik GmbH", "Harper & Lowe LLP", "Café Valentino S.r.l.", "Martin Brothers Hardware", "Sakura Trading K.K.", "Banco Aurora", "Stellar Fuel #204", "Wilson Auto Parts Inc.",
           "Kiosk am Park e.K.", "Boulangerie Saint-Michel", "Orchard Street Dental", "ACME Rocket Sleds", "Jackson Square Hotel", "Dunkel Bräu AG"]
PRODUCT = ["Earl Grey Tea 250g", "Dr. Martens 1460 Boot", "Calvin Klein Slim Jeans", "Jack Wolfskin Parka", "Moleskine Notebook A5", "Logitech MX Master 3S", "Uncle Ben's Basmati", "Marshall Stanmore II",
           "Victoria Sponge", "Georgia Pro Font Licence", "Paris-Brest 6 pers.", "Chelsea Bun", "Florence Lamp, Walnut", "Madison Desk 120x60"]
UA = ["Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.4.1 Safari/605.1.15", "okhttp/4.12.0", "Wallet/1.0 CFNetwork/1494.0.7 Darwin/23.4.0",
      "Mozilla/5.0 (Linux; Android 14; SM-S918B) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/124.0.6367.82 Mobile Safari/537.36", "python-requests/2.31.0"]
