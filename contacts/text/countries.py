"""Country codes of three letters, from codes, flags, and names in many languages."""

import re
from functools import cache
from importlib import resources

_MAX_CHARACTERS = 100  # of a name or two
_BETWEEN = re.compile(r"\s[-–—:]\s|[()/|,\[\]]")  # a code and a name

# ISO 3166-1: alpha-2 and alpha-3, run together.
_CODES = """
ADAND AEARE AFAFG AGATG AIAIA ALALB AMARM AOAGO AQATA ARARG ASASM ATAUT AUAUS AWABW AXALA AZAZE BABIH BBBRB
BDBGD BEBEL BFBFA BGBGR BHBHR BIBDI BJBEN BLBLM BMBMU BNBRN BOBOL BQBES BRBRA BSBHS BTBTN BVBVT BWBWA BYBLR
BZBLZ CACAN CCCCK CDCOD CFCAF CGCOG CHCHE CICIV CKCOK CLCHL CMCMR CNCHN COCOL CRCRI CUCUB CVCPV CWCUW CXCXR
CYCYP CZCZE DEDEU DJDJI DKDNK DMDMA DODOM DZDZA ECECU EEEST EGEGY EHESH ERERI ESESP ETETH FIFIN FJFJI FKFLK
FMFSM FOFRO FRFRA GAGAB GBGBR GDGRD GEGEO GFGUF GGGGY GHGHA GIGIB GLGRL GMGMB GNGIN GPGLP GQGNQ GRGRC GSSGS
GTGTM GUGUM GWGNB GYGUY HKHKG HMHMD HNHND HRHRV HTHTI HUHUN IDIDN IEIRL ILISR IMIMN ININD IOIOT IQIRQ IRIRN
ISISL ITITA JEJEY JMJAM JOJOR JPJPN KEKEN KGKGZ KHKHM KIKIR KMCOM KNKNA KPPRK KRKOR KWKWT KYCYM KZKAZ LALAO
LBLBN LCLCA LILIE LKLKA LRLBR LSLSO LTLTU LULUX LVLVA LYLBY MAMAR MCMCO MDMDA MEMNE MFMAF MGMDG MHMHL MKMKD
MLMLI MMMMR MNMNG MOMAC MPMNP MQMTQ MRMRT MSMSR MTMLT MUMUS MVMDV MWMWI MXMEX MYMYS MZMOZ NANAM NCNCL NENER
NFNFK NGNGA NINIC NLNLD NONOR NPNPL NRNRU NUNIU NZNZL OMOMN PAPAN PEPER PFPYF PGPNG PHPHL PKPAK PLPOL PMSPM
PNPCN PRPRI PSPSE PTPRT PWPLW PYPRY QAQAT REREU ROROU RSSRB RURUS RWRWA SASAU SBSLB SCSYC SDSDN SESWE SGSGP
SHSHN SISVN SJSJM SKSVK SLSLE SMSMR SNSEN SOSOM SRSUR SSSSD STSTP SVSLV SXSXM SYSYR SZSWZ TCTCA TDTCD TFATF
TGTGO THTHA TJTJK TKTKL TLTLS TMTKM TNTUN TOTON TRTUR TTTTO TVTUV TWTWN TZTZA UAUKR UGUGA UMUMI USUSA UYURY
UZUZB VAVAT VCVCT VEVEN VGVGB VIVIR VNVNM VUVUT WFWLF WSWSM XKXKX YEYEM YTMYT ZAZAF ZMZMB ZWZWE
"""
ALPHA3 = {pair[:2]: pair[2:] for pair in _CODES.split()}

