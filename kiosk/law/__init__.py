"""The law of filing as versioned data and small pure engines: causes, fees, case numbers, courts, materials, deadlines.

Data stands under `data/`, each table with the day it takes effect (`data/editions.toml`); a case keeps the edition it
was filed under. Nothing here decides anything: every result explains itself and names its articles, and the court
may always see it differently.
"""
