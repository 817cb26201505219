"""What names, places and goods are made of."""

from dataclasses import dataclass
from typing import Final

TRADES: Final = (
    "Agro", "Alimentara", "Antrepriza", "Arhitect", "Atelierul", "Auto", "Brutăria", "Cabinet", "Casa", "Centrul",
    "Clinica", "Cofetăria", "Construct", "Cooperativa", "Croitoria", "Depozitul", "Editura", "Electro", "Farmacia",
    "Ferma", "Florăria", "Fabrica", "Galeria", "Grădinița", "Grup", "Hotel", "Industrial", "Instal", "Librăria",
    "Logistic", "Mecanic", "Medical", "Metal", "Mobila", "Moara", "Papetăria", "Patiseria", "Pensiunea", "Pescăria",
    "Proiect", "Restaurant", "Sala", "Service", "Soft", "Spălătoria", "Stomatologic", "Studio", "Târg", "Tehnic",
    "Textil", "Tipografia", "Trans", "Turism", "Vinăria", "Zidar",
)  # fmt: skip

NAMES: Final = (
    "Albastra", "Alunișului", "Ancora", "Apusului", "Arcadia", "Arin", "Aurora", "Balada", "Barbu", "Bărăgan",
    "Bistrița", "Boema", "Bradul", "Brândușa", "Bujorul", "Carpați", "Câmpeanu", "Castelul", "Ceahlău", "Ciobanu",
    "Cireșului", "Clopoțel", "Codrin", "Cometa", "Constantinescu", "Corabia", "Cornul", "Crângași", "Crinul",
    "Cristal", "Dacia", "Danubiu", "Delta", "Diamant", "Doina", "Dorna", "Drăgan", "Dumbrava", "Echinox", "Edera",
    "Enache", "Făget", "Fântâna", "Floarea", "Fortuna", "Frasinul", "Gheorghiu", "Ghiocel", "Gorunul", "Grădinaru",
    "Hercules", "Horia", "Iezer", "Ionescu", "Izvorul", "Jderul", "Lavanda", "Lăstun", "Liliacul", "Luceafărul",
    "Lunca", "Măgura", "Mărgăritar", "Mesteacăn", "Meșterul", "Mierla", "Mihăilescu", "Mioriței", "Moldovan",
    "Muntele", "Mureșan", "Năvodari", "Negoiu", "Nicolau", "Nordul", "Nufărul", "Olteanu", "Orizont", "Ozana",
    "Parâng", "Pădureanu", "Petrescu", "Piatra", "Plopul", "Popa", "Potaissa", "Prundul", "Rarău", "Răsăritul",
    "Retezat", "Roșu", "Rozmarin", "Salcâmul", "Sarmis", "Săgeata", "Siretul", "Soarele", "Stejarul", "Stoica",
    "Șoimul", "Ștefănescu", "Tarnița", "Teiul", "Toamna", "Traian", "Tudor", "Țărăncuța", "Ulmul", "Ursa", "Vaslui",
    "Vâlceanu", "Veverița", "Viorica", "Vlădeasa", "Voinescu", "Vrâncioaia", "Zamfir", "Zărnești", "Zefir", "Zimbrul",
)  # fmt: skip

ADDITIONS: Final = (
    "", "", "", " Nord", " Sud", " Est", " Vest", " Total", " Prim", " Expert", " Grup", " 94", " 2000",
    " Internațional", " Ardeal", " Banat", " Oltenia", " Muntenia", " Dobrogea", " Bucovina", " Maramureș", " Crișana",
)  # fmt: skip
LEGAL_FORMS: Final = ("SRL", "SRL", "SRL", "SRL", "SRL", "SRL", "SA", "PFA", "Întreprindere Individuală")

FIRST_NAMES: Final = (
    "Adrian", "Alexandra", "Ana", "Andrei", "Bogdan", "Camelia", "Cătălin", "Corina", "Dan", "Daniela", "Elena", "Emil",
    "Florin", "Gabriela", "George", "Ileana", "Ioana", "Ion", "Irina", "Laura", "Liviu", "Lucian", "Magdalena", "Maria",
    "Mihai", "Mircea", "Monica", "Nicoleta", "Octavian", "Oana", "Paul", "Radu", "Raluca", "Rodica", "Sorin", "Ștefan",
    "Teodora", "Tiberiu", "Vasile", "Viorel",
)  # fmt: skip