# Beside the English names that come with the time zone data: Finnish, Swedish, Italian, and their own.
_NAMES = {
    "AD": "Andorra",
    "AE": "UAE|Arabiemiirikunnat|Yhdistyneet arabiemiirikunnat|Förenade Arabemiraten|Emirati Arabi Uniti",
    "AF": "Afganistan",
    "AL": "Albania|Albanien|Shqipëria",
    "AR": "Argentiina",
    "AT": "Österreich|Österrike|Itävalta",
    "AU": "Australien",
    "AX": "Åland|Ahvenanmaa|Isole Åland",
    "BA": "Bosnia|Bosnien|Bosnia ja Hertsegovina|Bosnien och Hercegovina|Bosnia ed Erzegovina",
    "BD": "Bangladesh",
    "BE": "Belgien|Belgia|Belgio|België|Belgique",
    "BG": "Bulgarien|Bulgaria",
    "BR": "Brasil|Brasilia|Brasilien|Brasile",
    "BY": "Valko-Venäjä|Belarus|Vitryssland|Bielorussia",
    "CA": "Kanada",
    "CH": "Schweiz|Sveitsi|Svizzera|Suisse",
    "CL": "Chile|Cile",
    "CN": "Kiina|Kina|Cina",
    "CY": "Kypros|Cypern|Cipro",
    "CZ": "Czechia|Tjeckien|Tšekki|Cechia|Repubblica Ceca|Česko",
    "DE": "Deutschland|Tyskland|Saksa|Germania",
    "DK": "Danmark|Tanska|Danimarca",
    "EE": "Eesti|Estland|Viro",
    "EG": "Egypti|Egypten|Egitto",
    "ES": "España|Spanien|Espanja|Spagna",
    "ET": "Etiopia|Etiopien",
    "FI": "Suomi|Finlandia",
    "FO": "Färsaaret|Färöarna|Isole Fær Øer",
    "FR": "Frankrike|Ranska|Francia",
    "GB": "UK|England|Storbritannien|Iso-Britannia|Englanti|Inghilterra|United Kingdom|Great Britain|"
    "Regno Unito|Gran Bretagna|Yhdistynyt kuningaskunta|Förenade kungariket|Scotland|Wales",
    "GE": "Georgien",
    "GL": "Grönlanti|Grönland|Groenlandia",
    "GR": "Grekland|Kreikka|Grecia|Ελλάδα",
    "HR": "Kroatia|Kroatien|Croazia|Hrvatska",
    "HU": "Ungern|Unkari|Ungheria|Magyarország",
    "IE": "Irland|Irlanti|Irlanda",
    "IL": "Israele",
    "IN": "Intia|Indien",
    "IQ": "Irak",
    "IR": "Iran",
    "IS": "Island|Islanti|Islanda|Ísland",
    "IT": "Italia|Italien",
    "JP": "Japani|Giappone",
    "KE": "Kenia",
    "KR": "Etelä-Korea|South Korea|Sydkorea|Corea del Sud",
    "KZ": "Kazakstan|Kazakistan",
    "LI": "Liechtenstein",
    "LT": "Lietuva|Litauen|Liettua|Lituania",
    "LU": "Luxemburg|Lussemburgo",
    "LV": "Latvija|Lettland|Lettonia",
    "MA": "Marokko|Marocko|Marocco",
    "MC": "Monaco",
    "MD": "Moldovan tasavalta|Moldavien|Moldavia",
    "ME": "Montenegro",
    "MK": "Pohjois-Makedonia|Nordmakedonien|Macedonia del Nord|North Macedonia",
    "MT": "Malta",
    "MX": "Meksiko|Mexiko|Messico",
    "NG": "Nigeria",
    "NL": "Nederland|Nederländerna|Alankomaat|Hollanti|Holland|Olanda|Paesi Bassi|The Netherlands",
    "NO": "Norge|Noreg|Norja|Norvegia",
    "NP": "Nepal",
    "NZ": "Uusi-Seelanti|Nya Zeeland|Nuova Zelanda",
    "PE": "Perù",
    "PH": "Filippiinit|Filippinerna|Filippine",
    "PK": "Pakistan",
    "PL": "Polska|Polen|Puola|Polonia",
    "PT": "Portugali|Portogallo",
    "RO": "Rumänien|Romania|România",
    "RS": "Serbien|Serbia|Srbija",
    "RU": "Ryssland|Venäjä|Россия",
    "SE": "Sverige|Ruotsi|Svezia",
    "SI": "Slovenien|Slovenia|Slovenija",
    "SK": "Slovakien|Slovakia|Slovacchia|Slovensko",
    "SM": "San Marino",
    "SN": "Senegal",
    "SO": "Somalia",
    "SY": "Syyria|Syrien|Siria",
    "TH": "Thaimaa|Thailandia",
    "TN": "Tunisien",
    "TR": "Turkiet|Turkki|Turchia|Türkiye",
    "UA": "Ukraina|Ucraina|Україна",
    "US": "USA|U.S.A.|U.S.|America|Amerikka|Yhdysvallat|United States|United States of America|Stati Uniti|"
    "Stati Uniti d'America|Förenta staterna|Amerikas förenta stater|Amerikan yhdysvallat",
    "VA": "Città del Vaticano|Vatikaani|Vatikanstaten|Vatican City",
    "VN": "Vietnam",
    "XK": "Kosovo",
    "ZA": "Etelä-Afrikka|Sydafrika|Sudafrica",
}


