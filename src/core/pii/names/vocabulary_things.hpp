// Things that have names of their own, which are no person's: ships, wines, horses, stops, schools, in some
// twenty languages. vocabulary.hpp says how to read and extend it.
#pragma once

#include "core/pii/names/vocabulary.hpp"

namespace gpsync::core::pii::vocabulary {

using enum Detector;

// clang-format off
inline constexpr Row kThings[] = {
    {kNone, kThing | kNameOnly, "Schools, churches, hospitals, museums, clubs, breweries, in many languages",
     "breweries winery wineries refineries church churches cathedral cathedrals mosque mosques temple temples "
     "synagogue synagogues foundation foundations charity charities library libraries klub kluby szkola szkoly "
     "przedszkole przedszkola szpital szpitale kosciol koscioly muzeum muzea kino kina teatr teatry verein "
     "vereine schule schulen kita kitas krankenhaus krankenhaeuser kirche kirchen museen club clubs ecole "
     "ecoles lycee lycees colleges hopital hopitaux eglise eglises musee musees vignoble vignobles clubes "
     "escuela escuelas colegio colegios iglesia iglesias museo museos teatro teatros bodega bodegas escola "
     "escolas hospitais igrejas museu museus scuola scuole liceo licei ospedale ospedali chiesa chiese musei "
     "teatri vigneto vigneti scholen ziekenhuis ziekenhuizen kerk kerken skola skolor forskola forskolor "
     "sjukhus kyrka kyrkor skoler barnehage barnehager sykehus kirker skolka skolky nemocnice kostel kostely "
     "divadlo divadla iskola iskolak ovoda ovodak korhaz korhazak templom templomok muzeumok szinhaz szinhazak "
     "scoala scoli gradinita gradinite spitale biserica biserici muzee teatru teatre kulup kulupler okul "
     "okullar hastane hastaneler cami camiler muze muzeler tiyatro tiyatrolar koulu koulut paivakoti "
     "paivakodit sairaala sairaalat kirkko kirkot museot teatteri teatterit клуб клуби школа школи лікарня "
     "лікарні церква церкви музей музеї театр театри rumahsakit puskesmas masjid benhvien baotang distillery "
     "distilleries brewery"},
    {kNone, kThing | kNameOnly, "English: things with names of their own",
     "wine wines grape grapes cocktail cocktails drink drinks beer beers pizza pizzas dessert desserts ferry "
     "ferries barge barges storm storms hurricanes cyclone cyclones typhoon typhoons horse horses animal "
     "animals cats dogs cultivar cultivars plant plants flower flowers rose roses trees seed seeds crop crops "
     "fruit fruits fish fishes bird birds gene genes protein proteins disease diseases syndrome syndromes "
     "mineral minerals compounds reaction reactions crater craters asteroid asteroids comet comets galaxies "
     "telescope telescopes satellite satellites spacecraft spacecrafts rocket rockets mission missions "
     "aircrafts locomotive locomotives train trains buses tram trams bridge bridges tunnels lake lakes river "
     "rivers mountain mountains peak peaks island islands glaciers volcano volcanoes cave caves trail trails "
     "beach beaches bays mines well wells oilfield oilfields reservoir reservoirs dams windfarm windfarms park "
     "parks garden gardens playground playgrounds statue statues monuments castles palace palaces tower towers "
     "buildings auditoriums floors wards counties parishes constituencies neighbourhoods neighborhoods "
     "municipalities provinces continent continents ocean oceans seas arena arenas tournament tournaments cups "
     "trophies award awards prize prizes scholarship scholarships funds band bands orchestra orchestras choirs "
     "operas ballet ballets musical musicals plays film films series episode episodes podcast podcasts novel "
     "novels poems magazine newspaper newspapers journal journals painting paintings sculpture sculptures "
     "artworks exhibition exhibitions collection collections puzzle puzzles toys doll dolls perfumes fragrance "
     "fragrances lipstick lipsticks shade shades paint paints fabrics yarn yarns patterns dress dresses shoe "
     "shoes sofas chair chairs lamp lamps mattress mattresses guitar guitars instruments piano pianos tool "
     "tools machine machines robot robots pump pumps valves engine parts component bundle bundles kits "
     "holidays festival festivals concert concerts conferences webinar webinars lecture lectures theorem "
     "theorems algorithms experiments strains celllines procedure procedures treatment treatments diet diets "
     "exercise exercises workout workouts poses quest quests weapon weapons spell spells monsters skill skills "
     "achievement achievements emoji emojis sticker stickers plugin plugins extensions framework frameworks "
     "keywords genre genres mood moods typeface typefaces releases milestone milestones sprint sprints epics "
     "probe probes productlines models scooter scooters bike bikes parking parkings platform platforms lane "
     "lanes highways motorway motorways junction junctions crossing crossings intersection intersections "
     "coalition coalitions treaty treaties bond bonds stocks etfs indices strategy strategies tariff tariffs "
     "starships lighthouse lighthouses lifeboat lifeboats wreck wrecks reef reefs fossil fossils formation "
     "formations circuit circuits racehorse racehorses stallion vineyard vineyards equation equations "
     "allergens gemstone gemstones divesite crayon crayons"},
    {kNone, kThing | kNameOnly, "Polish: things with names of their own",
     "statek statki statku jacht jachty konie roslina rosliny odmiana odmiany roza roze wino wina piwo piwa "
     "sery ciasto ciasta danie dania potrawa potrawy pizze koktajl koktajle krzeslo krzesla sofa sofy lampa "
     "lampy mebel meble sukienka sukienki buty butow torebka torebki perfumy perfum zabawka zabawki lalka "
     "lalki ksiazka ksiazki filmy seriale utwor utwory piosenka piosenki zespol zespoly druzyna druzyny "
     "stadion stadiony turniej turnieje nagroda nagrody puchar puchary stacja stacje przystanek przystanki "
     "dworzec dworce lotnisko lotniska parki most mosty rzeka rzeki jezioro jeziora gora gory szczyt szczyty "
     "szlak szlaki wyspa wyspy miasta gminy powiaty osiedla pomnik pomniki zamek zamki budynki towary produkty "
     "artykul artykuly materialy surowiec surowce leki kolor kolory czcionka czcionki kredyt kredyty fundusz "
     "fundusze taryfa taryfy usluga uslugi pakiet pakiety promocja promocje swieto swieta kursy przedmiot "
     "przedmioty projekt projekty zadanie zadania plik pliki kategoria kategorie dzial dzialy magazyn magazyny "
     "maszyna maszyny pojazd pojazdy czesc czesci kopalnia kopalnie wydarzenie wydarzenia wystawa wystawy "
     "obraz obrazy pies koty zwierze zwierzeta schronisko schroniska inwestycja inwestycje"},
    {kNone, kThing | kNameOnly, "German: things with names of their own",
     "schiff schiffe boot boote pferd pferde hund hunde katze katzen tiere pflanze pflanzen sorten rosen "
     "rebsorte rebsorten wein weine bier biere kaese kaesesorten kuchen gericht gerichte speise speisen "
     "getraenk getraenke moebel moebelstuecke stuhl stuehle sessel leuchte leuchten kleid kleider schuh schuhe "
     "tasche taschen parfuem parfuems spielzeug spielzeuge puppe puppen spiel spiele buch buecher filme serie "
     "serien lied lieder stueck stuecke oper opern mannschaft mannschaften stadien turnier turniere preis "
     "preise pokal pokale bahnhof bahnhoefe haltestelle haltestellen flughafen flughaefen bruecke bruecken "
     "fluss fluesse seen berge gipfel insel inseln staedte gemeinden landkreise bezirke denkmal denkmaeler "
     "schloss schloesser saal saele ware waren produkte materialien arzneimittel farbe farben schriftart "
     "schriftarten tarif tarife feiertag feiertage faecher projekte aufgabe aufgaben dateien kategorien "
     "abteilung abteilungen lager maschine maschinen fahrzeug fahrzeuge ersatzteil ersatzteile loks zuege "
     "veranstaltung veranstaltungen ausstellung ausstellungen gemaelde sturm stuerme tief tiefs wanderweg "
     "wanderwege hafen haefen huette huetten stadtteile rebe tanker"},
    {kNone, kThing | kNameOnly, "French: things with names of their own",
     "navire navires bateau bateaux cheval chevaux chiens animaux plante plantes varietes cepage cepages "
     "bieres fromages gateau gateaux plat plats boisson boissons meuble meubles chaise chaises fauteuil "
     "fauteuils canapes lampe lampes robe robes chaussures sacs parfum parfums jouet jouets poupees jeux livre "
     "livres chanson chansons morceau morceaux groupe equipes stade stades tournoi tournois prix coupe coupes "
     "gare gares arret arrets aeroports parc parcs pont ponts riviere rivieres lacs montagne montagnes iles "
     "villes communes quartiers monument chateaux salle salles batiments matiere matieres medicaments couleur "
     "couleurs tarifs forfait forfaits offre offres fetes projet projets tache taches categorie entrepot "
     "entrepots vehicule vehicules evenements exposition expositions tableau tableaux oeuvre oeuvres tempetes "
     "sentier sentiers plages"},
    {kNone, kThing | kNameOnly, "Spanish: things with names of their own",
     "barco barcos buque buques caballo caballos perro perros gato gatos mascota mascotas animales planta "
     "plantas variedad variedades vino cerveza cervezas queso quesos torta tortas plato platos bebida bebidas "
     "mueble muebles silla sillas lampara lamparas vestido vestidos zapato zapatos bolso bolsos perfume "
     "juguete juguetes muneca munecas juego juegos libro libros pelicula peliculas cancion canciones grupo "
     "grupos equipo equipos estadio estadios torneo torneos premio premios copa copas estacion estaciones "
     "parada paradas aeropuerto aeropuertos parque parques puente puentes rios lago lagos cerro cerros isla "
     "islas ciudades monumento monumentos castillo castillos articulo articulos insumo insumos medicamento "
     "medicamentos fuente fuentes tarifa tarifas servicio servicios promocion promociones feriado feriados "
     "curso cursos materias asignatura asignaturas proyecto proyectos tarea tareas categoria categorias "
     "departamentos almacen almacenes maquina maquinas vehiculo vehiculos repuesto repuestos tren trenes "
     "evento cuadro cuadros pozo pozos mina minas playas localidades rutas cepas uvas"},
    {kNone, kThing | kNameOnly, "Portuguese: things with names of their own",
     "navio navios cavalo cavalos caes animais vinho vinhos casta castas cerveja cervejas queijos bolo bolos "
     "prato pratos moveis cadeira cadeiras sapatos bolsa bolsas brinquedo brinquedos bonecas jogo jogos livro "
     "livros filmes musica musicas banda bandas clube torneio torneios taca tacas estacao estacoes aeroportos "
     "ponte pontes serra serras ilha ilhas cidades castelo castelos artigos cores servicos promocao promocoes "
     "disciplina disciplinas projeto projetos tarefa tarefas setor setores estoque estoques veiculo veiculos "
     "peca pecas trem trens praias frota loteamentos"},
    {kNone, kThing | kNameOnly, "Italian: things with names of their own",
     "nave navi barca barche cavallo cavalli cane cani gatto gatti animale animali pianta piante varieta vini "
     "vitigno vitigni birra birre formaggio formaggi dolce dolci piatto piatti bevanda bevande sedia sedie "
     "poltrona poltrone divano divani lampada lampade vestito vestiti scarpa scarpe borsa borse profumo "
     "profumi giocattolo giocattoli bambola bambole gioco giochi libri canzone canzoni brano brani gruppo "
     "gruppi squadra squadre stadio stadi tornei premi coppa coppe stazione stazioni fermata fermate aeroporto "
     "aeroporti parco parchi ponti fiume fiumi laghi monte monti isola isole comuni quartieri monumenti "
     "castello castelli prodotti articolo articoli farmaco farmaci colore colori tariffa tariffe servizio "
     "servizi festivita materie progetto progetti attivita cartella cartelle reparto reparti magazzino "
     "magazzini macchina macchine veicolo veicoli ricambio ricambi treno treni eventi opere rifugio rifugi "
     "spiagge"},
    {kNone, kThing | kNameOnly, "Dutch: things with names of their own",
     "schip schepen paard paarden hond honden katten dier dieren planten rassen wijn wijnen bieren kaas kazen "
     "taart taarten gerecht gerechten drank dranken meubel meubels stoel stoelen lampen jurk jurken schoen "
     "schoenen tassen speelgoed poppen spel spellen boek boeken liedje liedjes nummers ploeg ploegen elftal "
     "elftallen stadions toernooi toernooien prijs prijzen beker bekers halte haltes luchthaven luchthavens "
     "parken brug bruggen rivier rivieren meren eiland eilanden steden gemeenten wijken buurten monumenten "
     "kasteel kastelen zalen gebouwen artikelen geneesmiddel geneesmiddelen kleur kleuren lettertype "
     "lettertypen fondsen tarief tarieven dienst diensten feestdag feestdagen cursus cursussen vakken taak "
     "bestanden categorieen afdeling afdelingen magazijn magazijnen voertuig voertuigen onderdeel onderdelen "
     "trein treinen evenement evenementen"},
    {kNone, kThing | kNameOnly, "Swedish: things with names of their own",
     "fartyg batar hast hastar hundar katt katter djur vaxt vaxter sorter viner ostar tarta tartor ratt ratter "
     "dryck drycker mobel mobler lampor klanning klanningar skor vaska vaskor leksak leksaker docka dockor "
     "bocker filmer latar arenor turnering turneringar priser hallplats hallplatser flygplats flygplatser "
     "parker broar sjoar fjall stader kommuner stadsdelar slott salar byggnader artiklar produkter lakemedel "
     "farg farger typsnitt fonder taxor tjanst tjanster helgdag helgdagar kurser amne amnen uppgift uppgifter "
     "filer kategori kategorier avdelning avdelningar maskin maskiner fordon reservdel reservdelar evenemang"},
    {kNone, kThing | kNameOnly, "Norwegian and Danish: things with names of their own",
     "skip skibe bater hest hester hunder planter oster kaker retter drikk drikker lamper kjole kjoler vesker "
     "leketoy dukke dukker boker sanger turneringer holdeplasser stoppested stoppesteder flyplass flyplasser "
     "lufthavne innsjoer fjell oyer bydeler bygninger varer legemiddel legemidler skrifttype skrifttyper "
     "tjeneste tjenester helligdager oppgaver avdelinger reservedel reservedeler arrangementer"},
    {kNone, kThing | kNameOnly, "Czech: things with names of their own",
     "lode kone kocka kocky zvire zvirata rostlina rostliny odruda odrudy vina pivo piva syry dort dorty jidlo "
     "jidla napoj napoje nabytek zidle stul saty bota boty kabelka kabelky parfem parfemy hracka hracky "
     "panenka panenky kniha knihy serialy pisen pisne skladba skladby kapela kapely turnaj turnaje pohar "
     "pohary stanice zastavka zastavky nadrazi letiste parky reka reky jezero jezera hora hory ostrov ostrovy "
     "mesta obce okresy ctvrti skoly pomniky hrad hrady zamky budovy vyrobek vyrobky leky barva barvy pismo "
     "pisma tarify sluzba sluzby svatek svatky kurz kurzy predmet predmety ukol ukoly soubor soubory oddeleni "
     "sklad sklady stroj stroje vozidlo vozidla vlak vlaky vystava vystavy"},
    {kNone, kThing | kNameOnly, "Hungarian: things with names of their own",
     "hajo hajok lovak kutya kutyak macska macskak allat allatok noveny novenyek fajta fajtak borok sajt "
     "sajtok tortak etel etelek ital italok butor butorok szek szekek kanape kanapek lampak ruha ruhak cipo "
     "cipok taska taskak parfumok jatek jatekok konyv konyvek filmek dalok zenekar zenekarok csapat csapatok "
     "stadionok verseny versenyek allomas allomasok megallo megallok repuloter repuloterek parkok hidak folyo "
     "folyok tavak hegy hegyek sziget szigetek varosok keruletek varak terem epuletek aruk cikkek gyogyszer "
     "gyogyszerek szinek alap alapok tarifak szolgaltatas szolgaltatasok unnep unnepek tanfolyam tanfolyamok "
     "tantargy tantargyak projektek feladat feladatok fajlok kategoriak osztaly osztalyok raktar raktarak "
     "gepek jarmu jarmuvek alkatresz alkatreszek vonat vonatok rendezveny rendezvenyek telepulesek utcak"},
    {kNone, kThing | kNameOnly, "Romanian: things with names of their own",
     "nava caini pisica pisici soiuri vinuri beri branza tort torturi prajituri feluri bautura bauturi scaun "
     "scaune canapele lampi rochie rochii pantofi geanta genti parfumuri jucarii papusa papusi jocuri melodie "
     "melodii trupa trupe echipa echipe stadioane turneu turnee premiu premii cupe gara gari statie statii "
     "aeroporturi parcuri poduri rauri lacuri munte munti insule orase cartiere castel castele cladiri produse "
     "articole medicament medicamente culoare culori fonduri servicii sarbatoare sarbatori cursuri materii "
     "proiect proiecte sarcini fisiere categorii sectii depozit depozite utilaj utilaje trenuri eveniment "
     "evenimente"},
    {kNone, kThing | kNameOnly, "Turkish: things with names of their own",
     "gemi gemiler tekne tekneler atlar kopek kopekler kedi kediler hayvan hayvanlar bitki bitkiler cesit "
     "cesitler sarap saraplar bira biralar peynir peynirler pastalar yemek yemekler icecek icecekler mobilya "
     "mobilyalar sandalye sandalyeler koltuk koltuklar lamba lambalar elbise elbiseler ayakkabi ayakkabilar "
     "canta cantalar parfumler oyuncak oyuncaklar oyun oyunlar kitap kitaplar filmler dizi diziler sarki "
     "sarkilar takim takimlar stadyum stadyumlar turnuva turnuvalar odul oduller kupa kupalar istasyon "
     "istasyonlar durak duraklar havalimani havalimanlari parklar kopru kopruler nehir nehirler goller daglar "
     "adalar sehirler ilceler mahalleler anit anitlar kale kaleler salon salonlar binalar urunler malzeme "
     "malzemeler ilac ilaclar renk renkler fonlar tarifeler hizmet hizmetler tatiller kurslar ders dersler "
     "proje projeler gorev gorevler dosyalar kategoriler bolum bolumler depo depolar makine makineler arac "
     "araclar parca parcalar trenler etkinlik etkinlikler sergi sergiler eser eserler caddeler sokaklar"},
    {kNone, kThing | kNameOnly, "Finnish: things with names of their own",
     "laiva laivat vene veneet hevonen hevoset koira koirat kissa kissat elain elaimet kasvi kasvit lajike "
     "lajikkeet viini viinit olut oluet juusto juustot kakku kakut ruoka ruoat juoma juomat huonekalu "
     "huonekalut tuoli tuolit sohva sohvat lamppu lamput mekko mekot kenka kengat laukku laukut lelu lelut "
     "peli pelit kirja kirjat elokuva elokuvat sarjat kappale kappaleet yhtye yhtyeet joukkue joukkueet "
     "stadionit turnaus turnaukset palkinto palkinnot asema asemat pysakki pysakit lentoasema lentoasemat "
     "puisto puistot silta sillat joki joet jarvi jarvet vuori vuoret saari saaret kaupungit kunnat "
     "kaupunginosat linna linnat salit rakennukset tuotteet tarvike tarvikkeet laake laakkeet vari varit "
     "fontti fontit rahasto rahastot palvelu palvelut juhlapaiva juhlapaivat kurssi kurssit aine aineet "
     "projekti projektit tehtava tehtavat tiedostot osastot varasto varastot koneet ajoneuvo ajoneuvot varaosa "
     "varaosat juna junat tapahtuma tapahtumat nayttely nayttelyt"},
    {kNone, kThing | kNameOnly, "Ukrainian: things with names of their own",
     "корабель кораблі судно судна кінь коні собака собаки тварина тварини рослина рослини сорт сорти вино "
     "вина пиво сири торт торти страва страви напій напої меблі стілець стільці диван дивани лампа лампи сукня "
     "сукні взуття сумка сумки парфуми іграшка іграшки лялька ляльки ігри книга книги фільм фільми серіал "
     "серіали пісня пісні гурт гурти команда команди стадіон стадіони турнір турніри премія премії кубок кубки "
     "станція станції зупинка зупинки аеропорт аеропорти парк парки міст мости річка річки озеро озера гора "
     "гори острів острови міста райони громади памятник памятники замок замки зали будівлі товари продукти "
     "матеріал матеріали ліки препарат препарати колір кольори тариф тарифи послуга послуги свято свята курс "
     "курси предмет предмети проєкт проєкти завдання файли категорія категорії відділ відділи склад склади "
     "авто деталь деталі поїзд поїзди подія події виставка виставки вулиці готель готелі"},
    {kNone, kThing | kNameOnly, "Indonesian: things with names of their own",
     "perahu kuda kucing hewan tanaman varietas tumbuhan makanan minuman kursi gaun sepatu mainan permainan "
     "buku lagu penghargaan piala taman jembatan danau gunung monumen bahan obat layanan promo matapelajaran "
     "mapel proyek tugas departemen mesin kendaraan kereta acara"},
    {kNone, kThing | kNameOnly, "Vietnamese: things with names of their own",
     "thuyen ruou monan nuochoa sach bannhac sanvandong sanbay thuoc khoahoc congviec phongban sukien"},
    {kNone, kBlock | kThing | kNameOnly, "Names of species",
     "vernacularnames nomvernaculaire nombrecomun nomecomum nomepopular nazwazwyczajowa scientificname "
     "nomscientifique nombrecientifico nomecientifico nazwanaukowa nazwalacinska taxonname botanicalname "
     "internalname"},
};
// clang-format on

}  // namespace gpsync::core::pii::vocabulary