TOWNS: Final = (
    ("SECTOR1", "RO-B", "0101"), ("SECTOR2", "RO-B", "0201"), ("SECTOR3", "RO-B", "0301"), ("SECTOR4", "RO-B", "0401"),
    ("SECTOR5", "RO-B", "0501"), ("SECTOR6", "RO-B", "0601"), ("Alba Iulia", "RO-AB", "5101"),
    ("Arad", "RO-AR", "3100"), ("Bacău", "RO-BC", "6001"), ("Baia Mare", "RO-MM", "4301"),
    ("Bistrița", "RO-BN", "4200"),
    ("Botoșani", "RO-BT", "7100"), ("Brașov", "RO-BV", "5001"), ("Brăila", "RO-BR", "8100"), ("Buzău", "RO-BZ", "1201"),
    ("Cluj-Napoca", "RO-CJ", "4001"), ("Constanța", "RO-CT", "9001"), ("Craiova", "RO-DJ", "2001"),
    ("Deva", "RO-HD", "3300"), ("Focșani", "RO-VN", "6200"), ("Galați", "RO-GL", "8001"), ("Iași", "RO-IS", "7001"),
    ("Miercurea Ciuc", "RO-HR", "5301"), ("Oradea", "RO-BH", "4100"), ("Otopeni", "RO-IF", "0751"),
    ("Piatra Neamț", "RO-NT", "6100"), ("Pitești", "RO-AG", "1101"), ("Ploiești", "RO-PH", "1000"),
    ("Râmnicu Vâlcea", "RO-VL", "2401"), ("Satu Mare", "RO-SM", "4400"), ("Sibiu", "RO-SB", "5501"),
    ("Slatina", "RO-OT", "2300"), ("Suceava", "RO-SV", "7201"), ("Târgu Jiu", "RO-GJ", "2101"),
    ("Târgu Mureș", "RO-MS", "5401"), ("Timișoara", "RO-TM", "3001"), ("Tulcea", "RO-TL", "8200"),
    ("Turda", "RO-CJ", "4011"), ("Zalău", "RO-SJ", "4500"),
)  # fmt: skip

STREETS: Final = (
    "Str. Fabricii", "Str. Lungă", "Str. Principală", "Str. Gării", "Str. Mihai Eminescu", "Str. Libertății",
    "Str. Horea", "Str. Avram Iancu", "Str. Nicolae Bălcescu", "Str. Florilor", "Str. Zorilor", "Str. Plopilor",
    "Str. Morii", "Str. Viilor", "Str. Pescarilor", "Str. Cetății", "Str. Grivița", "Str. Mărăști", "Str. Rahovei",
    "Bd. Unirii", "Bd. Tomis", "Bd. Decebal", "Bd. 1 Decembrie 1918", "Bd. Carol I", "Calea Turzii", "Calea Moților",
    "Calea Aradului", "Calea Victoriei", "Șos. Olteniței", "Șos. Colentina", "Șos. Nordului", "Piața Trandafirilor",
    "Aleea Parcului", "Aleea Castanilor", "Intrarea Spicului", "Splaiul Independenței",
)  # fmt: skip

