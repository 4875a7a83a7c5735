"""Country codes of three letters, from codes and from names in English, Finnish, Swedish and Italian."""

from functools import cache
from importlib import resources

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

# Beside the English names that come with the time zone data.
_NAMES = {
    "FI": "Suomi Finlandia",
    "SE": "Sverige Ruotsi Svezia",
    "NO": "Norge Norja Norvegia",
    "DK": "Danmark Tanska Danimarca",
    "IS": "Island Islanti Islanda",
    "EE": "Eesti Estland Viro",
    "LV": "Latvija Lettland Lettonia",
    "LT": "Lietuva Litauen Liettua Lituania",
    "RU": "Ryssland Venäjä",
    "DE": "Deutschland Tyskland Saksa Germania",
    "NL": "Nederland Nederländerna Alankomaat Hollanti Holland Olanda",
    "BE": "Belgien Belgia Belgio",
    "FR": "Frankrike Ranska Francia",
    "IT": "Italia Italien",
    "ES": "España Spanien Espanja Spagna",
    "PT": "Portugali Portogallo",
    "CH": "Schweiz Sveitsi Svizzera",
    "AT": "Österreich Österrike Itävalta",
    "GB": "UK England Storbritannien Iso-Britannia Englanti Inghilterra",
    "IE": "Irland Irlanti Irlanda",
    "PL": "Polska Polen Puola Polonia",
    "US": "USA America Yhdysvallat",
    "AX": "Åland Ahvenanmaa",
    "CZ": "Czechia Tjeckien Tšekki Cechia",
    "HU": "Ungern Unkari Ungheria",
    "GR": "Grekland Kreikka Grecia",
    "UA": "Ukraina Ucraina",
    "RO": "Rumänien Romania",
    "TR": "Turkiet Turkki Turchia",
}
_PHRASES = {
    "GB": ["United Kingdom", "Great Britain", "Regno Unito", "Gran Bretagna", "Yhdistynyt kuningaskunta"],
    "US": ["United States", "United States of America", "Stati Uniti", "Förenta staterna"],
    "NL": ["Paesi Bassi", "The Netherlands"],
    "SM": ["San Marino"],
    "VA": ["Città del Vaticano", "Vatikaani", "Vatikanstaten"],
}


def to_alpha3(text: str) -> str:
    """FIN for FIN, fi, Finland, Suomi or Finlandia; "" for what is no country."""
    return _by_word().get(text.strip().casefold(), "")


@cache
def english_names() -> dict[str, str]:
    """By alpha-2 code."""
    lines = resources.files("tzdata.zoneinfo").joinpath("iso3166.tab").read_text("utf-8").splitlines()
    return {line[:2]: line[3:] for line in lines if line and not line.startswith("#")}


@cache
def _by_word() -> dict[str, str]:
    words = {name.casefold(): ALPHA3[code] for code, name in english_names().items() if code in ALPHA3}
    for code, names in _NAMES.items():
        words |= {name.casefold(): ALPHA3[code] for name in names.split()}
    for code, phrases in _PHRASES.items():
        words |= {phrase.casefold(): ALPHA3[code] for phrase in phrases}
    for code, three in ALPHA3.items():
        words |= {code.casefold(): three, three.casefold(): three}
    return words