# The most likely ones in German, French, Spanish, Estonian, Polish and Russian.
_NAMES_ELSEWHERE = {
    "AT": "Autriche|Austria|Австрия",
    "AX": "Ålandinseln|Åland-Inseln",
    "BE": "Belgien|Belgique|Bélgica|Belgia|Бельгия",
    "BG": "Bulgarie|Bulgaaria|Bułgaria|Болгария",
    "BY": "Weißrussland|Biélorussie|Bielorrusia|Valgevene|Białoruś|Беларусь",
    "CA": "Canadá|Канада",
    "CH": "Suiza|Šveits|Szwajcaria|Швейцария",
    "CN": "Chine|Hiina|Chiny|Китай",
    "CZ": "Tschechien|Tchéquie|Chequia|Tšehhi|Czechy|Чехия",
    "DE": "Bundesrepublik Deutschland|BRD|Allemagne|Alemania|Saksamaa|Niemcy|Германия",
    "DK": "Dänemark|Danemark|Dinamarca|Taani|Dania|Дания",
    "EE": "Estonie|Estonia|Эстония",
    "ES": "Espagne|Hispaania|Hiszpania|Испания",
    "FI": "Finnland|Finlande|Finlandia|Soome|Финляндия",
    "FR": "Frankreich|Prantsusmaa|Francja|Франция",
    "GB": "Großbritannien|Vereinigtes Königreich|Royaume-Uni|Grande-Bretagne|Angleterre|Reino Unido"
    "|Gran Bretaña|Inglaterra|Suurbritannia|Inglismaa|Wielka Brytania|Великобритания|Англия"
    "|Northern Ireland|U.K.",
    "GR": "Griechenland|Grèce|Kreeka|Grecja|Греция",
    "HR": "Croatie|Croacia|Horvaatia|Chorwacja|Хорватия",
    "HU": "Hongrie|Hungría|Ungari|Węgry|Венгрия",
    "IE": "Irlande|Iirimaa|Irlandia|Ирландия|Éire|Republic of Ireland",
    "IN": "Inde|India|Indie|Индия",
    "IS": "Islande|Islandia|Исландия",
    "IT": "Italie|Itaalia|Włochy|Италия",
    "LT": "Lituanie|Leedu|Litwa|Литва",
    "LU": "Luxembourg|Luxemburgo|Luksemburg|Люксембург",
    "LV": "Lettonie|Letonia|Läti|Łotwa|Латвия",
    "NL": "Niederlande|Pays-Bas|Países Bajos|Madalmaad|Holandia|Нидерланды|Hollande|Holanda",
    "NO": "Norwegen|Norvège|Noruega|Norra|Norwegia|Норвегия",
    "PL": "Pologne|Poola|Польша",
    "PT": "Portugalia|Португалия",
    "RO": "Roumanie|Rumania|Rumeenia|Rumunia|Румыния",
    "RS": "Serbie|Сербия",
    "RU": "Russland|Russie|Rusia|Venemaa|Rosja|Российская Федерация|РФ|Russian Federation",
    "SE": "Schweden|Suède|Suecia|Rootsi|Szwecja|Швеция|Kingdom of Sweden",
    "SI": "Slowenien|Slovénie|Eslovenia|Sloveenia|Słowenia|Словения",
    "SK": "Slowakei|Slovaquie|Eslovaquia|Slovakkia|Słowacja|Словакия",
    "TH": "Thaïlande|Tajlandia|Таиланд",
    "TR": "Türkei|Turkey|Turquie|Turquía|Türgi|Turcja|Турция",
    "UA": "Ucrania|Украина",
    "US": "Vereinigte Staaten|États-Unis|Etats-Unis|Estados Unidos|EE.UU.|Ameerika Ühendriigid|США"
    "|The United States|Stany Zjednoczone|U S A",
}
_FLAG = re.compile("[\U0001f1e6-\U0001f1ff]{2}")  # two letters for one
_A_OF_FLAGS = 0x1F1E6


def to_alpha3(text: str) -> str:
    """FIN for FIN, fi, Finland, Suomi, 🇫🇮 or "FI - Suomi"; "" for what is no country."""
    text = _FLAG.sub(_code_of_flag, text)
    known = _by_word().get(text.strip().casefold(), "")
    if known or len(text) > _MAX_CHARACTERS:
        return known
    parts = [part.strip().casefold() for part in _BETWEEN.split(text)]
    said = {_by_word().get(part, "") for part in parts if part}
    return said.pop() if len(said) == 1 else ""


def _code_of_flag(flag: re.Match[str]) -> str:
    return f"({''.join(chr(ord(each) - _A_OF_FLAGS + ord('A')) for each in flag[0])})"


@cache
def english_names() -> dict[str, str]:
    """By alpha-2 code."""
    lines = resources.files("tzdata.zoneinfo").joinpath("iso3166.tab").read_text("utf-8").splitlines()
    return {line[:2]: line[3:] for line in lines if line and not line.startswith("#")}


@cache
def _by_word() -> dict[str, str]:
    words = {name.casefold(): ALPHA3[code] for code, name in english_names().items() if code in ALPHA3}
    for code, own in (*_NAMES_ELSEWHERE.items(), *_NAMES.items()):
        words |= {name.casefold(): ALPHA3[code] for name in own.split("|")}
    for code, three in ALPHA3.items():
        words |= {code.casefold(): three, three.casefold(): three}
    return words