ABROAD: Final = (
    ("DE", "DE", "Hamburg", "Speicherstr.", "Handels GmbH"), ("AT", "ATU", "Wien", "Hauptplatz", "Bau GmbH"),
    ("FR", "FR", "Lyon", "Rue du Port", "Services SARL"), ("IT", "IT", "Bologna", "Via Emilia", "Tecnica SpA"),
    ("BG", "BG", "Русе", "ул. Дунав", "Trade EOOD"), ("HU", "HU", "Szeged", "Tisza utca", "Kft"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Good:
    """Something that is sold: what it is called, in which unit (UN/ECE Rec. 20), from and to which price in bani."""

    description: str
    unit: str
    cheapest: int
    dearest: int
    most: int
    reduced: bool = False


GOODS: Final = (
    Good("Consultanță tehnică", "HUR", 12_000, 28_000, 40),
    Good("Servicii de contabilitate", "MON", 60_000, 250_000, 1),
    Good("Abonament mentenanță echipamente", "MON", 45_000, 320_000, 3),
    Good("Găzduire și administrare servere", "MON", 15_000, 180_000, 3),
    Good("Dezvoltare aplicație la comandă", "HUR", 18_000, 38_000, 160),
    Good("Proiect de amenajare interioară", "HUR", 14_000, 26_000, 60),
    Good("Transport marfă intern", "KMT", 350, 900, 900),
    Good("Chirie spațiu depozitare", "MTK", 1_800, 5_200, 250),
    Good("Curățenie profesională birouri", "MTK", 300, 1_200, 600),
    Good("Pază și monitorizare", "HUR", 3_200, 6_500, 240),
    Good("Tâmplărie lemn masiv", "H87", 24_000, 380_000, 12),
    Good("Uși metalice antiefracție", "H87", 95_000, 260_000, 8),
    Good("Panouri fotovoltaice 450 W", "H87", 42_000, 78_000, 48),
    Good("Cablu electric CYY-F 3x2.5", "MTR", 420, 980, 1_500),
    Good("Țeavă PPR 25 mm", "MTR", 310, 760, 800),
    Good("Vopsea lavabilă albă 15 l", "H87", 9_500, 23_000, 60),
    Good("Ciment Portland sac 40 kg", "H87", 2_300, 3_600, 400),
    Good("Cărămidă cu goluri", "H87", 280, 650, 4_000),
    Good("Hârtie copiator A4", "H87", 1_600, 3_200, 120),
    Good("Cartuș toner compatibil", "H87", 7_500, 42_000, 20),
    Good("Laptop pentru birou", "H87", 240_000, 720_000, 10),
    Good("Monitor 27 inch", "H87", 65_000, 190_000, 16),
    Good("Licență program de proiectare", "H87", 95_000, 1_400_000, 6),
    Good("Instruire personal", "HUR", 11_000, 32_000, 24),
    Good("Traducere autorizată", "H87", 3_500, 9_000, 80),
    Good("Tipărire broșuri", "H87", 180, 1_400, 2_000),
    Good("Manuale școlare", "H87", 1_900, 6_400, 200, reduced=True),
    Good("Miere de salcâm 1 kg", "H87", 2_800, 5_400, 150, reduced=True),
    Good("Făină albă 000", "KGM", 260, 580, 2_000, reduced=True),
    Good("Brânză de burduf", "KGM", 3_400, 6_800, 120, reduced=True),
    Good("Medicamente fără prescripție", "H87", 900, 8_800, 200, reduced=True),
    Good("Cazare cu mic dejun", "H87", 16_000, 58_000, 14, reduced=True),
    Good("Arbuști ornamentali ghiveci 5 l", "H87", 2_900, 7_400, 60),
    Good("Întreținere spațiu verde", "MON", 70_000, 260_000, 1),
    Good("Reparație pompă hidraulică", "H87", 38_000, 310_000, 3),
    Good("Anvelope camion 315/80", "H87", 120_000, 240_000, 12),
    Good("Motorină Euro 5", "LTR", 620, 840, 3_000),
    Good("Îngrășământ azotat", "KGM", 210, 470, 8_000),
    Good("Semințe de floarea-soarelui", "KGM", 1_400, 3_800, 900),
    Good("Ambalaje carton ondulat", "H87", 120, 940, 5_000),
)  # fmt: skip

DETAILS: Final = (
    "",
    "",
    "",
    "conform contract",
    "etapa 1",
    "etapa 2",
    "livrat la sediu",
    "lot {number}",
    "serie {number}",
)
NOTES: Final = (
    "", "", "", "", "", "", "Vă mulțumim pentru colaborare.", "Plata se face în contul indicat pe factură.",
    "Marfa rămâne proprietatea vânzătorului până la plata integrală.", "Livrare parțială, restul săptămâna viitoare.",
    "Conform procesului verbal de recepție {number}.",
)  # fmt: skip

CREDIT_REASONS: Final = (
    "Cantitate greșită", "Marfă returnată", "Preț negociat ulterior", "Produse deteriorate la livrare",
)  # fmt: skip
