"""A file of people as a customer's list is: numbers in the spellings people use, some twice, some broken."""

import random
from pathlib import Path

HEADER = "Puhelin;Etunimi;Sukunimi;Sähköposti;Syntymävuosi;Kaupunki;Maa;Level"
COLUMNS = (
    "phone",
    "first_name",
    "last_name",
    "email",
    "birth_year",
    "city",
    "country_code",
    "property:Level",
)

FIRST = ["Aino", "Mikko", "Väinö", "Åke", "Liisa", "Maria", "Giulia", "Luca", "Anna", "Päivi", "Juho"]
LAST = ["Virtanen", "Äijälä", "Mäkinen", "Rossi", "Bianchi", "Andersson", "Öberg", "Korhonen", "Lind"]
CITIES = ["Helsinki", "Turku", "Oulu", "Tampere", "Milano", "Roma", "Stockholm", "Malmö"]
# Shares as in real lists: most in E.164, a quarter as dialled at home, some with spaces, some with 00.
SPELLINGS = ["+358{0}"] * 60 + ["0{0}"] * 25 + ["0{1} {2} {3}"] * 10 + ["00358{0}"] * 5
AGAIN, BROKEN = 0.02, 0.01


def make_file(path: Path, rows: int) -> Path:
    """Of at most 10,000,000 people; always the same file for as many rows."""
    rng = random.Random(1)
    with path.open("w", encoding="utf-8", newline="\r\n") as file:
        print(HEADER, file=file)
        for number in range(rows):
            whose = rng.randrange(number) if number and rng.random() < AGAIN else number
            print(_row(rng, number, whose), file=file)
    return path


def _row(rng: random.Random, number: int, whose: int) -> str:
    national = f"4{whose // 1_000_000 % 9}{whose % 1_000_000:06d}0"
    phone = rng.choice(SPELLINGS).format(national, national[:2], national[2:5], national[5:])
    phone = phone[:5] if rng.random() < BROKEN else phone
    name = f"{rng.choice(FIRST)};{rng.choice(LAST)}{rng.choice(['', '', number % 500])}"
    year, level = rng.randint(1940, 2005), rng.choice(["kulta", "hopea", ""])
    return f"{phone};{name};m{number}@example.fi;{year};{rng.choice(CITIES)};FI;{level}"
